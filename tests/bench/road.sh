# shellcheck shell=bash
# The hub's own road, on loopback: what one record and nothing cost, by its access log and by the kernel's count;
# and a village's first sync, until its receipt is here, against stock git pushing the same commits to where they are
# looked through and flushed likewise.
. "$source/tests/bench/road_lib.sh"
y hub hub init --township 示例镇 --code SZ --worker 示例镇干部 --url https://127.0.0.1:1 >/dev/null
serve_road
joined
for n in {1..5}; do
  y v case open --title "第 $n 盏路灯不亮" --text "村口第 $n 盏灯坏了三天。" >/dev/null 2>&1
  contact push
  [ "$(jq .pending contact)" = 0 ]
  wc -l <turns >>road.turns
  http >>road.http
  jq '.bytes_up + .bytes_down' contact >>road.wire
done
contact refs
n=$(median <road.http)
figure 'one record by HTTPS, HTTP' bytes "$n" 4000 "$(calc "$n / 4000")" '<= 4000' "$n"
n=$(median <road.wire)
figure 'one record by HTTPS, with TLS' bytes "$n" 8000 "$(calc "$n / 8000")" '<= 8000' "$n"
n=$(median <road.turns)
figure 'one record by HTTPS' turns "$n" 3 "$(calc "$n / 3")" '<= 3' "$n"
n=$(http)
figure 'nothing new by HTTPS, HTTP' bytes "$n" 1500 "$(calc "$n / 1500")" '<= 1500' "$n"
n=$(wc -l <turns)
figure 'nothing new by HTTPS' turns "$n" 2 "$(calc "$n / 2")" '<= 2' "$n"

cases "$(size 10000 100)" 5 road.jsonl
for _ in $(seq "$(size 3 1)"); do
  kill "$server"
  wait "$server"
  exec 3<&-
  rm -rf hub v hub.invitation
  y hub hub init --township 示例镇 --code SZ --worker 示例镇干部 --url https://127.0.0.1:1 >/dev/null
  serve_road
  joined
  y v case import road.jsonl >/dev/null
  seconds y v sync >>road.measured
  [ "$(y v --json status | jq .pending)" = 0 ]
  own=$(sqlite3 v/yizhan.db "SELECT lower(hex(own)) FROM ledger WHERE joined=1")
  git init -q --bare other.git
  git -C other.git config transfer.fsckObjects true
  git -C other.git config core.fsync all
  seconds git -C v/ledgers/*.git push -q "$PWD/other.git" "refs/heads/log/$own" "refs/heads/keys/$own" >>road.floor
  rm -rf other.git
done
kill "$server"
wait "$server"
exec 3<&-
unset server
measured=$(median <road.measured) floor=$(median <road.floor)
figure 'first sync by HTTPS, received and receipted' s "$measured" "$floor" "$(calc "$measured / $floor")" \
  '<= 2.5' "$(calc "$measured / $floor")"
rm -rf hub v hub.invitation road.*
