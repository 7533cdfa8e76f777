#!/bin/bash
# A link between network namespaces on which one packet in five is lost, both ways: a village joins over it, watches, and
# all that it records goes and is acknowledged; by hand too, in so many contacts as it takes.
if [ -z "${IN_A_NAMESPACE:-}" ]; then
  unshare -rn ip tuntap add mode tun name road 2>/dev/null || {
    echo "skipped: network namespaces with an interface of one's own are not permitted here"
    exit 77
  }
  IN_A_NAMESPACE=1 exec unshare -rn "$BASH" "$0"
fi
. "$(dirname "$0")/link_lib.sh"

unshare -n sleep 3600 &
PC=$!
until [ "$(readlink /proc/$PC/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
exec 5< <(exec "$PYTHON" "$ROOM/../harness/lossy.py" $PC 20 1)
LOSSY=$!
trap 'end $WATCH $LINK ${SERVER:-} $LOSSY $PC; rm -rf "$HERE"' EXIT
read -r line <&5
is "the link" ready "$line"
pc() { nsenter -t $PC -n "$@"; }
ip link set lo up
ip address add 10.77.0.1 peer 10.77.0.2 dev road
ip link set road up
pc ip address add 10.77.0.2 peer 10.77.0.1 dev road
pc ip link set road up
linked 10.77.0.1

# tries COMMAND...: in the village, as people try again what did not go, until it goes.
MOST=20
tries() {
  local i
  for i in $(seq $MOST); do
    pc "$YIZHAN" --dir v1 --json "$@" >said 2>errors && return
  done
  fail "not in $i tries: $*: $(cat errors)"
}
# acknowledged: all that was recorded is, after some contacts by hand.
acknowledged() {
  local i
  for i in $(seq $MOST); do
    tries sync
    [ "$(yj v1 .pending status)" != 0 ] || { echo "acknowledged in contact $i that went" && return; }
  done
  fail "still pending after $i contacts: $(cat said)"
}

y hub hub invite --village 村1 --code V1 -o v1.json >said
tries join v1.json --worker 干部
watch v1 nsenter -t $PC -n
await "$QUIET"
for n in 1 2 3; do
  quiet=$(told "$QUIET")
  opens v1 "第 $n 件" >said
  await "$QUIET" "$quiet"
done
unwatch
for n in {4..40}; do opens v1 "第 $n 件" >said; done
acknowledged
well v1 V1
is "at the hub" 40 "$(yj hub length case list)"
clean v1 hub
kill $LOSSY
wait $LOSSY || fail "the link: $?"
read -r came lost <&5
echo "of $came packets $lost were lost"
[ "$came" -gt 200 ] && [ $((lost * 100 / came)) -ge 10 ] && [ $((lost * 100 / came)) -le 30 ] || fail "packets: $came, lost: $lost"
