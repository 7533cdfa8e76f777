#!/bin/bash
# Keys that came by stick before anything else of their log wait in the repository. Once the log has come
# by another road they are not waited for any more: what is erased then, no key that waited opens.
. "$(dirname "$0")/lib.sh"
. "$ROOM/hunt_lib.sh"
. "$ROOM/attachments_lib.sh"

# The branches of this kind that wait at the hub.
waiting() { git -C hub/ledgers/V1.git for-each-ref --format='%(refname:short)' "refs/parcel/$1"; }

mkdir stick
township 1
number=$(yj v1 .case case open --title 样例甲的事 --text 样例甲说的秘密 --resident 样例某甲)
photo a.jpg 62000
y v1 case attach "$number" a.jpg >said
# More than one file may hold: in the first are keys/ alone.
y v1 --json parcel write stick --max 64K >written
y hub parcel read "stick/$(jq -r '.parcels[0].file' written)" >said 2>&1 || true
is "keys that wait" "parcel/keys/$(own v1)" "$(waiting keys)"
is "a log that waits" "" "$(waiting log)"

# The log comes over a link; the keys still wait.
visit v1
is "the case is there" 1 "$(yj hub length case list --search 样例甲说的秘密)"
is "keys that wait still" "parcel/keys/$(own v1)" "$(waiting keys)"

y hub erase "$number" --reason 本人要求 >said
visit v1
is "nobody has not" 0 "$(yj hub length hub erasures)"
gone 样例甲说的秘密 hub v1
is "no keys wait" "" "$(waiting keys)"
clean hub v1
