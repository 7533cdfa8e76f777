# What the tests of the page share: a village with its page. Sourced after harness/script.sh.
PASSPHRASE='horse battery staple'
PAGE=
trap '[ -z "$PAGE" ] || kill "$PAGE" 2>/dev/null || true; [ -n "${YIZHAN_KEEP:-}" ] || rm -rf "$HERE"' EXIT

# village NODE: with a worker whose key is locked, and one whose key is not.
village() {
  echo "$PASSPHRASE" >passphrase
  y "$1" --passphrase-file passphrase init --village '示例村 Sample Village' --code SL --worker '示例干部 Clerk' >said
  y "$1" --as '示例干部 Clerk' --passphrase-file passphrase worker add Ben --new-passphrase-file passphrase >said
}

# show NODE: its page is at $URL, of process $PAGE.
show() {
  local i
  : >page.json
  "$YIZHAN" --dir "$1" --json serve --listen 127.0.0.1:0 >page.json 2>page.said &
  PAGE=$!
  for ((i = 0; i < 600; i++)); do
    [ ! -s page.json ] || break
    kill -0 "$PAGE" 2>/dev/null || fail "the page ended: $(cat page.said)"
    sleep 0.1
  done
  URL=$(jq -r .url page.json)
}

# hide: the page ends by itself, as it is told to.
hide() {
  kill "$PAGE"
  wait "$PAGE" || fail "the page ended with status $?: $(cat page.said)"
  PAGE=
}
