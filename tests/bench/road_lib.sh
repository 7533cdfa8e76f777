# shellcheck shell=bash
# A hub that is served by HTTPS, and what a contact there costs. Sourced by families.
serve_road() {
  exec 3< <(exec "$YIZHAN" --dir hub --json hub serve --listen 127.0.0.1:0 --page 127.0.0.1:0)
  server=$!
  read -r said_road <&3
  y hub hub config url "https://127.0.0.1:$(jq .port <<<"$said_road")" >/dev/null
}
# joined: a village by that road, which has heard of it.
joined() {
  y hub hub invite --village 示例村 --code SL --output hub.invitation >/dev/null
  y v join hub.invitation --worker 示例干部 >/dev/null
  y v sync >/dev/null
  y v sync >/dev/null
}
# contact: a sync; the log's lines of it in $room/turns, what it says in $room/contact.
contact() {
  local before
  before=$(wc -l <hub/access.log)
  y v --json sync >contact
  kill -0 "$server"
  for _ in {1..50}; do
    tail -n "+$((before + 1))" hub/access.log >turns
    [ ! -s turns ] || [ "$(tail -n 1 turns | cut -d ' ' -f 5)" != "$1" ] || return 0
    sleep 0.1
  done
  return 1
}
# http: bytes of HTTP both ways. The log does not count the heads of answers, which are of 100 bytes, nor the lengths
# between the parts of a push.
http() { awk '{ n += $7 + $8 + 115 } END { print n }' turns; }
