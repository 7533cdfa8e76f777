#!/bin/bash
# What one PC of a village has pushed, and the hub has not looked at, stands when another's stick is read,
# though that one knows of it only what was before: a village's keys/ that were begun anew too.
. "$(dirname "$0")/lib.sh"
. "$ROOM/hunt_lib.sh"

stands() { git -C hub/ledgers/V1.git rev-parse "refs/heads/$1/$(own v1)"; }

mkdir stick late
township 1
visit v1
y hub hub invite --pc V1 -o pc.json >said
y p join pc.json --worker 另一台 >said
visit v1 p v1
# By stick the other PC has told what it has, and brings all else by stick.
y p parcel write stick >said
y hub parcel read stick --reply >said
y p parcel read stick >said
number=$(yj v1 .case case open --title 样例甲的事 --text 样例甲说的秘密)
visit v1 p
y p case note "$number" --text 另一台所记 >said
y p parcel write late >said

y hub erase "$number" --reason 本人要求 >said
other=$(yj v1 .case case open --title 样例乙的事 --text 样例乙说的另一件)
y v1 sync >said
keys=$(stands keys) log=$(stands log)
held 样例甲说的秘密 hub
y hub parcel read late >said
[[ $(cat said) == *'taken in'* ]] || fail "said: $(cat said)"
is "keys/ that were pushed" "$keys" "$(stands keys)"
is "log/ that was pushed" "$log" "$(stands log)"
is "the other case" 样例乙说的另一件 "$(yj hub .text case show "$other")"
visit v1 p
for word in 样例甲说的秘密 另一台所记; do gone $word hub v1 p; done
clean hub v1 p
