#!/bin/bash
# The demo's story on the built program: told to its end, and its end is what the
# story says.
. "$(dirname "$0")/../harness/script.sh"
tools=${YIZHAN_SOURCE_DIR:?}/tools

"$tools/demo-story" "$YIZHAN" "$HERE/demo" >"$HERE/story" 2>&1 || fail "$(cat "$HERE/story")"
is "steps told" 13 "$(grep -c '^== [0-9]' "$HERE/story")"
grep -q '^    openssl   Signature Verified Successfully' "$HERE/story" || fail "no record was checked by hand"

cd demo
is "cases at the hub" 44 "$(yj hub length case list --limit 0)"
is "cases of each village" "14 17 13" \
  "$(yj hub '[("SA", "SB", "SC") as $code | [.[] | select(.case | startswith($code))] | length] | join(" ")' \
    case list --limit 0)"
is "states" '{"assigned":1,"closed":1,"in-hand":1,"registered":38,"resolved":3}' \
  "$(yj hub 'group_by(.state) | map({(.[0].state): length}) | add | tojson' case list --limit 0)"
[ "$(grep -c ' SA [0-9a-f]* POST push 200 ' hub/access.log)" -ge 3 ] || fail "village one by HTTPS: $(cat hub/access.log)"
is "reopened" 1 "$(yj hub '[.[] | select(.flags == ["reopened"])] | length' case list --limit 0)"
list='map({case, title, state, flags, category, assigned, opened} | if .flags == ["township-only"] then .title = null else . end) |
  sort_by(.case)'
for village in one:SA two:SB three:SC; do
  node=village-${village%:*} code=${village#*:}
  is "list of $node" "$(yj "$node" "$list" case list --limit 0)" \
    "$(yj hub "map(select(.case | startswith(\"$code\"))) | $list" case list --limit 0)"
  is "pending at $node" 0 "$(yj "$node" .pending status)"
  is "verified at $node" true "$(yj "$node" .ok verify)"
  signed "$(echo "$node"/ledgers/*.git)" "$node"
done
is "verified at the hub" true "$(yj hub .ok verify)"
is "kept apart" '["commit.signature"]' "$(yj hub 'map(.rule) | unique | tojson' hub quarantine list)"
signed hub/township.git hub
is "numbers" 44 "$(yj hub 'map(.case) | unique | length' case list --limit 0)"

is "for the township alone" "true null" \
  "$(yj hub '[.[] | select(.flags == ["township-only"])][0].title | startswith("示例反映")' case list --limit 0) $(
    yj village-two '[.[] | select(.flags == ["township-only"])][0].title' case list --limit 0)"
is "erased everywhere" "null true" "$(yj hub '[.[] | select(.title == null)][0] | "\(.title) \(.case | startswith("SA"))"' case list --limit 0)"

# A second time in the same folder: the story begins anew. Not in anybody else's.
cd ..
exits 0 "$tools/demo-story" "$YIZHAN" "$HERE/demo"
mkdir other
touch other/file
exits 1 "$tools/demo-story" "$YIZHAN" "$HERE/other"
[ -e other/file ] || fail "the demo took away what is not its own"

# Checked by hand, a log with one character changed is wrong.
repository=$(echo demo/village-one/ledgers/*.git)
log=$(git -C "$repository" for-each-ref --format='%(refname:lstrip=3)' refs/heads/log | head -1)
"$tools/by-hand" "$repository" "$log" >"$HERE/said"
git clone -q --branch "log/$log" "$repository" changed
segment=$(git -C changed ls-files '*.jsonl' | head -1)
sed -i '2s/"hlc":\[1/"hlc":[2/' "changed/$segment"
git -C changed -c user.name=x -c user.email=x@yizhan.invalid commit -q -a -m changed
exits 1 "$tools/by-hand" changed/.git "$log"
grep -q '^WRONG: ' said || fail "$(cat said)"
echo "the demo's story holds"
