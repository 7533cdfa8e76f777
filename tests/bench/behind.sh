# shellcheck shell=bash
# Sync of one record with very many behind it, against few.
township few.hub few
township many.hub many
cases "$(size 10000 50)" 4 few.jsonl
cases "$(size 1000000 300)" 5 many.jsonl
for v in few many; do
  split -l 200000 --additional-suffix=.jsonl "$v.jsonl" "$v.part."
  for part in "$v".part.*; do y "$v" case import "$part" >/dev/null; done
  rm -f "$v.jsonl" "$v".part.*
  met "$v.hub" "$v"
done
for round in $(seq "$(size 11 3)"); do
  for v in few many; do
    y "$v" case open --title "路灯 $round" >/dev/null 2>&1
    seconds y "$v" --json sync >>"behind.$v"
    jq '.bytes_up + .bytes_down' said >>"bytes.$v"
    y "$v.hub" hub ingest >/dev/null
    y "$v" sync >/dev/null
  done
done
few=$(median <behind.few) many=$(median <behind.many)
figure 'one record, many behind it: time' s "$many" "$few" "$(calc "$many / $few")" '<= 1.2' "$(calc "$many / $few")"
few=$(median <bytes.few) many=$(median <bytes.many)
figure 'one record, many behind it: bytes' bytes "$many" "$few" "$(calc "$many / $few")" '<= 1.2' "$(calc "$many / $few")"
rm -rf few* many* behind.* bytes.*
