# shellcheck shell=bash
# This program, for compare.sh. Of the road by HTTPS what is counted is HTTP, without TLS, as the others have none.
alone made
"$YIZHAN_BENCH" durable made "$singles" >durable.json
our_rate=$(calc "$singles / $(jq '.measured[]' durable.json | median)")
township hub v
y v case import rows.jsonl >/dev/null
first_sync() {
  y v --json sync >sync.json
  y hub hub ingest
  y v sync
}
our_first=$(seconds first_sync) our_bytes=$(jq '.bytes_up + .bytes_down' sync.json)
y v case open --title 又一件 --text "$(jq -rs '.[0].text' rows.jsonl)" >/dev/null 2>&1
our_one=$(seconds y v --json sync)
rm -rf hub v hub.invitation

# A stick for a hub that has nothing yet.
township hub v
y v case import rows.jsonl >/dev/null
mkdir stick
our_out=$(seconds y v parcel write stick)
our_stick=$(find stick -type f -printf '%s\n' | jq -s add)
our_in=$(seconds y hub parcel read stick)
our_peak=$("$YIZHAN_BENCH" spawn 1 "$YIZHAN" --dir v status | jq .peak)
rm -rf hub v hub.invitation stick

# One more record, by a hub that is served, which has the others.
. "$source/tests/bench/road_lib.sh"
y hub hub init --township 示例镇 --code SZ --worker 示例镇干部 --url https://127.0.0.1:1 >/dev/null
serve_road
our_idle=$(resident "$server")
joined
y v case import rows.jsonl >/dev/null
contact push
contact refs
y v case open --title 又一件 --text "$(jq -rs '.[0].text' rows.jsonl)" >/dev/null 2>&1
contact push
our_one_bytes=$(http) our_one_turns=$(wc -l <turns)
end_page
rm -rf hub v hub.invitation

# Villages to one hub, one after the other, until the last has its receipt.
y hub hub init --township 示例镇 --code SZ --worker 示例镇干部 >/dev/null
for v in $(seq "$villages"); do
  y hub hub invite --village "村$v" --code "V$v" --output "v$v.invitation" >/dev/null
  y "v$v" join "v$v.invitation" --worker 示例干部 >/dev/null
  y "v$v" sync >/dev/null
done
y hub hub ingest >/dev/null
for v in $(seq "$villages"); do y "v$v" sync >/dev/null && y "v$v" case import "village$v.jsonl" >/dev/null; done
villages_to_hub() {
  local v
  for v in $(seq "$villages"); do y "v$v" sync; done
  y hub hub ingest
  for v in $(seq "$villages"); do y "v$v" sync; done
}
our_villages=$(seconds villages_to_hub)
[ "$(y "v$villages" --json status | jq .pending)" = 0 ]
rm -rf hub v[0-9]*

alone v
y v case import many.jsonl >/dev/null
y v case list --search 路灯 >/dev/null # the index catches up once
our_found=$(seconds y v case list --search 驿道)
[ "$(y v --json case list --search 驿道 | jq length)" = 10 ]
rm -rf v made
