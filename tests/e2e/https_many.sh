#!/bin/bash
# https_many.sh N RECORDS: as many villages at once, each with so much to say; none is turned away, all
# are answered, and the hub with its gits stays small.
. "$(dirname "$0")/https_lib.sh"
: "${YIZHAN_BENCH:?what makes cases}"
many=$1 records=$2

y hub hub init --township 青山镇 --code QSZ --url https://127.0.0.1:1 >said
serve
own_memory() { awk '/^RssAnon/ { print $2 }' "/proc/$SERVER/status"; }
[ "$(own_memory)" -le 10240 ] || fail "idle, the hub holds $(own_memory) KiB"
"$YIZHAN_BENCH" words "$records" 1 >cases.jsonl
for v in $(seq "$many"); do
  village "$v"
  y "v$v" case import cases.jsonl >said
done
"$PYTHON" "$ROOM/../harness/weigh.py" "$SERVER" >most &
weigh=$!
runs=()
for v in $(seq "$many"); do
  y "v$v" --json sync >"v$v.answer" 2>"v$v.said" &
  runs+=($!)
done
for v in $(seq "$many"); do
  wait "${runs[v - 1]}" || fail "the contact of $v: $(cat "v$v.said")"
done
kill "$weigh"
wait "$weigh"
most=$(cat most)
# What the hub had no time to receipt while all were there it has for who comes alone.
for v in $(seq "$many"); do
  [ "$(jq .pending "v$v.answer")" = 0 ] || y "v$v" --json sync >"v$v.answer"
  is "pending at $v" 0 "$(jq .pending "v$v.answer")"
done
is "cases at the hub" $((many * records)) "$(yj hub length case list --limit 0)"
[ "$most" -gt 4096 ] && [ "$most" -le 102400 ] || fail "the hub and its gits held $most KiB"
is "files left" "" "$(find hub -name '.yz-*' -o -name 'tmp_*' -o -name 'incoming*')"
until_so '[ "$(own_memory)" -le 10240 ]'
clean hub v1 "v$many"
unserve
echo "$many villages at once; the hub and its gits held $most KiB"
