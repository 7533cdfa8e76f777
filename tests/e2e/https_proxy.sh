#!/bin/bash
# nginx in front of the hub, with a certificate of its own: villages know both by their pins.
. "$(dirname "$0")/https_lib.sh"
. "$ROOM/nginx_lib.sh"

y hub hub init --township 青山镇 --code QSZ --url https://127.0.0.1:1 >said
exec 3< <(exec "$YIZHAN" --dir hub --json hub serve --behind --listen 127.0.0.1:0 2>served)
SERVER=$!
read -r said <&3 || fail "serve: $(cat served)"
PORT=$(jq -r .port <<<"$said")
y hub hub config url "https://127.0.0.1:$PORT" >said
village 1
opens v1 先前 >said
y v1 sync >said

trap 'end ${FRONT_PROCESS:-} ${SERVER:-}; rm -rf "$HERE"' EXIT
FRONT=$(free_port)
# It keeps its lines to the hub for one client after the other.
front "$FRONT" "
  proxy_pass https://hub;
  proxy_http_version 1.1;
  proxy_set_header Connection '';
  proxy_set_header Host 127.0.0.1:$PORT;
  proxy_read_timeout 300s;" "upstream hub { server 127.0.0.1:$PORT; keepalive 1; }"
http 200 "https://127.0.0.1:$FRONT/healthz"

# The villages hear of its key, then the address is nginx's.
front=$FRONT_PIN
exits 2 y hub hub certificate other "${front^^}"
is "the others" "$front" "$(yj hub '.others | join(" ")' hub certificate other "$front")"
y v1 sync >said
y v1 sync >said
is "heard" "" "$(yj hub '.untold | join(" ")' hub certificate show)"
y hub hub config url "https://127.0.0.1:$FRONT" >said
place=$(sqlite3 v1/yizhan.db 'SELECT url FROM ledger WHERE joined=1' | sed "s/:$PORT/:$FRONT/")
[[ $place == *"$front"* ]] || fail "the pins at the village: $place"
y v1 ledger move "$place" >said

# Through nginx: what was invited before and after, receipts too.
: >hub/access.log
opens v1 经过代理 >said
is "one contact" 0 "$(yj v1 .pending sync)"
well v1 V1
village 2
opens v2 新来 >said
is "one contact of who came later" 0 "$(yj v2 .pending sync)"
well v2 V2
grep -Eq ' V2 [0-9a-f]{16} POST push 200 ' hub/access.log || fail "the log: $(cat hub/access.log)"
as v1 clone -q --mirror "https://127.0.0.1:$FRONT/ledger/$(ledger v1)" copy
is "the refs" "$(git -C hub/ledgers/V1.git show-ref)" "$(git -C copy show-ref)"
http 401 "https://127.0.0.1:$FRONT/ledger/$(ledger v1)/info/refs?service=git-upload-pack"

# No request hides in another's on such a line: what one client sends is not answered to the next.
"$PYTHON" "$ROOM/smuggle.py" "$FRONT" "/ledger/$(ledger v1)" "$(pass v1)" "$PORT" || fail "smuggled"

# More than one stranger may ask, as all come from one address.
curl -sk -o /dev/null -w '%{http_code}\n' "https://127.0.0.1:$FRONT/[1-400]" | sort | uniq -c >asked
is "strangers" "400 404" "$(awk '{ print $1, $2 }' asked)"
is "none any more" 0 "$(yj hub '.others | length' hub certificate other)"
clean hub v1 v2
kill "$SERVER"
wait "$SERVER" || fail "the server: $(cat served)"
SERVER=
exits 3 y v1 sync
echo "a server in front"
