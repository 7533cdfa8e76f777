#!/bin/bash
# A store that the first version wrote is brought up to this one: what it kept without
# understanding it is judged anew, once, and nothing of it is lost.
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
is "this version" 2 "$(sqlite3 v/yizhan.db 'PRAGMA user_version')"
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

# An older program leaves what is newer alone: as this one does with what is newer than itself.
sqlite3 v/yizhan.db 'PRAGMA user_version=3'
sum=$(sha256sum v/yizhan.db)
exits 1 y v case list
is "left alone" "$sum" "$(sha256sum v/yizhan.db)"
echo "a store of the first version is brought up to this one"
