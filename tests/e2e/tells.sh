#!/bin/bash
# A note on a case of thousands costs what one on a case of two does: who only tells something reads
# none of what was told before, and what stands is what a fold of all records gives, made apart or not.
. "$(dirname "$0")/lib.sh"

township 1
visit v1
y hub hub invite --pc V1 -o pc.json >said
y p join pc.json --worker 干部1乙 >said
visit p v1
n=$(opens v1 路灯不亮)
for i in 1 2 3; do y v1 case note "$n" --text "说法$i" >said; done
visit v1 p

# Nothing of the others is read, on this PC and where it comes in: what is broken is not seen.
broken() { sqlite3 "$1/yizhan.db" "UPDATE record SET line='?'||line WHERE type='case.note' AND n=(SELECT min(n) FROM record WHERE type='case.note')"; }
whole() { sqlite3 "$1/yizhan.db" "UPDATE record SET line=substr(line, 2) WHERE line LIKE '?%'"; }
for node in v1 p hub; do broken $node; done
exits 4 y v1 case show "$n"
exits 4 y v1 case accept "$n"
y v1 case note "$n" --text 说法4 >said
y v1 case contact "$n" --text 打了电话 >said
is "one head" 1 "$(sqlite3 v1/yizhan.db "SELECT length(heads)/32 FROM cases")"
is "found by it" "$n" "$(for node in v1; do whole $node; done; yj v1 '.[].case' case list --search 打了电话)"
visit v1 p
for node in p hub; do whole $node; done
for node in v1 p hub; do
  is "told, at $node" "说法1 说法2 说法3 说法4 打了电话" "$(yj $node '[.history[].body.text | select(.)] | .[1:] | join(" ")' case show "$n")"
done

# Apart: two heads, which the next one who knows both follows; a visit is no mere word.
y v1 case note "$n" --text 这边 >said
y p case note "$n" --text 那边 >said
y p case visit "$n" >said
visit p v1 p
for node in v1 p hub; do is "two heads at $node" 2 "$(sqlite3 $node/yizhan.db "SELECT length(heads)/32 FROM cases")"; done
y v1 case note "$n" --text 都知道 >said
is "one again" 1 "$(sqlite3 v1/yizhan.db "SELECT length(heads)/32 FROM cases")"
y v1 case resolve "$n" --text 修好了 >said
y p case contact "$n" --text 还在问 >said
visit p v1 p
y hub case note "$n" --text 乡镇也知道 >said
visit p v1 p
for node in v1 p hub; do is "state at $node" resolved "$(yj $node .state case show "$n")"; done
exits 1 y v1 case note V1-26-9999-X --text 没有
clean hub v1 p
"$PYTHON" "$YIZHAN_SOURCE_DIR/tests/judge/judge.py" "$YIZHAN" v1 p hub || fail "a plain calculation gives another result"
echo "what is only told costs what is new"
