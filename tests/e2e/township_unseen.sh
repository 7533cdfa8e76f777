#!/bin/bash
# A PC that has what was written on a case, and not yet what opened it, cannot know whom its words are
# for: nothing is written on it there, by its id either.
. "$(dirname "$0")/lib.sh"

township 1
visit v1
y hub hub invite --pc V1 -o pc.json >said
y p join pc.json --worker 另一台 >said
visit p v1 p
y p worker add 新来的 >said
sealed=$(yj p .case --as 新来的 case open --township-only --title 样例甲说的靐龘秘密)
id=$(yj p .id case show "$sealed")
y p --as 另一台 case note "$sealed" --text 另一台记的靐龘秘密 >said
visit p v1
is "it came without its opening" 1 "$(sqlite3 v1/yizhan.db "SELECT count(*) FROM record WHERE hex(case_id)=upper('$id') AND type='case.note' AND status=0")"
exits 1 y v1 case note "$id" --text 甲机记的靐龘秘密
exits 1 y v1 case edit "$id" --title 甲机改的靐龘秘密
! grep -rqa 甲机 v1/yizhan.db* || fail "the words are in the store"

y hub hub roster grant V1 新来的 >said
visit v1 p v1
y v1 case note "$id" --text 甲机记的靐龘秘密 >said
visit v1
is "the hub reads it" 1 "$(yj hub '[.history[] | select(.body.text? == "甲机记的靐龘秘密")] | length' case show "$sealed")"
! grep -rqa 靐龘秘密 v1/yizhan.db* p/yizhan.db* || fail "the words are at the village"
clean hub v1 p
