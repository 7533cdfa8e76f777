# shellcheck shell=bash
# What tests of the hub's HTTPS road share: a hub that is served, and what stock programs need to
# go there in a node's name.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# serve [PORT [ARGUMENTS...]]: the hub answers at $PORT until unserve; its address is what invitations
# say, and $FINGERPRINT what it says of its certificate.
serve() {
  exec 3< <(exec "$YIZHAN" --dir hub --json hub serve --listen "127.0.0.1:${1:-0}" "${@:2}" 2>"$HERE/served")
  SERVER=$!
  local said
  read -r said <&3 || fail "serve: $(cat "$HERE/served")"
  PORT=$(jq -r .port <<<"$said")
  FINGERPRINT=$(jq -r .fingerprint <<<"$said")
  BASE=https://127.0.0.1:$PORT
  y hub hub config url "$BASE" >/dev/null
}
unserve() {
  kill "$SERVER"
  wait "$SERVER" || fail "the server: $(cat "$HERE/served")"
  SERVER=
  exec 3<&-
}
trap 'end ${SERVER:-}; rm -rf "$HERE"' EXIT

# ledger NODE: the id of the one it works in.
ledger() {
  sqlite3 "$1/yizhan.db" "SELECT lower(hex(id)) FROM ledger WHERE joined=1"
}

# pass NODE: what it shows to be let in, as openssl makes it (FORMAT.md §16).
pass() {
  local node shared
  node=$(sqlite3 "$1/yizhan.db" "SELECT lower(hex(node)) FROM log WHERE id=(SELECT own FROM ledger WHERE joined=1)")
  { echo 302e020100300506032b656e04220420; sqlite3 "$1/yizhan.db" \
    "SELECT hex(value) FROM secret WHERE name='node.box'"; } | xxd -r -p >box.der
  { echo 302a300506032b656e032100; sqlite3 "$1/yizhan.db" \
    "SELECT hex(hub_box) FROM ledger WHERE joined=1"; } | xxd -r -p >hub_box.der
  shared=$(openssl pkeyutl -derive -keyform DER -inkey box.der -peerform DER -peerkey hub_box.der | xxd -p -c 64)
  printf 'yizhan-pass-v1\n%s\n%s\n0\n' "$(ledger "$1")" "$node" >text
  printf '%s.%s' "$node" "$(openssl mac -macopt hexkey:"$shared" -macopt size:32 -in text BLAKE2BMAC | tr A-F a-f)"
}

# http STATUS CURL-ARGUMENTS...: curl is answered with this status; the body is in $HERE/body.
http() {
  local expected=$1 status
  shift
  status=$(curl -sk -o "$HERE/body" -w '%{http_code}' --max-time 60 "$@") || true
  [ "$status" = "$expected" ] || fail "expected $expected of '$*', found $status: $(head -c 300 "$HERE/body" | tr -d '\0')"
}

# as NODE GIT-ARGUMENTS...: stock git in that node's name.
as() {
  local node=$1
  shift
  git -c http.sslVerify=false -c "http.extraHeader=Authorization: Bearer $(pass "$node")" "$@"
}
