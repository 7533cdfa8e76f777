#!/bin/bash
# What could not be accepted, and why, is told in plain words, in both languages, at the hub and at a
# village; for scripts as it always was.
. "$(dirname "$0")/../../harness/script.sh"

# Every rule that FORMAT names, and that can end in quarantine, has its sentence.
sed -n '/^## 13\./,/^## 14\./p' "$YIZHAN_SOURCE_DIR/sync/FORMAT.md" | grep '^| `' | cut -d'|' -f2 |
  grep -oE '[a-z]+\.[a-z]+' | grep -vx 'segment.gap' >named
[ "$(wc -l <named)" -gt 20 ] || fail "the rules are not read: $(cat named)"
while read -r rule; do
  grep -qF "{\"$rule\"," "$YIZHAN_SOURCE_DIR/node/rules.c" || fail "nothing is said of $rule"
done <named

y hub hub init --township 青山镇 --code QSZ >said
y hub hub invite --village 柳村 --code LC -o lc.json >said
y lc join lc.json --worker 张 >said
y lc sync >said
y hub hub ingest >said
y lc sync >said
is "nothing yet" "Nothing is in quarantine." "$(y lc quarantine list)"

# A stranger writes on top of the hub's log, and of the village's.
R=hub/ledgers/LC.git
export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@yizhan.invalid GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@yizhan.invalid
for log in $(git -C $R for-each-ref --format='%(refname)' 'refs/heads/log/*'); do
  git -C $R update-ref "$log" "$(git -C $R commit-tree -p "$log" -m x "$log^{tree}")"
done
y lc sync >out 2>&1 || true
y hub hub ingest >out 2>&1 || true

told() { # NODE COMMAND...: in both languages; what it says of entry 1
  local node=$1
  shift
  y "$node" "$@" list >list
  grep -q 'Why' list || fail "no heading at $node: $(cat list)"
  grep -qF 'This was not signed by the node whose log it is.' list || fail "why, at $node: $(cat list)"
  y "$node" "$@" show 1 >show
  grep -qx 'Why: This was not signed by the node whose log it is.' show || fail "why, at $node: $(cat show)"
  grep -qx 'Rule: commit.signature' show || fail "rule: $(cat show)"
  grep -qx 'Village: 柳村 (LC)' show || fail "village: $(cat show)"
  ! grep -q '["{]' <(sed '/^Its /,$d' show) || fail "not plain words: $(cat show)"
  YIZHAN_LANG=zh y "$node" "$@" show 1 >show
  grep -qx '原因：这不是该日志所属的站签名的。' show || fail "not in Chinese: $(cat show)"
  ! grep -vE '^(SHA-256|规则|SHA-256)' <(sed '/^原文/,$d' show) | grep -q '^[A-Za-z]' || fail "not translated: $(cat show)"
  is "for scripts, at $node" "1 柳村 LC commit.signature false" \
    "$(yj "$node" '"\(.number) \(.village) \(.code) \(.rule) \(.released)"' "$@" show 1)"
  exits 1 y "$node" "$@" show 99
  exits 2 y "$node" "$@" show x
}
told lc quarantine
told hub hub quarantine
exits 1 y lc hub quarantine list
y lc status >said
grep -q 'yizhan quarantine list' said || fail "where it is told: $(cat said)"
y hub status >said
grep -q 'yizhan hub quarantine list' said || fail "where it is told at the hub: $(cat said)"
echo "what is kept apart is told in plain words"
