# shellcheck shell=bash
# Import of a table, against parsing, signing and inserting its rows.
rows=$(size 20000 200)
cases "$rows" 2 rows.jsonl
for round in $(seq "$(size 3 1)"); do
  alone "import$round"
  seconds y "import$round" case import rows.jsonl >>import.measured
  "$YIZHAN_BENCH" import-floor rows.jsonl "import$round.db" | jq .seconds >>import.floor
  rm -rf "import$round" "import$round".db*
done
measured=$(calc "$rows / $(median <import.measured)") floor=$(calc "$rows / $(median <import.floor)")
figure 'import' 'cases/s' "$measured" "$floor" "$(calc "$measured / $floor")" '>= 5000' "$measured"
rm import.measured import.floor
