#!/bin/bash
# https_many.sh N: as many villages at once, each with something to say; none is turned away, and
# the hub stays as small as it was.
. "$(dirname "$0")/https_lib.sh"
many=$1

y hub hub init --township 青山镇 --code QSZ --url https://127.0.0.1:1 >said
serve
resident() { awk '/^VmHWM/ { print $2 }' "/proc/$SERVER/status"; }
for v in $(seq "$many"); do
  village "$v"
  opens "v$v" "村$v 的事" >said
done
before=$(resident)
for turn in first second; do
  runs=()
  for v in $(seq "$many"); do
    y "v$v" --json sync >"v$v.$turn" 2>"v$v.said" &
    runs+=($!)
  done
  for v in $(seq "$many"); do
    wait "${runs[v - 1]}" || fail "the $turn contact of $v: $(cat "v$v.said")"
  done
done
# What the hub had no time for while all were there it has for who comes alone.
for v in $(seq "$many"); do y "v$v" --json sync >"v$v.alone"; done
is "cases at the hub" "$many" "$(yj hub length case list --limit 0)"
for v in $(seq "$many"); do is "pending at $v" 0 "$(jq .pending "v$v.alone")"; done
grown=$(($(resident) - before))
[ "$grown" -lt 65536 ] || fail "the hub grew by $grown KiB"
is "files left" "" "$(find hub -name '.yz-*' -o -name 'tmp_*' -o -name 'incoming*')"
clean hub v1 "v$many"
unserve
echo "$many villages at once; the hub grew by $grown KiB"
