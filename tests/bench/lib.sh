# shellcheck shell=bash
# What the families share: cases to work with, clocks, and how a figure is said.
export HOME=$PWD YIZHAN_LANG=en GIT_CONFIG_NOSYSTEM=1

# size FULL QUICK
size() { [ "$QUICK" = yes ] && echo "$2" || echo "$1"; }

# figure NAME UNIT MEASURED FLOOR RATIO AIM VALUE: rounded to three digits. AIM is ">= N" or
# "<= N", kept by VALUE; "" for none.
figure() {
  jq -nc --arg figure "$1" --arg unit "$2" --argjson measured "$3" --argjson floor "$4" \
    --argjson ratio "$5" --arg aim "$6" --argjson value "${7:-null}" '
    def digits: if . == null or . == 0 then . else
      . as $x | (3 - ($x | fabs | log10 | floor) - 1) as $d | pow(10; $d) as $p | ($x * $p | round) / $p end;
    ($aim | split(" ")) as $a
    | {$figure, $unit, measured: ($measured | digits), floor: ($floor | digits), ratio: ($ratio | digits), $aim,
       reached: (if $aim == "" then null elif $a[0] == ">=" then $value >= ($a[1] | tonumber)
         else $value <= ($a[1] | tonumber) end)}' >>"$FIGURES"
}

# calc EXPRESSION: by jq.
calc() { jq -n "$1"; }
# median: of numbers on stdin.
median() { jq -s 'sort | .[length / 2 | floor]'; }
# seconds COMMAND...: how long it took; what it says goes to $room/said.
seconds() {
  local from=$EPOCHREALTIME
  "$@" >said 2>&1 || { cat said >&2; return 1; }
  local to=$EPOCHREALTIME
  calc "$to - $from"
}
y() { local node=$1; shift; "$YIZHAN" --dir "$node" "$@"; }

# cases N SEED FILE
cases() { "$YIZHAN_BENCH" words "$1" "$2" >"$3"; }
# alone NODE: a village that works alone.
alone() { y "$1" init --village 示例村 --code SL --worker 示例干部 >/dev/null; }
# township HUB VILLAGE: a hub and a village that has joined.
township() {
  y "$1" hub init --township 示例镇 --code SZ --worker 示例镇干部 >/dev/null
  y "$1" hub invite --village 示例村 --code SL --output "$1.invitation" >/dev/null
  y "$2" join "$1.invitation" --worker 示例干部 >/dev/null
  met "$1" "$2"
}
# met HUB VILLAGE: one contact, and the receipt.
met() {
  y "$2" sync >/dev/null
  y "$1" hub ingest >/dev/null
  y "$2" sync >/dev/null
}
# dated: dated.jsonl, many cases of ten years from ten thousand people, ten of which have a word that nobody else
# has; made once.
dated() {
  local n now=$EPOCHSECONDS
  n=$(size 100000 300)
  [ -e dated.jsonl ] || cases "$n" 1 plain.jsonl
  [ -e dated.jsonl ] || jq -c --argjson n "$n" --argjson now "$now" '
    .resident = ("示例村民" + ("000\(input_line_number % 10000)" | .[-4:]))
    | .time = ($now - 315360000 * (1 - input_line_number / $n) - 60 | floor | todate)
    | if input_line_number % ($n / 10) == 1 then .text = .text[:100] + "驿道" + .text[100:] else . end' \
    plain.jsonl >dated.jsonl
  rm -f plain.jsonl
}
# village: v.full, alone, with the many cases that several families look at; made once.
village() {
  [ -d v.full ] || {
    alone v.full
    dated
    y v.full case import dated.jsonl >/dev/null
  }
}
# far_behind: near and far, villages whose ten thousand and million records near.hub and far.hub have; made once.
far_behind() {
  local v part
  [ ! -d near ] || return 0
  cases "$(size 10000 50)" 4 near.jsonl
  cases "$(size 1000000 300)" 5 far.jsonl
  for v in near far; do
    township "$v.hub" "$v"
    split -l 200000 --additional-suffix=.jsonl "$v.jsonl" "$v.part."
    for part in "$v".part.*; do y "$v" case import "$part" >/dev/null; done
    rm -f "$v.jsonl" "$v".part.*
    met "$v.hub" "$v"
  done
}
# serve_page NODE COMMAND...: its page, at $url, by $server.
serve_page() {
  exec 3< <(exec "$YIZHAN" --dir "$1" --json "${@:2}")
  server=$!
  read -r said_page <&3
  url=$(jq -r '.url // .page' <<<"$said_page")
}
end_page() {
  kill "$server"
  wait "$server"
  exec 3<&-
  unset server
}
