#!/bin/bash
# A village and its hub write without knowing of each other: what counts, and how it is settled.
. "$(dirname "$0")/../../harness/script.sh"

y hub hub init --township 青山镇 --code QSZ >said
y hub hub invite --village 石桥村 --code QS3 -o invitation.json >said
y v join invitation.json >said
meet() { y v sync >said && y hub sync >said && y v sync >said; }
n=$(yj v .case case open --title 路灯)
show() { yj "$1" "$2" case show "$n"; }
meet

# Both go on alone: the hub's move counts, the village's is shown beside it.
y v case assign "$n" --to 电工组 >said
y hub case resolve "$n" --text 镇里换了灯 >said
y v case edit "$n" --title 村口路灯 >said
y hub case edit "$n" --title 桥头路灯 >said
exits 1 y v case settle "$n" --field state --value assigned
meet
for node in v hub; do
  is "state at $node" '["resolved",["resolved","assigned"]]' \
    "$(show $node '[.state, [.conflicts[] | select(.field == "state").values[].value]] | tojson')"
  is "titles at $node" '["村口路灯","桥头路灯"]' \
    "$(show $node '[.conflicts[] | select(.field == "title").values[].value] | sort | tojson')"
done
exits 1 y v case settle "$n" --field state --value closed
exits 1 y v case settle "$n" --field place --value ''
exits 2 y v case settle "$n" --field mood --value x
exits 2 y v case settle "$n" --field state
y v case settle "$n" --field state --value assigned >said
y v case settle "$n" --field title --value 村口路灯 >said
meet
for node in v hub; do
  is "settled at $node" '["assigned","村口路灯",[],[]]' \
    "$(show $node '[.state, .title, .conflicts, [.history[] | select(.effect != "applied")]] | tojson')"
done
# Once the township has it, what is the township's to decide is a request of the village.
y v case escalate "$n" --reason 没有配件 >said
y v case resolve "$n" --text 借到了配件 >said
exits 1 y v case close "$n"
y v case close "$n" --reason 没有人来问 >out 2>said
is "printed" "$n" "$(cat out)"
grep -q request said || fail "the village is not told: $(cat said)"
meet
for node in v hub; do
  is "a request at $node" "resolved request" "$(show $node '.state + " " + .history[-1].effect')"
done
y hub case close "$n" --reason 准予结案 >said
meet
is "decided" "closed applied" "$(show v '.state + " " + .history[-1].effect')"
is "all is well" "true true" "$(yj v .ok verify) $(yj hub .ok verify)"
