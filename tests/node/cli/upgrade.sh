#!/bin/bash
# Stores that the versions before wrote are brought up to this one: what the first kept without
# understanding it is judged anew, once, and nothing is lost.
. "$(dirname "$0")/../../harness/script.sh"

mkdir v
sqlite3 v/yizhan.db <"$YIZHAN_SOURCE_DIR/tests/node/store/version-1.sql"
chmod 600 v/yizhan.db
is "the version before" 1 "$(sqlite3 v/yizhan.db 'PRAGMA user_version')"
records() { sqlite3 v/yizhan.db 'SELECT hex(id), line, status FROM record ORDER BY n'; }
records >before

first=SV-26-0001-W second=SV-26-0002-U
field() { yj v "$1" case show "$2"; }
is "the cases" "$second $first" "$(yj v '[.[].case] | join(" ")' case list)"
is "this version" 3 "$(sqlite3 v/yizhan.db 'PRAGMA user_version')"
is "the records are as they were" "$(cat before)" "$(records)"
is "what was not understood" "applied 3" "$(field '.history[-1] | "\(.effect) \(.body.days)"' "$first")"
is "corrected from afar" complex "$(field .class "$second")"
is "resolved before" resolved "$(field .state "$second")"
is "due, with the day that is off" 2026-03-05T00:00:00+08:00 "$(field .due "$first")"
is "a day off" 2026-03-03 "$(yj v '.[0].date' holiday list)"
is "a notice" "Sample notice" "$(yj v '.[0].title' notice list)"
is "a household and its case" "House 1 1" "$(yj v '.[0] | "\(.name) \(.open_cases)"' household list)"
is "found by search" "$first" "$(yj v '.[].case' case list --search lamp)"
y v rebuild --from store >said
y v --json verify >verdict || fail "verify: $(cat verdict)"
y v case note "$first" --text 'Sample note' >said
is "work goes on" "Sample note" "$(field '.history[-1].body.text' "$first")"

# What a hub of the version before had to look at, having taken it in and been killed, is marked: a
# number given twice, and a case that goes to another village, which is carried, once.
mkdir hub
sqlite3 hub/yizhan.db <"$YIZHAN_SOURCE_DIR/tests/node/store/version-2.sql"
chmod 600 hub/yizhan.db
is "the version before this" 2 "$(sqlite3 hub/yizhan.db 'PRAGMA user_version')"
of() { sqlite3 hub/yizhan.db "SELECT count(*) FROM $1"; }
carries() { of "record WHERE type='case.carry'"; }
clash=S1QQ-26-0001-9 apart=S1-26-0002-2
is "the cases of the hub" "$clash $clash $apart S1-26-0001-4" \
  "$(yj hub '[.[].case] | join(" ")' case list)"
is "brought up" 3 "$(sqlite3 hub/yizhan.db 'PRAGMA user_version')"
is "cases to be carried" "$(yj hub '.[3].id | ascii_upcase' case list)" \
  "$(sqlite3 hub/yizhan.db 'SELECT hex(id) FROM to_carry')"
is "numbers given twice" 'S1QQ-26|1' "$(sqlite3 hub/yizhan.db 'SELECT stem, counter FROM twice')"
y hub rebuild --from store >said
is "not carried yet" 2 "$(carries)"
y hub hub ingest >said
is "carried" 3 "$(carries)"
y hub hub ingest >said
is "carried once, and marked no more" "3 0" "$(carries) $(of to_carry)"
y hub --json verify >verdict || fail "verify: $(cat verdict)"

# Names were written as they were typed: what was said apart is settled by one of its values, as it
# stands there.
y hub case settle "$apart" --field resident --value '张  三' >said
is "settled by what was said" '张  三 []' "$(yj hub '"\(.resident) \(.conflicts)"' case show "$apart")"

# An older program leaves what is newer alone: as this one does with what is newer than itself.
sqlite3 v/yizhan.db 'PRAGMA user_version=4'
sum=$(sha256sum v/yizhan.db)
exits 1 y v case list
is "left alone" "$sum" "$(sha256sum v/yizhan.db)"
echo "stores of the versions before are brought up to this one"
