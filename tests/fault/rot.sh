#!/bin/bash
# rot.sh v|hub FLIPS [schema]: one flipped bit anywhere in what a village or its hub keeps (schema: in
# the words that say how the store's tables were made): harmless, or named by verify and healed.
. "$(dirname "$0")/../e2e/lib.sh"
NODE=$1 FLIPS=$2
: "${SEED:=1}"
echo "seed $SEED"
township 1
y hub settings set --zone +05:45 >said
visit v1
opens v1 一 >one
opens v1 二 >two
visit v1
y hub case resolve "$(cat one)" --text 办好 >said
visit v1
opens v1 三 >three
visit v1
mkdir room && cd room && mv ../v1 v && mv ../hub hub
"$PYTHON" "$ROOM/../fault/rot.py" "$YIZHAN" "$NODE" "$SEED" "$FLIPS" ${3:-}
