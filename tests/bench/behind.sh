# shellcheck shell=bash
# Sync of one record with very many behind it, against few.
far_behind
for round in $(seq "$(size 11 3)"); do
  for v in near far; do
    y "$v" case open --title "路灯 $round" >/dev/null 2>&1
    seconds y "$v" --json sync >>"behind.$v"
    jq '.bytes_up + .bytes_down' said >>"bytes.$v"
    y "$v.hub" hub ingest >/dev/null
    y "$v" sync >/dev/null
  done
done
near=$(median <behind.near) far=$(median <behind.far)
figure 'one record, many behind it: time' s "$far" "$near" "$(calc "$far / $near")" '<= 1.2' "$(calc "$far / $near")"
near=$(median <bytes.near) far=$(median <bytes.far)
figure 'one record, many behind it: bytes' bytes "$far" "$near" "$(calc "$far / $near")" '<= 1.2' "$(calc "$far / $near")"
rm -f behind.* bytes.*
