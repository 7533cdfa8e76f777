#!/bin/bash
# One flipped bit anywhere in what a village keeps: harmless, or named by verify and healed.
. "$(dirname "$0")/../e2e/lib.sh"
FLIPS=${1:-60}
: "${SEED:=$(date +%s)}"
echo "seed $SEED"
township 1
visit v1
opens v1 一 >one
opens v1 二 >two
visit v1
y hub case resolve "$(cat one)" --text 办好 >said
visit v1
opens v1 三 >three
visit v1
mkdir room && cd room && mv ../v1 v
"$PYTHON" "$ROOM/../fault/rot.py" "$YIZHAN" "$SEED" "$FLIPS"
