#!/bin/bash
# The township's page, at the hub's own PC and over the net: api_hub.py; and what the log of requests says of it.
. "$(dirname "$0")/../../harness/script.sh"
. "$(dirname "$0")/serve.sh"

echo "$PASSPHRASE" >passphrase
y hub hub init --township '示例镇 Sample Township' --code SZ --worker Officer >said
y hub hub config url https://township.example:8443 >said
village v
for code in SL DH; do git init -q --bare $code.git && y hub hub invite --village "村 $code" --code $code --ledger "$HERE/$code.git" --output $code.invitation >said; done
y hub --as Officer worker add Clerk --new-passphrase-file passphrase >said
y hub --as Officer worker add Auditor --role auditor --new-passphrase-file passphrase >said
y v join SL.invitation >said
village="y v --as Ben --passphrase-file passphrase"
for title in '水沟 Ditch' '沟堵了 The ditch' '路灯 Lamp'; do $village case open --title "$title" --resident '示例居民 Sample' >said; done
y v --json case list >cases
read -r first second < <(jq -r '[.[] | .case] | reverse | .[:2] | join(" ")' cases)
$village case escalate "$first" --reason 'no digger' >said
$village case resolve "$second" --text 'dug' >said
$village case followup "$second" --result dissatisfied >said
$village household add '示例户 Sample' >said
$village erase '示例户 Sample' --reason 'moved away' >said
y v sync >said
y hub hub ingest >said
y hub --as Officer notice post --title '停水 No water' --text 'on Monday' >said

exits 2 y hub hub serve --listen 127.0.0.1:0 --page 192.0.2.1:80
serve_hub hub
light hub
"${YIZHAN_PYTHON:?}" "$YIZHAN_SOURCE_DIR/tests/node/web/api_hub.py" "$YIZHAN_SOURCE_DIR/node/web/page/openapi.json" "$URL" "$FAR" \
  Officer Clerk Auditor "$PASSPHRASE" >api.said || fail "$(cat api.said)"
cat api.said
light hub
# What is told to programs that count each byte is without the page's headers.
curl -sk -D head -o body "${FAR}healthz"
! grep -qi content-security head || fail "$(cat head)"
curl -sk -D head -o body "$FAR"
grep -qi '^content-security-policy: ' head || fail "$(cat head)"
# Who read what: by the worker's key.
key=$(yj hub '.[] | select(.worker == "Auditor") | .key[:16]' hub roster list)
for _ in {1..100}; do ! grep -q " page $key POST write:cases/$first/moves 409 " hub/access.log || break; sleep 0.1; done
grep -q " page $key POST write:cases/$first/moves 409 " hub/access.log || fail "what the auditor tried: $(cat hub/access.log)"
grep -q " page $key GET read:cases/$first 200 " hub/access.log || fail "what the auditor read"
# Of a household that is asked for by its name the name is not written.
grep -q " GET read:households/- 404 " hub/access.log || fail "who asked for a household by name: $(grep households hub/access.log)"
! grep -a "示例户\|%E7%A4%BA" hub/access.log || fail "a name stands in the log"
hide hub
# Where the hub's page is shown by itself, who reads what is noted just so.
show hub
curl -s -c cookies -H 'Content-Type: application/json' -d '{"worker": "Officer"}' "${URL}api/v1/session" >said
curl -s -b cookies "${URL}api/v1/cases/$first" >said
hide hub
key=$(yj hub '.[] | select(.worker == "Officer") | .key[:16]' hub roster list)
tail -1 hub/access.log | grep -q " page $key GET read:cases/$first 200 " || fail "what was read at the page alone: $(tail -2 hub/access.log)"
# Where something else is at the page's place villages are answered all the same.
serve_hub hub
exits 1 y hub hub serve --listen 127.0.0.1:0 --page "${URL:7:-1}"
grep -q 'listen' said || fail "an address in use: $(cat said)"
hide hub
