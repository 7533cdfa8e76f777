# What the tests of the page share: nodes with their pages. Sourced after harness/script.sh.
PASSPHRASE='horse battery staple'
declare -A PAGES=()
end_pages() {
  local node
  for node in "${!PAGES[@]}"; do kill "${PAGES[$node]}" 2>/dev/null || true; done
  # Until they have ended they write in the folder.
  wait
  [ -n "${YIZHAN_KEEP:-}" ] || rm -rf "$HERE"
}
trap end_pages EXIT

# village NODE: with two workers whose keys are locked.
village() {
  echo "$PASSPHRASE" >passphrase
  y "$1" --passphrase-file passphrase init --village '示例村 Sample Village' --code SL --worker '示例干部 Clerk' >said
  y "$1" --as '示例干部 Clerk' --passphrase-file passphrase worker add Ben --new-passphrase-file passphrase >said
}

# by_hand NODE: it makes no rounds by itself, as if another watched for a road: contacts are made when the test says so.
by_hand() {
  local held
  exec {held}>"$1/watch.lock"
  flock "$held"
}

# up NODE WHAT ARGUMENTS...: a server of it; what it says of itself is in NODE.page.
up() {
  local node=$1 what=$2 i
  : >"$node.page"
  "$YIZHAN" --dir "$node" --json "${@:3}" >"$node.page" 2>"$node.said" &
  PAGES[$node]=$!
  for ((i = 0; i < 600; i++)); do
    [ ! -s "$node.page" ] || return 0
    kill -0 "${PAGES[$node]}" 2>/dev/null || break
    sleep 0.1
  done
  fail "$what did not come up: $(cat "$node.said")"
}

# show NODE [ADDRESS:PORT]: its page is at $URL.
show() {
  up "$1" "the page" serve --listen "${2:-127.0.0.1:0}"
  URL=$(jq -r .url "$1.page")
}

# hide NODE: its page ends as it is told to.
hide() {
  kill "${PAGES[$1]}"
  wait "${PAGES[$1]}" || fail "the page ended with status $?: $(cat "$1.said")"
  unset "PAGES[$1]"
}

# light NODE: once it is quiet its server holds no more than 10 MiB, with all pages of libraries that it has looked at;
# what sanitizers add is not its own.
light() {
  ! grep -q '__[at]san_init' "$YIZHAN" || return 0
  until_so "[ \"\$(awk '/^VmRSS/ { print \$2 }' /proc/${PAGES[$1]}/status)\" -le 10240 ]"
}

# Chromium and the modules of the stories; $PICTURES is where pictures of what was seen go.
browser() {
  export CHROMIUM=${CHROMIUM:-/usr/bin/chromium} MODULES=$BUILD_DIR/npm/browser PICTURES=${PICTURES:-$BUILD_DIR/pictures/$(basename "$0" .sh)} PASSPHRASE
  [ -x "$CHROMIUM" ] || fail "$CHROMIUM is missing: tools/packages installs it"
  # Two tests at once would fetch them twice into one place.
  (flock 9 && HOME=$(getent passwd "$(id -u)" | cut -d: -f6) cmake --build "${BUILD_DIR:?}" --target yizhan_browser_modules) 9>"$BUILD_DIR/npm.lock" >built 2>&1 || fail "$(cat built)"
  mkdir -p "$PICTURES"
}

# story NAME: tests/browser/NAME.mjs, which says why where it fails.
story() {
  node "$YIZHAN_SOURCE_DIR/tests/browser/$1.mjs" >"$1.told" 2>&1 || fail "$(cat "$1.told")"
  cat "$1.told"
}

# serve_hub NODE: its page is at $URL, and for others at $FAR.
serve_hub() {
  up "$1" "the hub" hub serve --listen 127.0.0.1:0 --page 127.0.0.1:0
  URL=$(jq -r .page "$1.page")
  FAR=https://127.0.0.1:$(jq -r .port "$1.page")/
}
