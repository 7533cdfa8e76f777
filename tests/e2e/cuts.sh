#!/bin/bash
# A link that is cut after every so many bytes lets all of a village through in the end, in steps,
# and costs little more than one that holds.   cuts.sh CASES CUT...
. "$(dirname "$0")/link_lib.sh"
: "${YIZHAN_BENCH:?what makes cases}"
cases=$1
shift
cuts=$*

# through VILLAGE TRIES: as often as it takes; fails where it does not get through.
through() {
  local i status
  for i in $(seq "$2"); do
    status=0
    y "$1" --json sync --progress json >answer 2>said || status=$?
    grep '^{' said >>events || true
    jq '.bytes_up + .bytes_down' answer >>told
    [ $status = 0 ] || [ $status = 3 ] || fail "sync of $1: $status: $(cat said)"
    [ $status = 0 ] && [ "$(jq .pending answer)" = 0 ] && return
  done
  fail "$1 did not get through: $(cat answer) $(cat rules.count)"
}

linked

# honest VILLAGE STEPS: what was said on the way is so, and moved so often.
honest() {
  is "records of $1" $((cases + 3)) "$(jq -s 'map(.records) | unique | last' events)"
  is "acknowledged in the end" $((cases + 3)) "$(jq -s 'last.acknowledged' events)"
  is "never backwards" true "$(jq -s 'map(.acknowledged) | . == sort' events)"
  [ "$(jq -s 'map(.acknowledged) | unique | length' events)" -gt "$2" ] || fail "steps: $(cat events)"
  : >events
}

# By a link that holds: in steps all the same, the receipt of each is at home before the next.
"$YIZHAN_BENCH" words "$cases" 1 >cases.jsonl
village 1
y v1 case import cases.jsonl >said
count
through v1 2
whole=$(went)
honest v1 1
told=$(jq -s add told)
[ $((told * 50)) -ge $((whole * 49)) ] && [ $((told * 50)) -le $((whole * 51)) ] ||
  fail "bytes told: $told, gone: $whole"
n=2
for cut in $cuts; do
  v=v$n
  village $n
  y $v case import cases.jsonl >said
  link cut="$cut"
  count
  through $v $((cases / 5 + 20))
  bytes=$(went)
  echo "cut after each $cut bytes: $bytes bytes, $((bytes * 100 / whole)) % of $whole"
  [ "$cut" -ge 524288 ] && most=15 || most=30
  # What one cut costs, a step at most, is little of many cases only.
  [ "$cases" -ge 10000 ] || bytes=$((bytes - 262144))
  [ $((bytes * 10)) -le $((whole * most)) ] || fail "too much: $bytes bytes where $whole are enough"
  link good
  well $v V$n
  honest $v 3
  n=$((n + 1))
done

# Where no step fits between two cuts nothing goes, and nothing is spoilt.
v=v$n
village $n
y $v case import cases.jsonl >said
for cut in 700 3000 9000 20000; do
  link cut=$cut
  for _ in 1 2 3; do exits 3 y $v --json sync; done
done
link good
through $v 2
well $v V$n
is "cuts that were needed" true "$(awk '{print ($3 > 12) ? "true" : $3}' rules.count)"
clean hub v1 $v
echo "$cases cases over links that are cut"
