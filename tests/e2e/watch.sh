#!/bin/bash
# sync --watch between network namespaces: a link that is down, comes up, flaps, or comes back under a
# contact that hangs.
if [ -z "${IN_A_NAMESPACE:-}" ]; then
  unshare -rn ip link add type veth 2>/dev/null || {
    echo "skipped: network namespaces with a veth pair are not permitted here"
    exit 77
  }
  IN_A_NAMESPACE=1 exec unshare -rn "$BASH" "$0"
fi
. "$(dirname "$0")/link_lib.sh"

# The village's PC is another namespace, which goes with the process that holds it.
unshare -n sleep 3600 &
PC=$!
trap 'end $WATCH $LINK ${SERVER:-} $PC; rm -rf "$HERE"' EXIT
until [ "$(readlink /proc/$PC/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
pc() { nsenter -t $PC -n "$@"; }
ip link set lo up
ip link add road type veth peer name road netns $PC
ip address add 10.77.0.1/24 dev road
ip link set road up
pc ip address add 10.77.0.2/24 dev road
# IPv6 addresses come later by themselves, and would be news.
up() { pc ip link set road up; }
down() { pc ip link set road down; }
linked 10.77.0.1
village 1

# No link: it waits, longer each time.
watch v1 nsenter -t $PC -n
await "$FAILED" 2
is "why" network "$(grep '^{' events | jq -r "select($FAILED) | .error" | sort -u)"

# It comes up: all goes, and the receipt comes.
up
await "$QUIET"
well v1 V1

# soon EVENT-NUMBER: what was told first after so many events is that a contact comes within 5 s of the news, of
# which the test of node/when.c shows that it is always so. How long it then takes is a matter of the machine.
soon() {
  local waits
  waits=$(grep '^{' events | tail -n +$(($1 + 1)) | jq 'select(.event == "waiting").ms' | head -n 1)
  [ -n "$waits" ] || fail "how long it waits was not told: $(tail -n 5 events)"
  [ "$waits" -le 5000 ] || fail "it waits $waits ms: $(tail -n 5 events)"
}
# Down and up with nothing new: noticed at once, long before its turn.
n=$(told "$OK") events=$(grep -c '^{' events)
down
before=$EPOCHREALTIME
up
await "$OK" "$n"
echo "noticed after $(jq -n "$EPOCHREALTIME - $before") s"
soon "$events"

# New records while the road is open.
await "$QUIET" 1
number=$(opens v1 路灯不亮)
await "$OK and .sent == 1"
is "the case" "$number" "$(yj hub '.[0].case' case list)"

# Down, new records, and a link that flaps: it is not run after at each flap.
down
opens v1 水管漏水 >said
await "$FAILED" 3
n=$(told '.event == "contact"')
SECONDS=0
for _ in $(seq 12); do
  up
  sleep 0.15
  down
  sleep 0.15
done
[ "$(told '.event == "contact"')" -le $((n + 3 + SECONDS / 2)) ] || fail "at each flap: $(cat events)"
n=$(told "$QUIET")
up
await "$QUIET" "$n"
is "both cases" 2 "$(yj hub length case list)"

# held: the contact under way has come as far as the link, where nobody answers it.
held() {
  under_way
  until [ -n "$(ss -Htn state established "sport = :$PORT_OF_LINK")" ]; do sleep 0.1; done
}
PORT_OF_LINK=$(yj hub .url hub config url | sed 's/.*://')

# A contact that hangs when the link comes back begins anew.
link silent
opens v1 道路积水 >said
held
failed=$(told "$FAILED")
down
link good
n=$(told "$QUIET")
up
await "$QUIET" "$n"
is "nothing waited for" "$failed" "$(told "$FAILED")"
is "three cases" 3 "$(yj hub length case list)"

# It ends at once, also in the midst of a contact.
link silent
opens v1 桥面破损 >said
held
unwatch
link good
pc "$YIZHAN" --dir v1 sync >said
pc "$YIZHAN" --dir v1 sync >said
well v1 V1
clean v1 hub
is "files left" "" "$(find v1 -name '.yz-*' -o -name 'tmp_*' -o -name '*incoming*' -o -name 'step')"
echo "a road that is found"
