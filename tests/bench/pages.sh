# shellcheck shell=bash
# The first page of the list, one case and one search, inside the program.
village
"$YIZHAN_BENCH" pages v.full >pages.json
for page in list show search; do
  measured=$(jq ".$page.measured[] * 1000" pages.json | median)
  floor=$(jq ".$page.floor[] * 1000" pages.json | median)
  figure "case $page, first page" ms "$measured" "$floor" "$(calc "$measured / $floor")" '<= 20' "$measured"
done
