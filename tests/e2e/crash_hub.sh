#!/bin/bash
# Ended by SIGKILL before a call that puts something on disk, at seeded moments of the commands
# by which a hub is peopled and recovered: whatever invitation there is counts, and the same
# command then ends well, with nothing left undone.
. "$(dirname "$0")/lib.sh"
. "$ROOM/kill.sh"

back() { rm -rf hub share v9.json && tar -xf before.tar; }

# dies TIMES CHECK COMMAND...: from before.tar, over and over, each time elsewhere.
dies() {
  local times=$1 check=$2 calls at i
  shift 2
  tar -cf before.tar hub share
  is "$* without harm" 0 "$(killed 0 "$@")"
  calls=$(stat -c %s count)
  "$check" || fail "$* did not do it"
  for i in $(seq "$times"); do
    back
    at=$((i == 1 ? calls : RANDOM % calls + 1))
    is "$* killed at $at of $calls" 137 "$(killed "$at" "$@")"
    [ ! -e v9.json ] || counts || fail "an invitation that does not count, killed at $at of $calls (seed $SEED)"
    "$@" >again 2>&1 || fail "'$*' after it was killed at $at of $calls (seed $SEED): $(cat again)"
    "$check" || fail "'$*' killed at $at of $calls (seed $SEED) is not done: $(cat again)"
    clean hub
  done
  echo "$*: survived $times of $calls moments"
}

# The word in the file is one that the hub knows.
counts() {
  [ 1 = "$(sqlite3 hub/yizhan.db "SELECT count(*) FROM invitation WHERE hex(word)=upper('$(jq -r .word v9.json)')")" ]
}
# The successor's log lies in both ledgers, to its last record.
published() {
  local v log head
  for v in 1 2; do
    log=$(sqlite3 hub/yizhan.db "SELECT lower(hex(own)) FROM ledger WHERE hex(id)=upper('$(jq -r .ledger "v$v.json")')")
    head=$(sqlite3 hub/yizhan.db "SELECT max(r.seq) FROM record r JOIN log l ON l.n=r.log WHERE hex(l.id)=upper('$log')")
    [ -n "$head" ] && [ "$head" = "$(git -C "share/V$v.git" grep -h '^{"end":' "log/$log" -- '*.jsonl' | jq -s 'map(.end) | max')" ] || return 1
  done
}

y hub --json hub init --township 青山镇 --code QSZ >made
jq -r .recovery_key made >paper
mkdir share
for v in 1 2; do
  git init -q --bare "share/V$v.git"
  village "$v" --ledger "share/V$v.git"
done
y hub settings set --accept 2 --office 民政办 >said
visit v1 v2
opens v1 先 >number
visit v1
git init -q --bare share/V9.git
dies 10 counts "$YIZHAN" --dir hub hub invite --village 村9 --code V9 --ledger share/V9.git -o v9.json
back
rm -rf hub
mkdir hub
dies 12 published "$YIZHAN" --dir hub hub recover share/V1.git share/V2.git --township 青山镇 --code QSZ --recovery-key-file paper
for _ in 1 2; do
  for v in 1 2; do y "v$v" sync >said; done
  y hub hub ingest >said
done
visit v1 v2
visit v1 v2
for v in 1 2; do well "v$v" "V$v"; done
is "settled" '2 民政办' "$(yj hub '"\(.accept) \(.offices[0])"' settings show)"
