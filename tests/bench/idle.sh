# shellcheck shell=bash
# What a server holds in memory while nobody asks for anything, some seconds after its last answer: as
# the system counts it, with all pages of shared libraries; with these divided among those that use them; and what is
# its own alone. Floor: a process that has loaded most of these libraries and waits.
resident() { awk '/^VmRSS/ { print $2 * 1024 / 1e6 }' "/proc/$1/status"; }
shared() { awk '/^Pss:/ { print $2 * 1024 / 1e6 }' "/proc/$1/smaps_rollup"; }
own() { awk '/^RssAnon/ { print $2 * 1024 / 1e6 }' "/proc/$1/status"; }
idle() { # NAME NODE COMMAND...
  local floor held
  exec 4< <(exec "$YIZHAN_BENCH" idle)
  least=$!
  read -r _ <&4
  serve_page "${@:2}"
  # Its first answer, as a browser or a probe has it.
  curl -sf "$url" >/dev/null
  sleep 5
  floor=$(resident "$least") held=$(resident "$server")
  figure "$1, idle" MB "$held" "$floor" "$(calc "$held / $floor")" '<= 10' "$held"
  floor=$(shared "$least") held=$(shared "$server")
  figure "$1, idle: libraries divided" MB "$held" "$floor" "$(calc "$held / $floor")" '<= 10' "$held"
  floor=$(own "$least") held=$(own "$server")
  figure "$1, idle: its own alone" MB "$held" "$floor" "$(calc "$held / $floor")" '<= 10' "$held"
  end_page
  kill "$least"
  wait "$least" || true
  exec 4<&-
}
township hub v
idle "village's page" v serve --listen 127.0.0.1:0
y hub hub config url https://127.0.0.1:1 >/dev/null
idle 'hub' hub hub serve --listen 127.0.0.1:0 --page 127.0.0.1:0
rm -rf hub v hub.invitation
