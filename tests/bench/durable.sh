# shellcheck shell=bash
# Durable case open by the library, against one-row transactions in bare SQLite.
rows=$(size 1000 20)
alone durable
"$YIZHAN_BENCH" durable durable "$rows" >durable.json
measured=$(jq '.measured[]' durable.json | median) floor=$(jq '.floor[]' durable.json | median)
figure 'case open, durable' 'cases/s' "$(calc "$rows / $measured")" "$(calc "$rows / $floor")" \
  "$(calc "$floor / $measured")" '>= 0.6' "$(calc "$floor / $measured")"
rm -rf durable
