#!/bin/bash
# A year of a township of five villages, and an independent, plain calculation over the records
# that each node exports, which must find every list and figure as the node prints it.
# In memory where that can be: the disk has tests of its own.
[ -n "${TMPDIR:-}" ] || [ ! -w /dev/shm ] || export TMPDIR=/dev/shm
. "$(dirname "$0")/lib.sh"
cases=${1:-${YIZHAN_YEAR_CASES:-600}}
${CC:-cc} -shared -fPIC -D_GNU_SOURCE -o clock.so "$ROOM/clock.c" -ldl || exit 77
export ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 SEED=${SEED:-2026}
"$PYTHON" "$ROOM/year.py" "$YIZHAN" "$HERE/clock.so" "$cases" || fail "the year with seed $SEED"
