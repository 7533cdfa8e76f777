# shellcheck shell=bash
# What tests of weak links share: a hub that is served, with a link before it (tests/harness/link.py)
# whose rules change while it is used; and a village that watches for the road.
. "$(dirname "${BASH_SOURCE[0]}")/https_lib.sh"
LINK=
WATCH=
trap 'end $WATCH $LINK ${SERVER:-}; rm -rf "$HERE"' EXIT

# link RULES: how the link is from now on.
link() { echo "$*" >rules.new && mv rules.new rules; }
# linked [HOST]: the hub is served and invites to the link, which is good and listens at HOST.
linked() {
  local host=${1:-127.0.0.1} port
  y hub hub init --township 青山镇 --code QSZ >said
  y hub hub config url https://127.0.0.1:1 >said
  serve
  link good
  exec 4< <(exec env LINK_HOST="$host" "$PYTHON" "$ROOM/../harness/link.py" "$PORT" "$PWD/rules" 7)
  LINK=$!
  read -r port <&4 || fail "no link"
  y hub hub config url "https://$host:$port" >said
}

# all_out: nobody is in any more, so that all bytes are counted.
all_out() { until [ "$(cut -d ' ' -f 4 rules.count)" = 0 ]; do sleep 0.05; done; }

# count: what goes over the link from now on; went: how many bytes did, both ways.
count() {
  all_out
  went_before=$(over_link)
}
went() {
  all_out
  echo $(($(over_link) - went_before))
}
over_link() { awk '{print $1 + $2}' rules.count; }

# watch NODE [COMMAND...]: it watches, begun by that command; what it tells is in $HERE/events.
watch() {
  local node=$1
  shift
  : >events
  "$@" "$YIZHAN" --dir "$node" --json sync --watch --progress json >summary 2>events &
  WATCH=$!
}
# told FILTER: how many events there were that fit.
told() { grep '^{' events | jq -c "select($1)" | wc -l; }
# await FILTER [MORE-THAN]: such an event, beyond so many.
await() {
  local i
  for i in $(seq 400); do
    [ "$(told "$1")" -le "${2:-0}" ] || return 0
    kill -0 "$WATCH" 2>/dev/null || fail "the watch ended: $(cat events)"
    sleep 0.2
  done
  fail "it was never told: $1; but $(tail -5 events)"
}
# under_way: a contact has begun.
under_way() { until [ -n "$(ps -o pid= --ppid "$WATCH")" ]; do sleep 0.1; done; }
# unwatch: it ends, well, and has summed up.
unwatch() {
  kill "$WATCH"
  wait "$WATCH" || fail "the watch: $? $(cat events)"
  WATCH=
  is "contacts in all" "$(told '.event == "contact"')" "$(jq .contacts summary)"
}
OK='.event == "contact" and .ok'
FAILED='.event == "contact" and (.ok | not)'
QUIET='.event == "waiting" and .ms > 400000'
