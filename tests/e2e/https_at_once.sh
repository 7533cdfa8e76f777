#!/bin/bash
# https_at_once.sh [ROUNDS]: two PCs of one village bring their records at the same time, while the hub's server is ended by
# SIGKILL at seeded moments and served again: nothing that was said is lost, and nothing of it lies about.
. "$(dirname "$0")/https_lib.sh"
SEED=${SEED:-2026}
RANDOM=$SEED

y hub hub init --township 青山镇 --code QSZ --url https://127.0.0.1:1 >said
serve
village 1
y hub hub invite --pc V1 -o pc.json >said
y p1 join pc.json --worker 干部乙 >said
for v in v1 p1; do y "$v" sync >said; done

# brings PC: what it has; a road that breaks off is no fault.
brings() {
  local status=0
  y "$1" sync >"$1.said" 2>&1 || status=$?
  [ $status = 0 ] || [ $status = 3 ] || { echo "$1: $status, $(cat "$1.said")" >>wrong; return 1; }
}
: >wrong
cut=0
for round in $(seq "${1:-10}"); do
  for v in v1 p1; do opens "$v" "$v 第 $round 件" >said; done
  brings v1 &
  one=$!
  brings p1 &
  two=$!
  if [ $((round % 3)) != 0 ]; then
    sleep "0.$((RANDOM % 900 + 100))"
    kill -9 "$SERVER"
    wait "$SERVER" || true
    exec 3<&-
    serve "$PORT"
    cut=$((cut + 1))
  fi
  wait "$one" && wait "$two" || fail "seed $SEED: $(cat wrong)"
done
for v in v1 p1 v1 p1; do y "$v" sync >said; done
for v in v1 p1; do
  is "pending at $v (seed $SEED)" 0 "$(yj "$v" .pending status)"
  is "cases at $v" $((2 * ${1:-10})) "$(yj "$v" length case list --limit 0)"
done
is "cases at the hub" $((2 * ${1:-10})) "$(yj hub length case list --limit 0)"
is "kept apart" "" "$(rules V1)"
well v1 V1
# What a git that was left alone leaves is swept at the next contact or ingest.
unserve
y hub hub ingest >said
is "files left" "" "$(find hub -name '.yz-*' -o -name 'tmp_*' -o -name 'incoming*' -o -name '*.lock' ! -name yizhan.lock)"
clean hub v1 p1
echo "$((2 * ${1:-10})) contacts of two PCs, the server killed $cut times (seed $SEED)"
