#!/bin/bash
# A village that writes with its own key what only the township may post, or households as no
# program writes them: kept, forwarded, without effect.
. "$(dirname "$0")/liar.sh"

y v1 household add 一号 --people 甲 >said
y v2 household add 二号 >said
visit v1 v2
visit v1 v2
sqlite3 v1/yizhan.db ".backup v1.db"
mine=$(yj v1 .id household show 一号) theirs=$(yj v2 .id household show 二号)
households() { yj "$1" '[.[] | .village + " " + .name + " \(.visits)"] | sort | join(",")' household list; }
stands=$(households hub)
is "to begin with" "V1 一** 0,V2 二** 0" "$stands"

# kept LIE: accepted and acknowledged, with no effect at the hub.
kept() {
  lie "$1" "$theirs" "$mine"
  honest "$1"
  is "acknowledged $1" "[]" "$(git -C $R cat-file blob "log/$hub_log:ack.json" |
    jq -c ".[0].except[\"$LOG\"] // [] | map(select(.[0] == $seq))")"
  is "households after $1" "$stands" "$(households hub)"
  echo "$1: kept, without effect"
}

kept notice
is "no notice at the hub" 0 "$(yj hub length notice list)"
for lie in people long newer nowhere theirs odd_edit; do kept household_$lie; done
is "shown as such" true "$(yj hub .needs_newer household show 一号)"
is "of theirs nothing" false "$(yj hub .needs_newer household show 二号)"

# At home too, where the PC whose copy wrote takes it back.
visit v1 v2
visit v1 v2
is "no notice at home" 0 "$(yj v1 length notice list)"
is "nor next door" 0 "$(yj v2 length notice list)"
is "households at home" "V1 一号 0" "$(households v1)"
is "and next door" "V2 二号 0" "$(households v2)"
clean hub v1 v2

# A household as large as one may be is one.
sqlite3 v1/yizhan.db ".backup v1.db"
lie household_huge
honest household_huge

# A title longer than any that the program would write is kept as it is, and cut in lists.
lie long_title
honest long_title
is "all of it" 100000 "$(yj hub '.title | length' case show "$(cat number)")"
y hub case list >said
[ "$(wc -c <said)" -lt 4000 ] || fail "a list of $(wc -c <said) bytes"
grep -q '长…$' said || fail "not cut: $(head -c 2000 said)"
is "as large as may be" "100 1000000" "$(yj hub '"\(.people | length) \(.note | length)"' household show big)"
echo "a village posts no notices"
