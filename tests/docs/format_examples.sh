#!/bin/bash
# The worked examples of sync/FORMAT.md, section 15: each command that stands there
# says what stands below it, with openssl, sha256sum, jq and nacl as judges. And the
# rules of section 13: all are named.
. "$(dirname "$0")/../harness/script.sh"
tests=${YIZHAN_SOURCE_DIR:?}/tests/docs
python=${YIZHAN_PYTHON:?}
"$python" -c 'import nacl' || exit 77

# The examples call it python3.
mkdir bin blocks
ln -s "$python" bin/python3
export PATH=$HERE/bin:$PATH
"$python" "$tests/blocks.py" "$YIZHAN_SOURCE_DIR/sync/FORMAT.md" blocks
cd blocks
checked=0
for script in [0-9]*.sh; do
  expected=$(printf '%03d.output' $((10#${script%.sh} + 1)))
  [ -e "$expected" ] || fail "nothing stands below the commands of block $script"
  bash -euo pipefail "$script" >said 2>errors || fail "block $script: $(cat "$script" errors)"
  cmp -s said "$expected" || fail "block $script: $(cat "$script"; diff said "$expected")"
  checked=$((checked + 1))
done
[ "$checked" -ge 8 ] || fail "only $checked examples"

# The segment is one that the whole reader of this page takes, and no other is.
cmp -s <(head -1 segment | jq -r .log) <(sed -n 2p segment | jq -r '.[0].log') || fail "the segment's header"
sed 's/"number":"SA/"number":"SB/' segment >changed
cmp -s segment changed && fail "the segment holds no case"
mv changed segment
red=0
for script in [0-9]*.sh; do
  expected=$(printf '%03d.output' $((10#${script%.sh} + 1)))
  { bash -euo pipefail "$script" 2>/dev/null || true; } | cmp -s - "$expected" || red=$((red + 1))
done
[ "$red" -ge 2 ] || fail "a changed record goes unnoticed"

# Every rule that the program names stands in the page.
rules=$(grep -rhoE '"(commit|segment|log|join|record|author|content|keys|ack)\.[a-z]+"' "$YIZHAN_SOURCE_DIR/sync" --include='*.c' | tr -d '"' | sort -u)
[ "$(wc -l <<<"$rules")" -gt 15 ] || fail "few rules: $rules"
for rule in $rules; do
  grep -F "\`$rule\`" "$YIZHAN_SOURCE_DIR/sync/FORMAT.md" >/dev/null || fail "FORMAT.md does not name the rule $rule"
done
echo "$checked examples hold"
