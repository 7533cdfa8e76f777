#!/bin/bash
# Deadlines: what the township settles travels down, and hub and villages reckon the same by it, as
# a walk from day to day over the exported records does.
. "$(dirname "$0")/lib.sh"
. "$ROOM/clock_lib.sh"
DUES='map([.case, .due, .provisional, .overdue, .class]) | sort'

# reckoned NODE CODE: what the second reckoning finds; found NODE CODE: what the node says.
reckoned() {
  y "$1" log >"$HERE/log"
  y "$1" export --format jsonl | grep "\"case\":\"$2" >"$HERE/cases"
  [ -s "$HERE/cases" ] || fail "no case of $2 at $1"
  "$PYTHON" "$ROOM/deadlines.py" "$HERE/log" "$HERE/cases" "$YIZHAN_TEST_NOW" | sort
}
found() {
  y "$1" export --format jsonl | jq -r "select(.case | startswith(\"$2\")) |
    [.case, .due // \"None\", .due_of // \"None\", (if .overdue then \"True\" else \"False\" end),
     (if .provisional then \"True\" else \"False\" end), .breaches] | join(\" \")" | sort
}
same() { # the lists of hub and villages, and the second reckoning
  local v node
  for v in 1 2; do
    is "the same at hub and village $v" "$(yj "v$v" "$DUES" case list --limit 0)" \
      "$(yj hub "map(select(.case | startswith(\"V$v-\"))) | $DUES" case list --limit 0)"
    for node in "v$v" hub; do
      is "deadlines of village $v at $node" "$(reckoned "$node" "V$v-")" "$(found "$node" "V$v-")"
    done
  done
}
due() { yj "$1" '"\(.due) \(.due_of) \(.provisional)"' case show "$2"; }
opened() { yj "$1" .case case open --title 事 --class "$2"; }

# Before anything is settled: plain weekends, provisional.
now '2026-01-05 09:00'
township 2
visit v1 v2
now '2026-03-02 09:00'
again=$(opened v1 ordinary)
is "by plain weekends" "2026-03-04T00:00:00+08:00 answer true" "$(due v1 "$again")"
now '2026-03-04 10:00'
is "overdue" true "$(yj v1 .overdue case show "$again")"
y v1 case accept "$again" >said
is "then to be resolved" "2026-03-10T00:00:00+08:00 resolve true" "$(due v1 "$again")"
now '2026-03-10 10:00'
y v1 case resolve "$again" --text 修了 >said
is "nothing is due" "null null false" "$(due v1 "$again")"
now '2026-03-11 10:00'
y v1 case followup "$again" --result dissatisfied >said
is "a new round; the answer and the first were late" "2026-03-19T00:00:00+08:00 2" \
  "$(yj v1 '"\(.due) \(.breaches)"' case show "$again")"
y v2 case open --title 当日 >said
now '2026-03-12 23:59'
y v2 case list --overdue >said
grep -q 当日 said && fail "overdue before the day was over"
now '2026-03-13 00:00'
is "overdue from midnight on" 1 "$(yj v2 length case list --overdue)"

# The calendar of 2026; 2027 has none yet.
now '2026-09-20 09:00'
for day in 2026-01-01 2026-01-02 2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20 2026-02-23 2026-09-25 \
  2026-10-01 2026-10-02 2026-10-05 2026-10-06 2026-10-07; do
  y hub holiday add "$day" --off >said
done
for day in 2026-01-04 2026-02-14 2026-02-28 2026-09-20 2026-10-10; do y hub holiday add "$day" --work >said; done
is "still provisional at the village" true "$(yj v1 .provisional case show "$again")"
visit v1 v2
is "then no longer" "2026-03-19T00:00:00+08:00 resolve false" "$(due v1 "$again")"
same

now '2026-09-28 15:00'
rested=$(opened v1 ordinary)
now '2026-09-29 10:00'
y v1 case pause "$rested" --reason 等材料 >said
is "rests" "null null false" "$(due v1 "$rested")"
now '2026-09-30 09:00'
petition=$(opened v1 petition)
before=$(opened v2 ordinary)
is "over the days off" "2026-10-09T00:00:00+08:00 answer false" "$(due v2 "$before")"
now '2026-10-08 09:00'
y v1 case accept "$petition" >said
is "a petition" "2026-12-07T00:00:00+08:00 resolve false" "$(due v1 "$petition")"
y v1 case extend "$petition" --days 30 --reason 案情复杂 >said
is "once more thirty days" "2027-01-06T00:00:00+08:00 resolve false" "$(due v1 "$petition")"
now '2026-10-09 10:00'
is "not overdue while it rests" false "$(yj v1 .overdue case show "$rested")"
y v1 case resume "$rested" >said
is "goes on, and ends with that day" "2026-10-10T00:00:00+08:00 answer false" "$(due v1 "$rested")"
y v1 case accept "$rested" >said
is "over a Saturday that is worked" "2026-10-15T00:00:00+08:00 resolve false" "$(due v1 "$rested")"
for i in 1 2 3; do
  now "2026-11-1$i 09:00"
  opened v2 complex >said
  now "2026-11-1$i 16:00"
  y v2 case solve --title 当场 --done 办了 --result satisfied >said
done
now '2026-12-20 09:00'
turn=$(opened v1 complex)
now '2026-12-21 09:00'
y v1 case accept "$turn" >said
is "over the year's turn" "2027-01-09T00:00:00+08:00 resolve true" "$(due v1 "$turn")"
visit v1 v2
same

# What is settled later holds for what is opened, or taken up again, after it came down.
now '2026-12-22 09:00'
y hub settings set --accept 3 --ordinary 10 --complex 2,1 >said
visit v1 v2
later=$(opened v1 ordinary)
is "three days to answer" "2026-12-26T00:00:00+08:00 answer false" "$(due v1 "$later")"
is "what was there is as it was" "2027-01-09T00:00:00+08:00 resolve true" "$(due v1 "$turn")"
y v1 case resolve "$again" --text 又修 >said
now '2026-12-23 09:00'
y v1 case reopen "$again" --reason 又坏 >said
is "ten days to resolve" "2027-01-07T00:00:00+08:00 resolve true" "$(due v1 "$again")"
short=$(opened v2 complex)
y v2 case accept "$short" >said
is "two days" "2026-12-26T00:00:00+08:00 resolve false" "$(due v2 "$short")"
y v2 case extend "$short" --days 2 --reason 太久 >said 2>&1
is "more than may be: asked for" true "$(yj v2 .requested case show "$short")"
is "without effect" "2026-12-26T00:00:00+08:00 resolve false" "$(due v2 "$short")"
y v2 case extend "$short" --days 1 --reason 一天 >said
is "as much as may be" "2026-12-29T00:00:00+08:00 resolve false" "$(due v2 "$short")"

# A word on a day changes what hangs on it; the first on a year makes its deadlines firm.
y hub holiday add 2027-01-01 --off >said
y hub holiday add 2026-10-12 --off >said
visit v1 v2
is "no longer provisional" "2027-01-12T00:00:00+08:00 resolve false" "$(due v1 "$turn")"
is "a day later" "2026-10-16T00:00:00+08:00 resolve false" "$(due hub "$rested")"
is "the petition as it was" "2027-01-06T00:00:00+08:00 resolve false" "$(due hub "$petition")"
same

# Lists.
is "overdue" "$(yj v1 '[.[] | select(.overdue).case]' case list --limit 0)" \
  "$(yj v1 'map(.case)' case list --overdue --limit 0)"
is "which" "$(printf '%s\n' "$rested" | sort)" "$(yj v1 'map(.case) | sort[]' case list --overdue)"
is "due by Friday" "$later" "$(yj v1 'map(.case) | join(" ")' case list --due-within 2)"
is "not by Thursday" 0 "$(yj v1 length case list --due-within 1)"
is "both" "$(yj v2 'map(select(.due != null).case)' case list --limit 0)" \
  "$(yj v2 'map(.case)' case list --limit 0 --overdue --due-within 99999999)"
is "of one state" 0 "$(yj v2 length case list --overdue --status closed)"
is "in pages" 2 "$(yj v2 length case list --overdue --limit 2)"
is "found by words" 1 "$(yj v2 length case list --overdue --search 当日)"
y v1 case show "$turn" >said
grep -qx 'It is to be resolved by the end of 2027-01-11.' said || fail "$(cat said)"
y v1 case show "$rested" >said
grep -qx 'It was to be resolved by the end of 2026-10-15: it is overdue.' said || fail "$(cat said)"
y v1 case show "$again" >said
grep -qx 'Deadlines that were not kept: 3' said || fail "$(cat said)"
y v1 case list >said
grep -q '2026-10-15 overdue' said || fail "$(cat said)"

# What comes from an older table has none. All of it made anew is the same.
printf 'id,title,time\nx1,旧事,2020-01-02\n' >old.csv
y v1 case import old.csv >said
visit v1 v2
is "an old one" 1 "$(yj hub 'map(select(.title == "旧事" and .due == null and (.overdue | not))) | length' case list --limit 0)"
same
is "rows repeat the records" true "$(yj hub .ok verify)"
dues=$(found v1 V1-)
y v1 rebuild --from ledger >said
is "made anew" "$dues" "$(found v1 V1-)"
clean v1 v2
