# shellcheck shell=bash
# Start to first output, and peak memory, of everyday commands; against echo.
village
number=$(y v.full --json case list --limit 1 | jq -r '.[0].case')
y v.full case list --search 路灯 >/dev/null
everyday() {
  local name=$1 round
  shift
  for round in 1 2 3; do
    "$YIZHAN_BENCH" spawn 5 "$YIZHAN" --dir v.full "$@" >>spawn.measured 2>spawn.said
    "$YIZHAN_BENCH" spawn 5 echo >>spawn.floor
  done
  local measured floor
  measured=$(jq '.seconds[] * 1000' spawn.measured | median) floor=$(jq '.seconds[] * 1000' spawn.floor | median)
  figure "$name: start to first output" ms "$measured" "$floor" "$(calc "$measured / $floor")" '<= 20' "$measured"
  measured=$(jq .peak spawn.measured | jq -s 'max / 1e6') floor=$(jq .peak spawn.floor | jq -s 'max / 1e6')
  figure "$name: peak memory" MB "$measured" "$floor" "$(calc "$measured / $floor")" '<= 20' "$measured"
  rm spawn.*
}
everyday 'case list' case list
everyday 'case list --search' case list --search 路灯
everyday 'case show' case show "$number"
everyday 'case open' case open --title 路灯不亮 --text 村口的灯坏了
everyday 'case note' case note "$number" --text 已看现场
everyday 'status' status
everyday 'stats' stats
