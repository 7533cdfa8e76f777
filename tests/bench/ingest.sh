# shellcheck shell=bash
# A hub takes in many records, the search index aside: on one core against parsing,
# verifying and inserting them, and on two cores against one. Then the index catches up.
records=$(size 100000 300)
township hub joined
[ -e full.jsonl ] || cases "$records" 1 full.jsonl
y joined case import full.jsonl >/dev/null
y joined sync >/dev/null
for round in $(seq "$(size 3 1)"); do
  for cores in 0 0,1; do
    cp -r hub hub.copy
    seconds taskset -c "$cores" "$YIZHAN" --dir hub.copy hub ingest >>"ingest.$cores"
    [ "$cores" = 0 ] || {
      "$YIZHAN_BENCH" catch-up hub.copy | jq .seconds >>catch.measured
      "$YIZHAN_BENCH" catch-up-floor hub.copy index.db | jq .seconds >>catch.floor
    }
    rm -rf hub.copy index.db*
  done
  taskset -c 0 "$YIZHAN_BENCH" ingest-floor joined/yizhan.db floor.db | jq .seconds >>ingest.floor
  rm -f floor.db*
done
one=$(median <ingest.0) two=$(median <ingest.0,1) floor=$(median <ingest.floor)
figure 'hub ingest, one core' 'records/s' "$(calc "$records / $one")" "$(calc "$records / $floor")" \
  "$(calc "$floor / $one")" '>= 0.7' "$(calc "$floor / $one")"
figure 'hub ingest, two cores against one' 'records/s' "$(calc "$records / $two")" "$(calc "$records / $one")" \
  "$(calc "$one / $two")" '>= 1.6' "$(calc "$one / $two")"
measured=$(calc "$records / $(median <catch.measured)") floor=$(calc "$records / $(median <catch.floor)")
figure 'search index catching up' 'records/s' "$measured" "$floor" "$(calc "$measured / $floor")" '>= 15000' "$measured"
rm -rf hub joined hub.invitation ingest.* catch.*
