#!/bin/bash
# What people said is taken away: at the hub at once, at every node at its next contact; no key that
# is left opens it in any object, reached or not; what others said stays. A node that comes back
# does not bring it back, nor does a backup.
. "$(dirname "$0")/https_lib.sh"
. "$ROOM/hunt_lib.sh"

township 2
visit v1 v2
y hub hub invite --pc V1 -o pc.json >said
y p join pc.json --worker 另一台 >said
visit p v1 p
number=$(yj v1 .case case open --title 样例甲的事 --text 样例甲说的秘密靐龘 --resident 样例某甲 --phone 55501234 --household 样例甲户)
other=$(yj v1 .case case open --title 样例乙的事 --text 样例乙说的另一件 --resident 样例某乙)
y v1 household add 样例甲户 --people 样例某甲 --place 样例坡 >said
visit v1 p
y p case note "$number" --text 样例甲补充的话 >said
y hub case note "$number" --text 镇里转述样例甲的话 >said
y hub case refer "$number" --to V2 --reason 样例甲搬去了二村 >said 2>&1 || y v1 case refer "$number" --to V2 --reason 样例甲搬去了二村 >said
visit p v1 v2 v1
y hub case assign "$number" --to V2 >said
visit v2 v1 p v2
# As the index writes the last two characters, but for what terms share at their beginning.
TERM=0009f98
is "found by them" 1 "$(yj hub length case list --search 靐龘)"
held $TERM hub; held 样例甲说的秘密 v1; held 样例甲说的秘密 p; held 样例甲说的秘密 hub; held 样例甲补充的话 v2
cp -a p before
y v1 backup v1.backup >said
is "found by its words" 1 "$(yj v2 length case list --search 样例甲说的秘密)"

# Who may: the township's administrator. A village asks, and takes nothing.
is "asked" null "$(yj v1 .erased erase "$number" --reason 本人要求)"
visit v1
is "nothing is taken" "样例甲说的秘密靐龘 样例甲说的秘密靐龘" "$(yj v1 .text case show "$number") $(yj hub .text case show "$number")"
exits 2 y hub erase "$number"
exits 1 y hub erase V1-99-9999-X --reason 本人要求
y hub hub erasures >said
is "erased" 2 "$(yj hub .ledgers erase "$number" --reason 本人要求)"
is "again" "true 0" "$(yj hub '"\(.already) \(.ledgers)"' erase "$number" --reason 本人要求)"
is "shown" 本人要求 "$(yj hub .erased.reason case show "$number")"
is "without words" "null null null" "$(yj hub '"\(.title) \(.resident) \(.phone)"' case show "$number")"
y hub case show "$number" >said
grep -q 本人要求 said || fail "said: $(cat said)"
is "not found by words" 0 "$(yj hub length case list --search 样例甲说的秘密)"
is "who has not yet" "V1 V1 V2" "$(yj hub '[.[] | select(.code != "") | .code] | sort | .[-3:] | join(" ")' hub erasures)"
clean hub

# A PC that comes before the author has heard of it: nobody wraps the key of the old batch for it.
y hub hub invite --pc V1 -o pc2.json >said
y q join pc2.json --worker 第三台 >said
visit q p q
gone 样例甲说的秘密 q
is "erased at a new PC" "null 本人要求" "$(yj q '"\(.title) \(.erased.reason)"' case show "$number")"

# At its next contact each.
visit v2 v1 p
is "none is left that has not" 0 "$(yj hub length hub erasures)"
for n in hub v1 v2 p; do
  gone "$TERM 样例甲说的秘密 样例甲补充的话 镇里转述样例甲 样例某甲的 55501234" "$n"
  is "state at $n" "$(yj hub .state case show "$number")" "$(yj "$n" .state case show "$number" 2>/dev/null || echo -)"
done
clean hub v1 v2 p
for n in hub v1 v2 p; do
  [ ! -d "$n" ] || for r in $(find "$n" -name '*.git' -type d); do
    git -C "$r" fsck --full --strict >fsck 2>&1 || fail "fsck of $r: $(cat fsck)"
    is "unreachable in $r" "" "$(git -C "$r" fsck --unreachable --no-reflogs 2>/dev/null | grep unreachable || true)"
  done
done
# What others said is there, also for the new PC.
visit q
for n in p q; do is "the other's words at $n" 样例乙说的另一件 "$(yj $n .text case show "$other")"; done
gone 样例甲说的秘密 q
is "nothing waits" 0 "$(yj q .waiting status)"

# Work on it goes on, without words.
visit v1
y v1 case note "$number" --text 擦除之后又写的 >said 2>&1
grep -q 'not kept' said || fail "said: $(cat said)"
visit v1 p
is "its note is there" case.note "$(yj p '.history[-1].type' case show "$number")"
gone 擦除之后又写的 v1; gone 擦除之后又写的 hub; gone 擦除之后又写的 p
clean hub v1 p

# A copy from before, and a backup, come back: they hear of it first, and bring nothing back.
rm -rf p && mv before p
y p sync >said
visit p v1
gone 样例甲说的秘密 p; gone 样例甲说的秘密 hub
y r restore v1.backup >said
held 样例甲说的秘密 r
visit r p
gone 样例甲说的秘密 r; gone 样例甲说的秘密 hub; gone 样例甲补充的话 p
is "nobody has not" 0 "$(yj hub '[.[] | select(.revoked | not)] | length' hub erasures)"
clean hub r p

# A household.
id=$(yj hub '.[0].id' household list --village V1)
is "household" 1 "$(yj hub .ledgers erase "$id" --reason 本人要求)"
visit r p q
for n in hub r p q; do gone 样例坡 "$n"; done
clean hub r p q
# Either side is made again from the other, without it.
y r rebuild --from store >said
y r rebuild --from ledger >said
gone "样例坡 样例甲说的秘密" r
is "the other's words" 样例乙说的另一件 "$(yj r .text case show "$other")"
clean r

# A village that comes by stick only.
mkdir stick
village 4
y v4 ledger move ssh://nowhere.invalid/x >said
writes() { y "$1" --json parcel write "$HERE/stick" >written; }
near=$(yj v4 .case case open --title 样例丁的事 --text 样例丁说的秘密)
writes v4; y hub --json parcel read "$HERE/stick" --reply >read; y v4 --json parcel read "$HERE/stick" >read; rm -f stick/*
is "it is there" 1 "$(yj hub length case list --search 样例丁说的秘密)"
y hub erase "$near" --reason 本人要求 >said
writes v4; y hub --json parcel read "$HERE/stick" --reply >read; y v4 --json parcel read "$HERE/stick" >read; rm -f stick/*
gone 样例丁说的秘密 v4
is "the hub has not heard" 1 "$(yj hub '[.[] | select(.code == "V4")] | length' hub erasures)"
writes v4; y hub --json parcel read "$HERE/stick" >read
is "nobody has not" 0 "$(yj hub '[.[] | select(.code == "V4")] | length' hub erasures)"
gone 样例丁说的秘密 hub
clean hub v4

# The same over the net, where the hub's door lets keys/ be replaced, and nothing else.
y hub hub config url https://127.0.0.1:1 >said
serve
village 3
y v3 sync >said
far=$(yj v3 .case case open --title 样例丙的事 --text 样例丙说的秘密)
y v3 sync >said
is "it is there" 1 "$(yj hub length case list --search 样例丙说的秘密)"
as v3 clone -q --mirror "$BASE/ledger/$(ledger v3)" old.git
y hub erase "$far" --reason 本人要求 >said
y v3 sync >said
is "nobody has not" 0 "$(yj hub '[.[] | select(.code == "V3")] | length' hub erasures)"
gone 样例丙说的秘密 v3; gone 样例丙说的秘密 hub
clean hub v3
# Keys from before: git's server takes them, the hub does not.
keys=$(sqlite3 v3/yizhan.db "SELECT 'refs/heads/keys/' || lower(hex(own)) FROM ledger WHERE joined=1")
tip=$(git -C "hub/ledgers/V3.git" rev-parse "$keys")
as v3 -C old.git push -q --force "$BASE/ledger/$(ledger v3)" "$keys" 2>said || fail "git took them not: $(cat said)"
y hub hub ingest >said
is "keys/ stand where they stood" "$tip" "$(git -C "hub/ledgers/V3.git" rev-parse "$keys")"
[[ $(rules V3) == *keys.epoch* ]] || fail "rules: $(rules V3)"
gone 样例丙说的秘密 hub
log=${keys/keys/log}
git -C old.git update-ref "$log" "$(git -C old.git rev-parse "$log~1")"
! as v3 -C old.git push -q --force "$BASE/ledger/$(ledger v3)" "$log" 2>said || fail "log/ was put back"
unserve
