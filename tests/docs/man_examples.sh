#!/bin/bash
# The examples of the manual pages run as they stand there, in order, in an empty folder; both
# pages have the same, and every command has one.
. "$(dirname "$0")/../harness/script.sh"
man=${YIZHAN_SOURCE_DIR:?}/man

# examples PAGE HEADING: what stands between .EX and .EE below the heading, as it reads.
examples() {
  awk -v heading=".SH $2" '
    /^\.SH / { inside = $0 == heading }
    inside && /^\.EE/ { shown = 0 }
    inside && shown
    inside && /^\.EX/ { shown = 1 }' "$1" | sed -E 's/\\-/-/g; s/\\e/\\/g'
}
examples "$man/yizhan.1" EXAMPLES >english
examples "$man/zh_CN/yizhan.1" 示例 >chinese
[ "$(wc -l <english)" -gt 40 ] || fail "man/yizhan.1 has few examples"
cmp english chinese || fail "the two manual pages have different examples"

# A command's words, as an example has them after the options that stand before every command.
option=' --(dir|as|lang|passphrase-file) [^ ]+| --json'
sed -E "s/.*(\\\$\\(|<\\(|^)yizhan/yizhan/; s/($option)+//" english >plain
"$YIZHAN" help | awk 'NF == 0 { part++ } part == 1 && NF' | sed -E 's/^  //; s/  +.*//; s/ [A-Z[].*//' >names
while read -r name; do
  grep -qE "^yizhan $name( |\$|\\))" plain ||
    fail "no example of 'yizhan $name': add a line to EXAMPLES in man/yizhan.1 and the same to 示例 in man/zh_CN/yizhan.1"
done <names

mkdir bin empty
ln -s "$YIZHAN" bin/yizhan
export PATH=$HERE/bin:$PATH
cd empty
bash -xeuo pipefail ../english >../ran 2>&1 || fail "$(tail -20 ../ran)"
is "cases at the village" 10 "$(yj village .cases status)"
is "cases at the hub" "$(yj village .cases status)" "$(yj hub .cases status)"
echo "the examples run: $(wc -l <../names) commands"
