#!/bin/bash
# A worker whose name was written wrongly is called otherwise from now on: everyone shows all that
# this one ever signed under the name of now, and nothing else changes.
. "$(dirname "$0")/lib.sh"

shows() { # NUMBER NAME NODE...: who opened it, for scripts, for people, in figures and in the export
  local number=$1 name=$2 node
  shift 2
  for node in "$@"; do
    is "who opened $number, at $node" "$name $name" "$(yj "$node" '"\(.opened_by) \(.history[0].by)"' case show "$number")"
    y "$node" case show "$number" >said
    grep -qF "$name" said || fail "not named at $node: $(cat said)"
    is "in the figures of $node" 1 "$(yj "$node" "[.[] | select(.worker == \"$name\")] | length" stats --by worker)"
    is "in the export of $node" "$name" "$(y "$node" export --format jsonl | jq -r "select(.case == \"$number\") | .opened_by")"
  done
}

# Alone, and before there is anyone else: nothing of a road is needed.
y v0 init --village 零村 --code V0 >said
n=$(opens v0 旧事)
y v0 worker rename worker 张三 >said
grep -q '张三' said || fail "not said: $(cat said)"
shows "$n" 张三 v0

# Two PCs whose workers are both called as they are when nobody says a name.
y hub hub init --township 青山镇 --code QSZ >said
y hub hub invite --village 村1 --code V1 -o v1.json >said
y v1 join v1.json >said
visit v1
y hub hub invite --pc V1 -o pc.json >said
y p join pc.json >said
visit v1 p v1
n=$(opens v1 路灯不亮) m=$(opens p 水渠堵塞)
visit p v1 p
y v1 case assign "$m" --to "worker ($(yj v1 '.[0].key[0:8]' worker list))" >said
visit v1 p v1
one=$(yj v1 '.[0].key[0:8]' worker list) two=$(yj p '.[0].key[0:8]' worker list)
shows "$n" "worker ($one)" v1 p hub
records=$(yj v1 .records status)
is "answered" "{\"worker\":\"王芳\",\"was\":\"worker\",\"key\":\"$one\"}" "$(yj v1 '.key |= .[0:8] | tojson' worker rename worker 王芳)"
is "one record" $((records + 1)) "$(yj v1 .records status)"
is "here" "王芳 granted" "$(yj v1 '.[] | "\(.worker) \(.state)"' worker list)"
exits 1 y v1 worker rename worker 李四
grep -q 'worker list' said || fail "who signs is not told: $(cat said)"
is "it was so already" true "$(yj v1 .already worker rename 王芳 王芳)"
is "nothing twice" $((records + 1)) "$(yj v1 .records status)"
exits 1 y v1 worker rename 王芳 ''
visit v1 p v1
for node in v1 p hub; do
  is "to whom it is given, at $node" 王芳 "$(yj "$node" .assigned case show "$m")"
  is "found so at $node" "$m" "$(yj "$node" '.[].case' case list --assigned 王芳)"
  is "not by the name before, at $node" "" "$(yj "$node" '.[].case' case list --assigned "worker ($one)")"
done
shows "$n" 王芳 v1 p hub
shows "$m" "worker ($two)" p v1 hub # the other was called so too
is "the roster" "[\"worker ($two) granted\",\"王芳 granted\"]" "$(yj hub '[.[] | "\(.worker) \(.state)"] | sort | tojson' hub roster list --village V1)"
is "nothing waits at the hub" 0 "$(yj hub length hub quarantine list)"
y v1 case note "$n" --text 再看 >said

# Somebody who signs there can do it for another, and nobody takes a name that is in use.
y v1 --as 王芳 worker add 李泗 >said
exits 1 y v1 --as 王芳 worker rename 李泗 王芳
y v1 --as 王芳 worker rename 李泗 李四 >said
k=$(yj v1 .case --as 李四 case open --title 李四的事)
visit v1 p v1
is "confirmed under the name of now" "李四 awaiting" "$(yj v1 '.[] | select(.worker == "李四") | "\(.worker) \(.state)"' worker list)"
y hub hub roster grant V1 李四 >said
visit v1 p v1
shows "$k" 李四 v1 p hub

# At the hub: roles stay, and only an administrator does it.
y hub worker add 办事 --role head >said
exits 1 y hub --as 办事 worker rename 办事 赵主任
y hub --as worker worker rename 办事 赵主任 >said
y hub --as 赵主任 case note "$n" --text 主任来看 >said
visit v1 p v1
is "as the villages show it" 赵主任 "$(yj v1 '.history[-1].by' case show "$n")"
is "roles" head "$(yj hub '[.[] | select(.worker == "赵主任") | .roles | join(" ")] | unique | join(", ")' hub roster list)"

# A case that went to another village tells the name with what is carried next.
y hub --as worker hub invite --village 村2 --code V2 -o v2.json >said
y v2 join v2.json --worker 干部2 >said
visit v2
y hub --as worker case refer "$n" --to V2 --reason 归村2 >said
visit v2
y v1 --as 王芳 worker rename 王芳 王方 >said
y v1 --as 王方 case note "$n" --text 改名后 >said
visit v1 v2
shows "$n" 王方 v1 v2 hub
clean hub v1 p v2
"$PYTHON" "$YIZHAN_SOURCE_DIR/tests/judge/judge.py" "$YIZHAN" v1 p v2 hub || fail "a plain calculation gives another result"
echo "who is renamed is called so everywhere"
