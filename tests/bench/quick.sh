#!/usr/bin/env bash
# The bench runs, and each figure is a whole one: small, and no time is looked at.
. "$(dirname "$0")/../harness/script.sh"
"$YIZHAN_SOURCE_DIR/tools/bench" --quick --json "$HERE/figures.json" durable import ingest pages api names idle sync road attached packs \
  >"$HERE/table"
is 'whole figures' true "$(jq '.quick and (.figures | length >= 20 and all(
  (.figure | length > 0) and ([.measured, .floor, .ratio] | all(type == "number" and . > 0)) and
  (.aim == "" or (.reached | type == "boolean"))))' "$HERE/figures.json")"
is 'a row for each, and one of names' "$(jq '.figures | length + 1' "$HERE/figures.json")" "$(wc -l <"$HERE/table")"
