#!/bin/bash
# The page's API is what openapi.json says, and nothing gets by its checks.
. "$(dirname "$0")/../../harness/script.sh"
. "$(dirname "$0")/serve.sh"

# What it is for: this PC alone.
village v
for elsewhere in 0.0.0.0:0 192.0.2.1:80 :8600 localhost:8600 127.0.0.1 '[::]:0'; do
  exits 2 y v serve --listen "$elsewhere"
done
show v
light v
exits 1 y v serve --listen "${URL:7:-1}"
grep -q 'listen' said || fail "an address in use: $(cat said)"

before=$(yj v .records status)
"${YIZHAN_PYTHON:?}" "$YIZHAN_SOURCE_DIR/tests/node/web/api.py" "$YIZHAN_SOURCE_DIR/node/web/page/openapi.json" "$URL" \
  '示例干部 Clerk' "$PASSPHRASE" $((before)) >api.said || fail "$(cat api.said)"
tail -1 api.said
# What was asked through the API is in the store as if the command line had done it.
is "cases by state" "closed 1,registered 4,resolved 1,void 1" "$(yj v '[.[] | .state] | group_by(.) | map("\(.[0]) \(length)") | join(",")' case list)"
y v verify >said
# However many asked at once, it is light again when they have gone.
curl -s -c cookies -H 'Content-Type: application/json' -d "{\"worker\": \"Ben\", \"passphrase\": \"$PASSPHRASE\"}" "${URL}api/v1/session" >said
curl -s --parallel --parallel-immediate --parallel-max 100 -b cookies -o many "${URL}api/v1/cases?limit=200&n=[1-1000]"
light v
# What is not with the township is counted; what is not shown of it is not read.
for i in {1..120}; do echo "{\"title\":\"第 $i 件\"}"; done >more.jsonl
y v --as Ben --passphrase-file passphrase case import more.jsonl >said
sqlite3 v/yizhan.db "UPDATE record SET line='?'||line WHERE n=(SELECT max(n) FROM record)"
curl -s -b cookies "${URL}api/v1/pending" >pending
is "pending, and shown" "$(yj v .records status) 100" "$(jq -r '"\(.count) \(.items | length)"' pending)"
hide v
sqlite3 v/yizhan.db "UPDATE record SET line=substr(line, 2) WHERE n=(SELECT max(n) FROM record)"
y v verify >said

# At ::1 too, and with an address of its own.
show v '[::1]:0'
is "the page at ::1" '示例村 Sample Village' "$(curl -gs "${URL}api/v1/node" | jq -r .name)"
hide v
