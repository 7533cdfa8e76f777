#!/bin/bash
# A township and a disk that fails (tests/harness/disk.c): town.sh NAME ARGUMENTS... runs
# sweep.py, powercut.py, served.py or journal.py. town.sh sweep|powercut seen: faults that are planted in what the
# program does, or in the disk, turn them red.
. "$(dirname "$0")/../e2e/lib.sh"
WHICH=$1
shift
${CC:-cc} -shared -fPIC -D_GNU_SOURCE -O2 -o disk.so "$ROOM/../harness/disk.c" -ldl || exit 77
if [ "${1:-}" != seen ]; then
  "$PYTHON" "$ROOM/../fault/$WHICH.py" "$@"
  exit
fi
: "${SEED:=1}"

# noticed WHAT ARGUMENTS...: it goes red, by what it looks for.
noticed() {
  local what=$1
  shift
  mkdir room
  ! (cd room && cp ../disk.so . && "$PYTHON" "$ROOM/../fault/$WHICH.py" --seed "$SEED" "$@") >red 2>&1 ||
    fail "$what was not noticed (seed $SEED): $(cat red)"
  grep -m1 '^WRONG' red || fail "$what: red, but not by what is looked for: $(cat red)"
  rm -rf room
}
if [ "$WHICH" = sweep ]; then
  noticed "success said before it was true" --plant DISK_EARLY --only case-open --do kill
  noticed "a write that was none" --only case-open --do lie
else
  noticed "no flush at all" --plant DISK_DEAF --only case-open
  noticed "success said before it was true" --plant DISK_EARLY --only case-open
  noticed "no flush of repositories" --plant DISK_DEAF --only sync-send
fi
