#!/bin/bash
# A new PC fetches a large village over a link that is cut again and again: each try leaves it with more than it had,
# what comes twice is little, and it needs no more memory than a weak PC has.   cuts_back_large.sh CASES CUT
. "$(dirname "$0")/link_lib.sh"
: "${YIZHAN_BENCH:?what makes cases}"
cases=$1 cut=$2

linked
village 1
"$YIZHAN_BENCH" words "$cases" 1 >cases.jsonl
y v1 case import cases.jsonl >said
y v1 --json sync >answer
is "pending" 0 "$(jq .pending answer)"
log=$(own v1)
records_at() { sqlite3 "$1/yizhan.db" "SELECT count(*) FROM record r JOIN log l ON l.n=r.log WHERE l.id=x'$log'"; }
records=$(records_at v1)
[ "$records" -gt "$cases" ] || fail "the village has $records records"
whole=$(du -bs v1/ledgers/*.git | cut -f 1)

# Joining is the first try; each goes on by itself as long as something comes.
y hub hub invite --pc V1 -o pc.json >said
link "cut=$cut"
before=$(awk '{print $1 + $2}' rules.count)
most=0 tries=0
try() { # COMMAND...: at the new PC, weighed; its status
  local status=0 had
  had=$(du -bs pc 2>/dev/null | cut -f 1) || had=0
  tries=$((tries + 1))
  y pc "$@" >said 2>&1 &
  local run=$!
  "$PYTHON" "$ROOM/../harness/weigh.py" "$run" >weight
  wait "$run" || status=$?
  [ "$(cat weight)" -le "$most" ] || most=$(cat weight)
  [ "$status" = 0 ] || [ "$status" = 3 ] || fail "$*: $status: $(cat said)"
  [ "$(du -bs pc | cut -f 1)" -gt "${had:-0}" ] || [ "$status" = 0 ] || fail "try $tries brought nothing: $(cat said)"
  return "$status"
}
try join pc.json --worker 干部 || true
until try sync; do [ "$tries" -lt 100 ] || fail "it does not get through: $(cat said)"; done
all_out
took=$(($(awk '{print $1 + $2}' rules.count) - before))
echo "$records records, cut after each $cut bytes: $took bytes where $whole lie there, cut $(cut -d ' ' -f 3 rules.count) times, in $tries tries, $((most / 1024)) MiB at most"
[ "$(cut -d ' ' -f 3 rules.count)" -gt 3 ] || fail "it was not cut: $(cat rules.count)"
is "records" "$records" "$(records_at pc)"
# Half as much again, and where little goes between two cuts three times as much.
[ "$cut" -ge 524288 ] && most_bytes=$((3 * whole / 2)) || most_bytes=$((3 * whole))
[ $((took - 10 * cut)) -le "$most_bytes" ] || fail "too much came twice"
[ "$most" -le $((150 * 1024)) ] || fail "it needed $most KiB"
is "files left" "" "$(find pc -name 'yizhan.way' -o -name '*incoming*' -o -name 'tmp_*')"
clean pc
echo "what was cut goes on"
