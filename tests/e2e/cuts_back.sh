#!/bin/bash
# A new PC fetches what its village has over a link that is cut after every so many bytes: each fetch goes
# on where the last was cut, in steps.   cuts_back.sh CASES
. "$(dirname "$0")/link_lib.sh"
: "${YIZHAN_BENCH:?what makes cases}"
cases=$1

# pc NAME: another one of the village, that has not been there yet.
pc() {
  y hub hub invite --pc V1 -o "$1.json" >said
  y "$1" join "$1.json" --worker "干部$1" >said 2>&1 || [ $? = 3 ] || fail "join: $(cat said)"
}
records_at() { sqlite3 "$1/yizhan.db" "SELECT count(*) FROM record r JOIN log l ON l.n=r.log WHERE l.id=x'$log'"; }
# fetched NAME: it has what its village wrote before it came.
fetched() {
  is "records at $1" "$records" "$(records_at "$1")"
}

linked
village 1
"$YIZHAN_BENCH" words "$cases" 1 >cases.jsonl
y v1 case import cases.jsonl >said
y v1 sync >said
y v1 sync >said
log=$(own v1)
records=$(records_at v1)
[ "$records" -gt "$cases" ] || fail "the village has $records records"

count
pc whole
y whole sync >said
bytes=$(went)
fetched whole

link cut=65536
count
pc cut
for i in $(seq 40); do
  status=0
  y cut sync >said 2>&1 || status=$?
  [ $status = 0 ] && break
  [ $status = 3 ] || fail "sync: $status: $(cat said)"
done
[ $status = 0 ] || fail "it did not get through: $(cat said)"
took=$(went)
echo "cut after each 65536 bytes: $took bytes where $bytes are enough, tries: $i"
fetched cut
# Until the way and the step are found some cuts pass, which is little of many cases only.
[ $((took - 10 * 65536)) -le $((3 * bytes)) ] || fail "too much"

# Where no step fits between two cuts nothing comes, and nothing is spoilt.
link cut=500
pc late
for cut in 500 2000 6000 20000 3000; do
  link cut=$cut
  for _ in 1 2 3; do
    status=0
    y late sync >said 2>&1 || status=$?
    [ $status = 0 ] || [ $status = 3 ] || fail "sync: $status: $(cat said)"
  done
done
link good
y late sync >said
fetched late
y late sync >said
well late V1

# However much of its own a PC wrote since, what another one wrote costs what is new.
y whole sync >said
for i in $(seq 12); do
  opens whole "事$i" >said
  y whole sync >said
done
y whole sync >said
opens v1 一件事 >said
y v1 sync >said
y whole --json sync >answer
is "received" 1 "$(jq .received answer)"
[ "$(jq .bytes_down answer)" -lt $((bytes / 4)) ] || fail "all of it once more: $(cat answer)"
clean late cut whole
is "files left" "" "$(find . -name 'yizhan.way' -o -name '*incoming*' -o -name 'tmp_*')"
echo "what was cut goes on"
