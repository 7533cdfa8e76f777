#!/bin/bash
# A village that works alone erases what people said itself; once it has joined the hub never hears it,
# and a village that has joined erases nothing by itself, whatever it brings from a time alone.
. "$(dirname "$0")/lib.sh"
. "$ROOM/hunt_lib.sh"

y v init --village 样例村 --code YL --worker 样例干部 >said
number=$(yj v .case case open --title 样例甲的事 --text 样例甲说的秘密 --resident 样例某甲 --phone 55501234 --household 样例甲户)
other=$(yj v .case case open --title 样例乙的事 --text 样例乙说的另一件)
y v household add 样例甲户 --people 样例某甲 --place 样例坡 >said
y v case note "$number" --text 样例甲补充的话 >said
y v backup v.backup >said
held 样例甲说的秘密 v
exits 2 y v erase "$number"
is "erased" 1 "$(yj v .ledgers erase "$number" --reason 本人要求)"
is "again" true "$(yj v .already erase "$number" --reason 本人要求)"
is "shown" "null 本人要求" "$(yj v '"\(.title) \(.erased.reason)"' case show "$number")"
is "the other words" 样例乙说的另一件 "$(yj v .text case show "$other")"
y v erase 样例甲户 --reason 本人要求 >said
nowhere "样例甲说的秘密 样例甲补充的话 样例某甲 55501234 样例坡" v
# A household by the first digits of its id, though they look like a case number that lacks its end.
for k in {1..400}; do
  home=$(yj v .household household add "样例第$k户")
  y v case show "${home:0:8}" >said 2>&1 || grep -q 'last character' said && break
done
grep -q 'last character' said || fail "no id like a number: $(cat said)"
y v erase "${home:0:8}" --reason 本人要求 >said
nowhere "样例第$k户" v
exits 1 y v erase YL-26-0001 --reason 本人要求
grep -q 'last character' said || fail "said: $(cat said)"
clean v

# It joins: the hub has the rest, and counts what has no words.
y hub hub init --township 青山镇 --code QSZ >said
y hub hub invite --village 样例村 --code YL -o yl.json >said
y v join yl.json >said
visit v
is "waiting" 0 "$(yj v .waiting status)"
is "pending" 0 "$(yj v .pending status)"
is "at the hub" "null 本人要求" "$(yj hub '"\(.title) \(.erased.reason)"' case show "$number")"
is "the other words there" 样例乙说的另一件 "$(yj hub .text case show "$other")"
for n in v hub; do gone "样例甲说的秘密 样例甲补充的话 样例坡" $n; done
clean v hub
is "it asks" null "$(yj v .erased erase "$other" --reason 本人要求)"
is "and takes nothing" 样例乙说的另一件 "$(yj v .text case show "$other")"
visit v
sqlite3 hub/yizhan.db "SELECT lower(hex(value)) FROM secret WHERE name='node.box'" >box
for hides in "" --box; do
  "$PYTHON" "$ROOM/../verifier/verify.py" --hub "$(jq -r .hub yl.json)" ${hides:+--box box} hub/ledgers/YL.git >verdict ||
    fail "verifier: $(cat verdict)"
  is "nothing is missed" 0 "$(jq '.findings | length' verdict)"
done
y hub rebuild --from ledger >said
is "made again" "null" "$(yj hub .title case show "$number")"
clean hub

# A village that has joined, and says so all the same.
id=$(yj v .id case show "$other")
log=$(own v)
cp -a v lying
"$PYTHON" "$ROOM/lie.py" hub/yizhan.db lying/yizhan.db hub/ledgers/YL.git "$log" "$id" erase >lied
y hub hub ingest >said
is "the lie is there" village.erase "$(sqlite3 hub/yizhan.db "SELECT type FROM record WHERE seq=$(cat lied) AND log=(SELECT n FROM log WHERE id=x'$log')")"
is "and takes nothing" "样例乙说的另一件 null" "$(yj hub '"\(.text) \(.erased)"' case show "$other")"
clean hub

# A piece that came too early waits at the hub; it may hold what is erased now, and goes.
y hub hub invite --village 邻村 --code LC -o lc.json >said
y w join lc.json --worker 邻村干部 >said
visit w
for i in 1 2 3; do y w case open --title "很长 $i" --text "$(head -c 45000 /dev/urandom | base64 -w 0)" >said; done
mkdir stick late
y w parcel write stick --max 128K >said
mv "stick/$(grep -o '[A-Z2-7]*\.YZP' said | tail -1)" late/
y hub parcel read late >said
is "kept" 1 "$(find hub/parcels -name '*.YZP' | wc -l)"
y hub erase "$other" --reason 本人要求 >said
is "gone" 0 "$(find hub/parcels -name '*.YZP' | wc -l)"
y hub parcel read stick >said
y hub parcel read late >said
is "all are there" 3 "$(yj hub '[.[] | select(.title // "" | startswith("很长"))] | length' case list)"
clean hub w
