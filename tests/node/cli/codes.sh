#!/bin/bash
# Codes are unique in the township and never used again; a village whose code changes when it
# joins keeps its old numbers.
. "$(dirname "$0")/../../e2e/lib.sh"

y hub hub init --township 青山镇 --code QSZ >said
y v init --village 独村 --code AB --worker 田 >said
old=$(opens v 独自时的事)
[[ $old == AB-* ]] || fail "number: $old"
y hub hub invite --village 独村 --code CD -o cd.json >said
y v join cd.json >said
new=$(opens v 入网后的事)
[[ $new == CD-* ]] || fail "number: $new"
visit v
visit v
for at in v hub; do
  is "the old number at $at" 独自时的事 "$(yj $at .title case show "$old")"
  is "as people say it, at $at" 独自时的事 "$(yj $at .title case show "$(tr 'A-Z-' 'a-z ' <<<"$old" | tr -d ' ')")"
  is "the new one at $at" 入网后的事 "$(yj $at .title case show "$new")"
done
y hub case note "$old" --text 镇里用旧号 >said
y v case resolve "$old" --text 村里也用旧号 >said
visit v
is "the same" "$(cases hub)" "$(cases v)"

# Nobody else's numbers may begin like those, old or new.
exits 1 y hub hub invite --village 别村 --code AB -o x.json
exits 1 y hub hub invite --village 别村 --code CD -o x.json
exits 1 y hub hub invite --village 别村 --code ABC -o x.json
exits 2 y hub hub invite --village 别村 --code A -o x.json
[ ! -e x.json ] || fail "a refused invitation left a file"
y hub hub invite --village 别村 --code A7 -o a7.json >said
clean hub v
echo "codes are used once, numbers stay valid"
