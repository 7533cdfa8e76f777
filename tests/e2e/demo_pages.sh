#!/bin/bash
# The demo's two addresses, at each of which a page answers for as long as someone looks.
. "$(dirname "$0")/../harness/script.sh"
tools=${YIZHAN_SOURCE_DIR:?}/tools
mkdir demo
y demo/hub hub init --township '示例镇 Sample Township' --code SZ --worker Officer >said
y demo/village-one init --village '示例村 Sample Village' --code SL --worker Clerk >said
mkfifo held
"$tools/demo-pages" "$YIZHAN" "$HERE/demo" <held >shown 2>&1 &
pages=$!
exec 9>held
for _ in {1..600}; do
  ! grep -q Enter shown || break
  kill -0 $pages || fail "$(cat shown)"
  sleep 0.1
done
grep -o 'http://[^ ]*' shown >addresses
is "roles of the two pages" village,hub, "$(while read -r url; do curl -gs "${url}api/v1/node" | jq -r .role; done <addresses | tr '\n' ,)"
while read -r url; do curl -gs "$url" | grep -q app.js || fail "no page at $url"; done <addresses
exec 9>&-
wait $pages || fail "the pages ended ill: $(cat shown)"
while read -r url; do ! curl -gs "$url" >said || fail "a page that was ended answers"; done <addresses
# Nobody looks: it ends at once.
exits 0 "$tools/demo-pages" "$YIZHAN" "$HERE/demo" </dev/null
is "addresses" 2 "$(grep -c 'http://127.0.0.1:' said)"
