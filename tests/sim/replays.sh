#!/bin/bash
# A seed replays exactly: the same trace, the same hash.
set -euo pipefail
one=$("$1" --seed 7 --records 60 --trace)
two=$("$1" --seed 7 --records 60 --trace)
[ -n "$one" ] && [ "$one" = "$two" ] || { echo "seed 7 went two ways"; exit 1; }
grep -q '^seed 7: trace [0-9a-f]\{16\}$' <<< "$one"
