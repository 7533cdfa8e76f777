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

# Whose a code is, or was, is said; so it is where somebody still uses the old one.
y hub hub village rename CD --name 新村 --code NV >said
whose() { # CODE COMMAND...
  local code=$1
  shift
  exits 1 y hub "$@"
  grep -q "never used again" said && grep -q "$code: 新村 (NV)" said || fail "$*: $(cat said)"
}
whose CD hub village rename A7 --name 别村 --code CD
whose AB hub village rename A7 --name 别村 --code AB
whose NV hub village rename A7 --name 别村 --code NV
whose CD hub invite --village 三村 --code CD -o x.json
whose CD hub village rename NV --name 新村 --code CD
exits 1 y hub hub village rename A7 --name 别村 --code NVB
grep -q 'could be those of' said && grep -q 'NVB: 新村 (NV)' said || fail "$(cat said)"
for args in 'hub village close' 'hub case open --title 事 --village' 'case list --village' 'hub invite -o x.json --pc'; do
  # shellcheck disable=SC2086
  exits 1 y hub $args CD
  grep -q 'This was the code' said && grep -q 'CD: 新村 (NV)' said || fail "$args: $(cat said)"
done
exits 1 y hub hub village close ZZ
grep -q 'no such village' said || fail "$(cat said)"
clean hub v
echo "codes are used once, numbers stay valid"
