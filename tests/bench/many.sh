# shellcheck shell=bash
# Many villages at once, each with many records, to a hub that is served: until all have their
# receipts, against the hub taking in the same alone; and what the hub with its gits holds meanwhile.
villages=$(size 100 3) records=$(size 1000 20)
cases "$records" 4 many.jsonl
serve_many() { # PORT
  exec 3< <(exec "$YIZHAN" --dir hub --json hub serve --listen "127.0.0.1:$1" --page 127.0.0.1:0)
  server=$!
  read -r said_many <&3
}
# through NODE: as often as it takes.
through() {
  local i
  for i in $(seq 20); do
    y "$1" --json sync >"$1.answer"
    [ "$(jq .pending "$1.answer")" != 0 ] || return 0
  done
  return 1
}
y hub hub init --township 示例镇 --code SZ --worker 示例镇干部 --url https://127.0.0.1:1 >/dev/null
serve_many 0
port=$(jq .port <<<"$said_many")
y hub hub config url "https://127.0.0.1:$port" >/dev/null
for v in $(seq "$villages"); do
  y hub hub invite --village "村$v" --code "V$v" --output "v$v.invitation" >/dev/null
  y "v$v" join "v$v.invitation" --worker 示例干部 >/dev/null
  y "v$v" case import many.jsonl >/dev/null
done
kill "$server"
wait "$server"
cp -r hub alone
serve_many "$port"
python3 "$source/tests/harness/weigh.py" "$server" >most &
weigh=$!
from=$EPOCHREALTIME
runs=()
for v in $(seq "$villages"); do through "v$v" & runs+=($!); done
for run in "${runs[@]}"; do wait "$run"; done
together=$(calc "$EPOCHREALTIME - $from")
kill "$weigh"
wait "$weigh"
kill "$server"
wait "$server"
exec 3<&-
unset server
for v in $(seq "$villages"); do
  own=$(sqlite3 "v$v/yizhan.db" "SELECT lower(hex(own)) FROM ledger WHERE joined=1")
  git -C "alone/ledgers/V$v.git" fetch -q "$PWD"/v"$v"/ledgers/*.git "refs/heads/log/$own:refs/heads/log/$own" \
    "refs/heads/keys/$own:refs/heads/keys/$own"
done
floor=$(seconds y alone hub ingest)
figure "$villages villages at once, all receipted" s "$together" "$floor" "$(calc "$together / $floor")" \
  '<= 1.5' "$(calc "$together / $floor")"
held=$(calc "$(cat most) / 1024")
figure 'hub and its gits meanwhile' MiB "$held" 100 "$(calc "$held / 100")" '<= 100' "$held"
rm -rf hub alone v[0-9]* most
