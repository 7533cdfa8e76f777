#!/bin/bash
# A fault at each call that puts something on disk, of one command after another: sweep.py, with
# its arguments. sweep.sh seen: faults that the disk hides, or that the program would have, are noticed.
. "$(dirname "$0")/../e2e/lib.sh"
${CC:-cc} -shared -fPIC -D_GNU_SOURCE -O2 -o disk.so "$ROOM/../harness/disk.c" -ldl || exit 77
FAULT=$ROOM/../fault
if [ "${1:-}" != seen ]; then
  "$PYTHON" "$FAULT/sweep.py" "$@"
  exit
fi
: "${SEED:=$(date +%s)}"

# noticed WHAT COMMAND ARGUMENTS...: it goes red, by what it looks for.
noticed() {
  local what=$1
  shift
  mkdir room && (cd room && cp ../disk.so . && "$PYTHON" "$FAULT/sweep.py" --seed "$SEED" "$@") >red 2>&1 &&
    fail "$what was not noticed (seed $SEED): $(cat red)"
  grep -m1 '^WRONG' red || fail "$what: red, but not by what is looked for: $(cat red)"
  rm -rf room
}
noticed "success said before it was true" --plant DISK_EARLY --only case-open --do kill
noticed "a write that was none" --only case-open --do lie
