# shellcheck shell=bash
# The page's API with very many cases behind it, at a village whose workers have passphrases and at its hub:
# what somebody at work waits for, one request after the other; and by wrk how many a second, and how long the
# slowest of a hundred takes. Floor: a file from the same server.
rounds=$(size 20 2)
dated
echo 'sample passphrase' >passphrase
y hub hub init --township 示例镇 --code SZ --worker 示例镇干部 >/dev/null
y hub hub invite --village 示例村 --code SL --output hub.invitation >/dev/null
y v --passphrase-file passphrase join hub.invitation --worker 示例干部 >/dev/null
met hub v
y v --as 示例干部 --passphrase-file passphrase case import dated.jsonl >/dev/null
met hub v

# answered WHO: what page.py measured, as figures.
answered() {
  local name floor
  floor=$(jq '.took["a file"][] * 1000' page.json | median)
  while read -r name; do
    [ "$name" != 'a file' ] || continue
    measured=$(jq --arg name "$name" '.took[$name][] * 1000' page.json | median)
    figure "$1's page: $name" ms "$measured" "$floor" "$(calc "$measured / $floor")" '<= 100' "$measured"
  done < <(jq -r '.took | keys_unsorted[]' page.json)
}
# hammered NAME PATH [VARIABLE=VALUE]: by wrk, four at once; in NAME.wrk.
hammered() {
  env "COOKIE=$(jq -r .cookie page.json)" "${@:3}" wrk -t1 -c4 -d"$(size 10 5)s" --timeout 30s \
    -s "$source/tests/bench/wrk.lua" "$url$2" | tail -n 1 >"$1.wrk"
  [ "$(jq .failed "$1.wrk")" = 0 ]
}
told_by_wrk() { # NAME: beside the file
  local rate least
  rate=$(jq '.requests / .seconds' "$1.wrk") least=$(jq '.requests / .seconds' file.wrk)
  figure "village's page by wrk: $1" requests/s "$rate" "$least" "$(calc "$rate / $least")" ''
  rate=$(jq .p99 "$1.wrk") least=$(jq .p99 file.wrk)
  figure "village's page by wrk: $1, p99" ms "$rate" "$least" "$(calc "$rate / $least")" '<= 100' "$rate"
}

serve_page v serve --listen 127.0.0.1:0
python3 "$source/tests/bench/page.py" "$url" 示例干部 "$(cat passphrase)" "$rounds" village >page.json
answered "village"
if command -v wrk >/dev/null; then
  hammered file icon.svg
  hammered list 'api/v1/cases?matters=true&limit=50'
  hammered show "api/v1/cases/$(jq -r .case page.json)"
  hammered open api/v1/cases "GUARD=$(jq -r .guard page.json)"
  for name in list show open; do told_by_wrk "$name"; done
fi
end_page
y hub hub config url https://127.0.0.1:1 >/dev/null
serve_page hub hub serve --listen 127.0.0.1:0 --page 127.0.0.1:0
python3 "$source/tests/bench/page.py" "$url" 示例镇干部 '' "$rounds" township >page.json
answered "township"
end_page
rm -rf hub v hub.invitation page.json ./*.wrk
