#!/bin/bash
# Two workers of a village who bear one name, at two PCs: told apart in every list and figure, and
# a command that can mean both is refused and offers both.
. "$(dirname "$0")/lib.sh"

township 1
visit v1
# Given to the one before there was another: the record holds who is meant.
before=$(opens v1 先交办的事)
visit v1
y hub case assign "$before" --to 干部1 >said
visit v1
is "while there is one" 干部1 "$(yj v1 .assigned case show "$before")"
y hub hub invite --pc V1 -o pc.json >said
y p join pc.json --worker 干部1 >said
visit p v1 p
n=$(opens v1 路灯不亮) m=$(opens p 水渠堵塞)
visit p v1 p
one="干部1 ($(yj v1 '.[0].key[0:8]' worker list))" two="干部1 ($(yj p '.[0].key[0:8]' worker list))"
for node in v1 p hub; do
  is "given before, at $node" "$one $one $one" "$(yj $node .assigned case show "$before") $(yj $node ".[] | select(.case == \"$before\") | .assigned" case list) $(y $node export --format jsonl | jq -r "select(.case == \"$before\") | .assigned")"
  y $node case show "$before" >said
  is "for people, at $node" 2 "$(grep -cF "$one" <(grep -v "  opened" said))"
  for whom in "$one" 干部1; do is "given to $whom, at $node" "$before" "$(yj $node '.[].case' case list --assigned "$whom")"; done
  is "given to the other, at $node" "" "$(yj $node '.[].case' case list --assigned "$two")"
  is "who opened, at $node" "$one / $two" "$(yj "$node" .opened_by case show "$n") / $(yj "$node" .opened_by case show "$m")"
  is "who wrote, at $node" "$two" "$(yj "$node" '.history[0].by' case show "$m")"
  is "figures at $node" "$(printf '%s\n' "$one 2" "$two 1" | sort)" \
    "$(yj "$node" '.[] | "\(.worker) \(.cohort)"' stats --by worker | sort)"
done
is "the roster" "$(printf '%s\n' "$one" "$two" | sort)" "$(yj hub '.[].worker' hub roster list --village V1 | sort)"

# offers COMMAND...: is refused, and both are named.
offers() {
  exits 1 "$@"
  grep -qF "$one" said && grep -qF "$two" said || fail "not offered: $(cat said)"
}
offers y hub case assign "$n" --to 干部1
offers y v1 case assign "$n" --to 干部1
offers y hub hub roster revoke V1 干部1
offers y hub hub case open --village V1 --about 干部1 --title 反映
is "as it was" registered "$(yj hub .state case show "$n")"

y hub case assign "$n" --to "$two" >said
y hub case assign "$m" --to "${one:5:8}" >said
visit p v1 p
is "as listed" "$two / $one" "$(yj p .assigned case show "$n") / $(yj p .assigned case show "$m")"
y p worker add 接班人 >said
is "the leaver's own" "[\"$n\"]" "$(yj p '.open_cases | tojson' --as 接班人 worker revoke 干部1)"
visit p v1 p
clean hub v1 p
"$PYTHON" "$YIZHAN_SOURCE_DIR/tests/judge/judge.py" "$YIZHAN" v1 p hub || fail "a plain calculation gives another result"
echo "namesakes are told apart"
