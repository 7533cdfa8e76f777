#!/bin/bash
# Links as they are in the field, each under a watch: late, slow, halting, silent; a sign-in page in the
# way, a wrong key. What is recorded meanwhile is never held up, and goes in the end.
. "$(dirname "$0")/link_lib.sh"

linked
village 1
y v1 sync >said
y v1 sync >said
watch v1
await "$QUIET"

# With nothing to do it does nothing: it sleeps.
woken() { awk '/^voluntary/ {print $2}' "/proc/$WATCH/status"; }
sleep 3
before=$(woken)
sleep 4
is "woken meanwhile" "$before" "$(woken)"
grep -q '__[at]san_init' "$YIZHAN" || until_so '[ "$(awk "/^VmRSS/ { print \$2 }" /proc/$WATCH/status)" -le 10240 ]'

# goes RULES: a case recorded now is at the hub by that link, and acknowledged.
goes() {
  local n number
  link "$@"
  n=$(told "$QUIET")
  number=$(opens v1 "$*")
  await "$QUIET" "$n"
  is "over a link with $*" "$number" "$(yj hub "map(select(.title == \"$*\")) | .[].case" case list)"
}
goes delay=250
goes rate=2000
goes stall=1000

# comes RULES WHY: with such a link it fails for that reason, is said once, and goes when it is good again.
comes() {
  local n failed
  link "$1"
  failed=$(told "$FAILED and .error == \"$2\"")
  opens v1 "$1" >said
  await "$FAILED and .error == \"$2\"" $((failed + 1))
  n=$(told "$QUIET")
  link good
  await "$QUIET" "$n"
}
comes down network
openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.crt -days 1 -subj /CN=127.0.0.1 2>said
exec 5< <(exec "$PYTHON" "$ROOM/portal.py" page 0 "$PWD/other.key" "$PWD/other.crt")
PORTAL=$!
trap 'end $WATCH $LINK ${SERVER:-} $PORTAL; rm -rf "$HERE"' EXIT
read -r _ port <&5
comes "to=$port" key
kill $PORTAL
is "a sign-in page is said once" 1 "$(grep -c 'sign-in page' events)"
well v1 V1

# A second watch is told so; one that hangs ends when it is told to, and nothing of it is left.
exits 1 y v1 sync --watch
grep -q 'watches for a road here already' said || fail "second watch: $(cat said)"
link silent
opens v1 无声 >said
under_way
unwatch
link good
y v1 sync >said
y v1 sync >said
well v1 V1
clean v1 hub
exits 1 y hub sync --watch
y alone init --village 示例村 --code SL --worker 示例干部 >said
exits 1 y alone sync --watch
echo "weak links"
