#!/bin/bash
# Ended by SIGKILL before a call that puts something on disk, at seeded moments of import,
# sync and ingest: the same command then ends well, and nothing is lost or there twice.
. "$(dirname "$0")/lib.sh"
. "$ROOM/kill.sh"

kept() { tar -cf "$1.tar" hub v1; }
back() { rm -rf hub v1 && tar -xf "$1.tar"; }

# whole WHAT: both sides agree, nothing is twice, and nothing of the killed is left over.
whole() {
  visit v1
  visit v1
  is "cases after $1" 41 "$(yj v1 .cases status)"
  well v1 V1
  clean hub v1
  is "left over after $1" "" "$(find hub v1 -name '*.lock' ! -name yizhan.lock -o -path '*yizhan.incoming/pack/*' -o -name 'tmp_*' -o -name '*.tmp*')"
}

# dies TIMES NAME COMMAND...: from the state NAME, over and over, each time elsewhere.
dies() {
  local times=$1 name=$2 calls at
  shift 2
  is "$* without harm" 0 "$(killed 0 "$@")"
  calls=$(stat -c %s count)
  [ "$calls" -gt 3 ] || fail "'$*' put nothing on disk"
  for _ in $(seq "$times"); do
    back "$name"
    at=$((RANDOM % calls + 1))
    is "$* killed at $at of $calls" 137 "$(killed "$at" "$@")"
    "$@" >again 2>&1 || fail "'$*' after it was killed at $at of $calls (seed $SEED): $(cat again)"
    [ "$name" != import ] || is "taken in" 40 "$(($(jq '.added + .skipped' again)))"
    whole "'$*' killed at $at of $calls (seed $SEED)"
  done
  echo "$name: survived $times of $calls moments"
}

township 1
visit v1
opens v1 先 >number
visit v1
for i in $(seq 40); do
  printf '{"id":"r%d","time":"2024-03-0%d 10:00","title":"第%d件","body":"经过%d"}\n' "$i" $((i % 9 + 1)) "$i" "$i"
done >rows.jsonl
v1() { "$YIZHAN" --dir v1 "$@"; }

kept import
dies 12 import "$YIZHAN" --dir v1 --json case import rows.jsonl
back import
v1 --json case import rows.jsonl >said
kept send
dies 12 send "$YIZHAN" --dir v1 sync
back send
v1 sync >said
kept ingest
dies 16 ingest "$YIZHAN" --dir hub hub ingest
back ingest
y hub hub ingest >said
y hub case resolve "$(cat number)" --text 办好 >said
y hub hub ingest >said
kept receive
dies 8 receive "$YIZHAN" --dir v1 sync
is "the answer" resolved "$(yj v1 .state case show "$(cat number)")"

# Locks that others left behind.
back receive
for repository in hub/ledgers/V1.git v1/ledgers/*.git; do
  touch -d '2 hours ago' "$repository/packed-refs.lock" "$repository/HEAD.lock" \
    "$repository/refs/heads/log/$(own v1).lock"
done
whole "locks left behind"
signed hub/ledgers/V1.git hub
signed "$(echo v1/ledgers/*.git)" v1
echo "no moment was the wrong one"
