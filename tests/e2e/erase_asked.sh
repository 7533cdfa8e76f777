#!/bin/bash
# A village that has joined asks the township to erase: signed, without effect, shown at both sides until
# the administrator does it, and as done then; or says no, which is signed and shown likewise.
. "$(dirname "$0")/lib.sh"
. "$ROOM/hunt_lib.sh"

# counts NODE: what is asked and not done, and what is done.
counts() { yj "$1" '"\(.erase_asked) \(.erase_done)"' status; }
refused() { yj "$1" '"\(.erase_asked) \(.erase_done) \(.erase_refused)"' status; }

township 2
visit v1 v2
number=$(yj v1 .case case open --title 样例甲的事 --text 样例甲说的秘密 --resident 样例某甲)
other=$(yj v1 .case case open --title 样例乙的事 --text 样例乙说的另一件)
y v1 household add 样例甲户 --people 样例某甲 >said
visit v1
is "nothing is asked" "0 0" "$(counts v1)"
is "nor here" 0 "$(yj hub length hub erasures --asked)"

# Offline: said and shown, and nothing is taken away.
exits 2 y v1 erase "$number"
exits 1 y v1 erase V1-99-9999-X --reason 本人要求
id=$(yj v1 .id case show "$number")
is "asked" "$id null" "$(yj v1 '"\(.asked) \(.already)"' erase "$number" --reason 本人要求)"
is "again" "$id true" "$(yj v1 '"\(.asked) \(.already)"' erase "$number" --reason 本人要求)"
y v1 erase 样例甲户 --reason 搬走了 >said
grep -q 'township' said || fail "said: $(cat said)"
is "how many" "2 0" "$(counts v1)"
y v1 status >said
grep -q 'done: 0, not yet: 2' said || fail "status: $(cat said)"
is "shown" "本人要求 null 样例甲说的秘密" "$(yj v1 '"\(.erase_asked.reason) \(.erased) \(.text)"' case show "$number")"
y v1 case show "$number" >said
grep -q 'asked to erase.*本人要求' said || fail "shown: $(cat said)"
is "of the household" "搬走了 null" "$(yj v1 '"\(.erase_asked.reason) \(.erased)"' household show 样例甲户)"
y v1 household show 样例甲户 >said
grep -q 'asked to erase.*搬走了' said || fail "shown: $(cat said)"
clean v1

# At the hub: in its list, and still without effect, whatever is made anew.
visit v1
is "nothing waits" "0 0" "$(yj v1 '"\(.pending) \(.waiting)"' status)"
is "how many" "2 0" "$(counts hub)"
y hub status >said
grep -q 'hub erasures --asked' said || fail "status: $(cat said)"
is "listed" "$number V1 本人要求 干部1;null V1 搬走了 干部1" \
  "$(yj hub '[.[] | "\(.case) \(.code) \(.reason) \(.by)"] | join(";")' hub erasures --asked)"
is "by its id" "$id" "$(yj hub '.[0].id' hub erasures --asked)"
y hub hub erasures --asked >said
grep -q "^$number .*V1 .*本人要求" said || fail "listed: $(cat said)"
is "nobody holds anything erased" 0 "$(yj hub length hub erasures)"
is "the words are there" "样例甲说的秘密 null" "$(yj hub '"\(.text) \(.erased)"' case show "$number")"
y hub rebuild --from ledger >said
is "made again" "2 样例甲说的秘密" "$(yj hub .erase_asked status) $(yj hub .text case show "$number")"
clean hub

# Done: the one for the words of a case, the other by what stands in the list.
is "erased" 1 "$(yj hub .ledgers erase "$number" --reason 照办)"
is "one is left" 搬走了 "$(yj hub '.[].reason' hub erasures --asked)"
home=$(y hub hub erasures --asked | sed -n '2s/ .*//p')
y hub erase "$home" --reason 照办 >said
is "none is left" 0 "$(yj hub length hub erasures --asked)"
is "done at the hub" "0 2" "$(counts hub)"
visit v1
is "done" "0 2" "$(counts v1)"
y v1 status >said
grep -q 'done: 2, not yet: 0' said || fail "status: $(cat said)"
is "erased there" "null null 照办" "$(yj v1 '"\(.text) \(.erase_asked) \(.erased.reason)"' case show "$number")"
is "nothing is left to ask" true "$(yj v1 .already erase "$number" --reason 本人要求)"
gone 样例甲说的秘密 v1
is "the other's words" 样例乙说的另一件 "$(yj v1 .text case show "$other")"

# A case that is in two villages: each may ask, and one erasing does it for both.
y hub case assign "$other" --to V2 >said
visit v1 v2
y v2 erase "$other" --reason 二村的话 >said
visit v2
is "asked by the second" "V2 二村的话" "$(yj hub '.[] | "\(.code) \(.reason)"' hub erasures --asked)"
is "not of the first" null "$(yj v1 .erase_asked case show "$other")"
is "in both" 2 "$(yj hub .ledgers erase "$other" --reason 照办)"
visit v1 v2
is "done at the second" "0 1" "$(counts v2)"
is "gone at the first" null "$(yj v1 .text case show "$other")"

# Refused, with the reason: it is answered at both sides, nothing is taken away, and it may be asked again.
kept=$(yj v1 .case case open --title 样例丙的事 --text 样例丙的话)
visit v1
exits 1 y hub hub erasures --refuse "$kept" --reason 没有申请
grep -q 'Nobody asks' said || fail "said: $(cat said)"
y v1 erase "$kept" --reason 办事员要删 >said
visit v1
for wrong in "--refuse $kept" "--reason x" "--asked --refuse $kept --reason x"; do
  # shellcheck disable=SC2086
  exits 2 y hub hub erasures $wrong
done
exits 1 y v1 hub erasures --refuse "$kept" --reason x
keptid=$(yj hub .id case show "$kept")
is "refused" "$keptid" "$(yj hub .refused hub erasures --refuse "$kept" --reason 本人没有要求)"
exits 1 y hub hub erasures --refuse "$kept" --reason 再说一次
is "answered" "0 $(yj hub length hub erasures --asked)" "$(yj hub .erase_asked status) 0"
no='"\(.text) \(.erased) \(.erase_asked) \(.erase_refused.reason)"'
is "at the hub" "样例丙的话 null null 本人没有要求" "$(yj hub "$no" case show "$kept")"
is "not there yet" "样例丙的话 null 办事员要删" "$(yj v1 '"\(.text) \(.erase_refused) \(.erase_asked.reason)"' case show "$kept")"
visit v1
is "at the village" "样例丙的话 null null 本人没有要求" "$(yj v1 "$no" case show "$kept")"
is "counted" "0 2 1" "$(refused v1)"
y v1 status >said
grep -q 'done: 2, not yet: 0, refused: 1' said || fail "status: $(cat said)"
y v1 case show "$kept" >said
grep -q 'does not erase.*本人没有要求' said || fail "shown: $(cat said)"
y v1 rebuild --from ledger >said
y hub rebuild --from ledger >said
is "made anew" "0 2 1 0 1" "$(refused v1) $(yj hub '"\(.erase_asked) \(.erase_refused)"' status)"
is "asked again" null "$(yj v1 .already erase "$kept" --reason 本人来过了)"
is "open again" "本人来过了 null" "$(yj v1 '"\(.erase_asked.reason) \(.erase_refused)"' case show "$kept")"
visit v1
is "listed again" 本人来过了 "$(yj hub '.[].reason' hub erasures --asked)"
y hub erase "$kept" --reason 照办 >said
visit v1
is "done after all" "null null null 照办" "$(yj v1 '"\(.text) \(.erase_asked) \(.erase_refused) \(.erased.reason)"' case show "$kept")"
is "counted as done" "0 3 0" "$(refused v1)"
y v1 household add 样例丁户 >said
y v1 erase 样例丁户 --reason 误登 >said
visit v1
y hub hub erasures --refuse "$(yj hub '.[].id' hub erasures --asked)" --reason 仍住在村里 >said
visit v1
is "of a household" "样例丁户 仍住在村里" "$(yj v1 '"\(.name) \(.erase_refused.reason)"' household show 样例丁户)"
y v1 household show 样例丁户 >said
grep -q 'does not erase.*仍住在村里' said || fail "shown: $(cat said)"
# A clerk of the township has no say in it.
y v1 erase 样例丁户 --reason 再申请 >said
visit v1
y hub worker add 办事员 >said
exits 1 y hub --as 办事员 hub erasures --refuse "$(yj hub '.[].id' hub erasures --asked)" --reason x
first=$(yj hub '.[0].worker' worker list)
y hub --as "$first" hub erasures --refuse "$(yj hub '.[].id' hub erasures --asked)" --reason 还是不 >said
is "the last no" 还是不 "$(yj hub .erase_refused.reason household show "$(yj hub '.[] | select(.name != null) | .id' household list | head -1)")"
visit v1
clean hub v1

# For the township alone: why is sealed like the rest.
quiet=$(yj v1 .case case open --township-only --title 只给镇里 --text 只给镇里的话)
y v1 erase "$quiet" --reason 靐龘原因 >said
! grep -rqa 靐龘原因 v1/yizhan.db* || fail "the reason is kept at the village"
is "not read here" null "$(yj v1 .erase_asked.reason case show "$quiet")"
visit v1
is "read at the hub" 靐龘原因 "$(yj hub '.[].reason' hub erasures --asked)"
y hub --as "$first" hub erasures --refuse "$quiet" --reason 靐龘不办 >said
visit v1
is "no is not read here" "2 null" "$(yj v1 .erase_refused status) $(yj v1 .erase_refused.reason case show "$quiet")"
is "it is read at the hub" 靐龘不办 "$(yj hub .erase_refused.reason case show "$quiet")"
! grep -rqa 靐龘不办 v1/yizhan.db* || fail "the reason is kept at the village"
y hub --as "$first" erase "$quiet" --reason 照办 >said
visit v1 v2
clean hub v1 v2
for v in 1 2; do
  "$PYTHON" "$ROOM/../verifier/verify.py" --hub "$(jq -r .hub v$v.json)" "hub/ledgers/V$v.git" >verdict ||
    fail "verifier: $(cat verdict)"
done
