#!/bin/bash
# What is for the township, and for its head, to decide: asked for offline, seen at the hub,
# decided there, and heard of in the village.
. "$(dirname "$0")/lib.sh"

township 1
y hub worker add 办事员 >said
visit v1
field() { yj "$1" "$2" case show "$3"; }
last() { field "$1" '.history[-1].effect' "$2"; }
asked() { yj "$1" '[.[].case] | join(" ")' case list --requested; }

# Closing on someone dissatisfied: a request of the village's and of a clerk's, the head's to do.
n=$(opens v1 路面)
y v1 case resolve "$n" --text 补了 >said
y v1 case followup "$n" --result dissatisfied >said
y v1 case resolve "$n" --text 又补了 >said
y v1 case close "$n" --reason 修了两次 >said 2>&1
is "at the village" "request resolved" "$(last v1 "$n") $(field v1 .state "$n")"
grep -q request said || fail "it is not said: $(cat said)"
visit v1
is "seen at the hub" "$n" "$(asked hub)"
y hub --as 办事员 case close "$n" --reason 同意 >said 2>&1
is "a clerk asks too" "request resolved" "$(last hub "$n") $(field hub .state "$n")"
grep -q head said || fail "whose it is, is not said: $(cat said)"
is "still asked" "$n" "$(asked hub)"
y hub --as worker case close "$n" --reason 已尽力 >said
is "the head closes it" "applied closed" "$(last hub "$n") $(field hub .state "$n")"
is "answered" "" "$(asked hub)"
visit v1
agree v1 V1
is "heard of" closed "$(field v1 .state "$n")"

# More days than the limit: asked for; given by the head; the limit itself is the township's.
m=$(opens v1 桥)
y v1 case extend "$m" --days 9 --reason 要材料 >said 2>&1
is "too many" request "$(last v1 "$m")"
visit v1
y hub --as 办事员 case extend "$m" --days 9 --reason 同意 >said 2>&1
is "not a clerk's" request "$(last hub "$m")"
y hub --as worker case extend "$m" --days 9 --reason 同意 >said
is "the head's" applied "$(last hub "$m")"
visit v1
agree v1 V1
y hub --as worker settings set --ordinary 5,12 >said
k=$(opens v1 井)
y v1 case extend "$k" --days 9 --reason 没有听说 >said 2>&1
is "not heard of yet" request "$(last v1 "$k")"
visit v1
k=$(opens v1 渠)
y v1 case extend "$k" --days 9 --reason 已经听说 >said
is "within what was settled" applied "$(last v1 "$k")"
visit v1
agree v1 V1

# Merged into each other at two PCs apart: who asked is asked all the same, and can have it back.
a=$(opens v1 东门的灯) b=$(opens v1 东门灯坏)
y hub --as worker hub invite --pc V1 -o pc.json >said
y pc join pc.json --worker 乙 >said
visit pc v1
visit pc
y v1 case merge "$a" --into "$b" >said
y pc case merge "$b" --into "$a" >said
visit v1 pc
visit v1
is "a circle" "merged merged" "$(field v1 .state "$a") $(field v1 .state "$b")"
visit pc
matter() { yj "$1" "[.[] | select(.case == \"$a\" or .case == \"$b\")] | map(\"\(.case) \(.people)\") | join(\" \")" case list --matter; }
for node in v1 pc hub; do
  is "one matter at $node: the later merge gives way" "$b 2" "$(matter "$node")"
  is "of both at $node" "[\"$a\"] []" "$(field "$node" '.matter | tojson' "$b") $(field "$node" '.matter | tojson' "$a")"
done
exits 1 y v1 case resolve "$a" --text 修好
grep -q 'merged into each other' said || fail "in a circle: $(cat said)"
y v1 case followup "$a" --result dissatisfied >said
is "a case of its own again" in-hand "$(field v1 .state "$a")"
exits 1 y v1 case followup "$b" --result satisfied
visit v1 pc

# Said apart that it is closed, and that someone is not satisfied: that is not settled away but by the head.
s=$(opens v1 路口)
y v1 case resolve "$s" --text 补了 >said
visit v1 pc
y v1 case followup "$s" --result satisfied >said
y v1 case close "$s" >said
y pc case followup "$s" --result dissatisfied >said
visit pc v1
y v1 case settle "$s" --field state --value closed >said 2>&1
is "at the village" "request in-hand" "$(last v1 "$s") $(field v1 .state "$s")"
grep -q request said || fail "it is not said: $(cat said)"
visit v1
y hub --as 办事员 case settle "$s" --field state --value closed >said 2>&1
is "a clerk asks too" "request in-hand $s" "$(last hub "$s") $(field hub .state "$s") $(asked hub)"
grep -q head said || fail "whose it is, is not said: $(cat said)"
y hub --as worker case settle "$s" --field state --value closed >said
is "the head settles" "applied closed" "$(last hub "$s") $(field hub .state "$s")"
visit v1
is "heard of" "closed []" "$(field v1 '.state + " " + (.conflicts | tojson)' "$s")"
agree v1 V1

# Whoever becomes head decides from then on.
j=$(opens v1 灯)
visit v1
y hub --as 办事员 case extend "$j" --days 20 --reason 先试 >said 2>&1
is "not yet head" request "$(last hub "$j")"
y hub --as worker hub roster grant QSZ 办事员 --role head >said
y hub --as 办事员 case extend "$j" --days 20 --reason 再试 >said
is "head now" applied "$(last hub "$j")"
visit v1
agree v1 V1
is "what was asked before stays so" "applied request applied" "$(field hub '[.history[].effect] | join(" ")' "$j")"
is "the same history" "$(field hub '[.history[].effect] | join(" ")' "$j")" \
  "$(field v1 '[.history[].effect] | join(" ")' "$j")"
clean hub v1
y hub rebuild --from ledger >said
is "made anew it is the same" "closed 9" "$(field hub .state "$n") $(field hub '[.history[] | select(.effect == "applied" and .type == "case.extend")][0].body.days' "$m")"
clean hub
"$PYTHON" "$YIZHAN_SOURCE_DIR/tests/judge/judge.py" "$YIZHAN" v1 hub || fail "a plain calculation gives another result"
echo "what is the township's, the township decides"
