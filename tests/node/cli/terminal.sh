#!/bin/bash
# Passphrases typed on a terminal, and tables on one.
. "$(dirname "$0")/../../harness/script.sh"
: "${YIZHAN_PYTHON:?}"

"$YIZHAN_PYTHON" -c 'import os; os.openpty()' 2>said || {
  echo "skipped: no terminals are to be had here (is devpts mounted?)"
  exit 77
}
type_at() {
  "$YIZHAN_PYTHON" "$YIZHAN_SOURCE_DIR/tests/node/cli/terminal.py" "$@"
}

exits 1 type_at 一二三 一二四 -- "$YIZHAN" init --village a --code AB --passphrase --dir v
[ ! -e v/yizhan.db ] || fail "a node was made although the two were not the same"
exits 0 type_at 一二三 一二三 -- "$YIZHAN" init --village a --code AB --passphrase --dir v
! grep -q 一二三 said || fail "the passphrase was shown: $(cat said)"
grep -q "Recovery code" said || fail "no recovery code: $(cat said)"
exits 0 type_at 一二三 -- "$YIZHAN" --dir v case open --title 路灯坏了
! grep -q 一二三 said || fail "the passphrase was shown: $(cat said)"
exits 1 type_at 一二四 -- "$YIZHAN" --dir v case open --title 路灯坏了
exits 1 type_at $'\003' -- "$YIZHAN" --dir v case open --title 路灯坏了
is "opened" 1 "$(yj v length case list)"

# A title wider than the terminal is cut between two characters.
printf '一二三' >word
y v case open --passphrase-file word --title "$(printf '灯%.0s' {1..200})" >said
type_at -- "$(command -v bash)" -c 'stty cols 80; "$1" --dir v case list' - "$YIZHAN" >out
"$YIZHAN_PYTHON" - <<'P'
import unicodedata
lines = open("out", "rb").read().decode("utf-8").splitlines()
widths = [sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in lines]
assert len(lines) == 3, lines
assert max(widths) in (79, 80), widths
P
