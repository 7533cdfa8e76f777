#!/bin/bash
# at_once.sh N: two and N processes at once on each of two nodes, village and hub, whatever they
# do: all end well, what each said is there, once, and nothing is left over.
. "$(dirname "$0")/../e2e/lib.sh"
MANY=${1:-20}

township 1
visit v1
opens v1 先 >/dev/null
visit v1
rows() { # FILE FIRST
  local i
  for i in $(seq "$2" $(($2 + 19))); do
    printf '{"id":"r%d","time":"2024-03-0%d 10:00","title":"第%d件","body":"经过%d"}\n' "$i" $((i % 9 + 1)) "$i" "$i"
  done >"$1"
}
rows same.jsonl 1
rows other.jsonl 101

# at N-th OF WHAT: one of the commands of a village, or of the hub, in turn.
village_at() {
  case $(($1 % 10)) in
    0) echo case import same.jsonl ;;
    1 | 6 | 8) echo case open --title "同时$2-$1" --text 经过 ;;
    2) echo sync ;;
    3) echo case import other.jsonl ;;
    4) echo backup "v1-$2-$1.backup" ;;
    5) echo case import same.jsonl ;;
    7) echo case list --limit 0 ;;
    9) echo sync ;;
  esac
}
hub_at() {
  case $(($1 % 5)) in
    0 | 3) echo hub ingest ;;
    1) echo hub case open --village V1 --title "镇里同时$2-$1" ;;
    2) echo case list --limit 0 ;;
    4) echo backup "hub-$2-$1.backup" ;;
  esac
}

# at_once N NAME: so many at each node, begun one after the other, none waited for.
at_once() {
  local n=$1 name=$2 i node runs=() what=()
  for i in $(seq 0 $((n - 1))); do
    for node in v1 hub; do
      # shellcheck disable=SC2046
      if [ $node = v1 ]; then set -- $(village_at "$i" "$name"); else set -- $(hub_at "$i" "$name"); fi
      y $node --json "$@" >"$name-$node-$i.out" 2>"$name-$node-$i.err" &
      runs+=($!)
      what+=("$node-$i: $*")
    done
  done
  for i in "${!runs[@]}"; do
    wait "${runs[i]}" || fail "at once ($name), ${what[i]}: $? $(cat "$name-${what[i]%%:*}".{out,err})"
  done
}

# settled NAME CASES: what was said is there, once.
settled() {
  local file node number
  for node in v1 hub; do
    yj $node '.[].case' case list --limit 0 | sort >"$node.cases"
    is "cases of $node that are there twice" "" "$(uniq -d $node.cases)"
  done
  for file in "$1"-*.out; do
    node=${file#"$1"-} node=${node%%-*}
    number=$(jq -r 'if type == "object" then .case // empty else empty end' "$file")
    [ -z "$number" ] || grep -qxF "$number" "$node.cases" || fail "$number was said, and is not at $node"
  done
  is "cases of the village" "$2" "$(wc -l <v1.cases)"
  visit v1
  visit v1
  well v1 V1
  clean hub v1
  is "left over" "" "$(find hub v1 -name '*.lock' ! -name yizhan.lock -o -path '*yizhan.incoming/pack/*' -o -name 'tmp_*' \
    -o -name '*.tmp*' -o -name '.yz-*')"
}

# Two of each: the same rows brought in twice, two cases, two contacts, two backups.
for i in 0 1; do
  y v1 --json case import same.jsonl >"two-v1-import-$i.out" 2>&1 &
  y v1 --json case open --title "两件$i" >"two-v1-open-$i.out" 2>&1 &
  y v1 --json sync >"two-v1-sync-$i.out" 2>&1 &
  y v1 --json backup "two$i.backup" >"two-v1-backup-$i.out" 2>&1 &
  y hub --json hub ingest >"two-hub-ingest-$i.out" 2>&1 &
done
for job in $(jobs -p); do wait "$job" || fail "two at once: $(cat two-*.out)"; done
is "rows said to be added" 20 "$(jq -s 'map(.added // empty) | add' two-v1-import-?.out)"
settled two 23

at_once "$MANY" many
opened=$(cat many-v1-*.out | jq -s '[.[] | objects | select(.case)] | length')
settled many $((23 + 20 + opened))
for file in v1-many-*.backup; do
  rm -rf restored
  y restored restore "$file" >said
  clean restored
done
echo "$((2 * MANY)) at once, $opened cases opened meanwhile"
