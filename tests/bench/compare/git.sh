# shellcheck shell=bash
# Plain git, for compare.sh: a file and a commit a record, unsigned; served by git's own http-backend.
export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x
one_by_one() { # REPOSITORY ROWS: as a person would, and flushed
  local n=0 row
  git init -q -b main "$1"
  while read -r row; do
    n=$((n + 1))
    echo "$row" >"$1/$n"
    git -C "$1" add "$n" && git -C "$1" -c core.fsync=all commit -q -m "$n"
  done <"$2"
}
text() { # REPOSITORY ROWS FOLDER
  git init -q --bare -b main "$1"
  jq -r --arg date '1700000000 +0800' --arg folder "$3" '
    "commit refs/heads/main\ncommitter x <x> \($date)\ndata 0\nM 644 inline \($folder)/\(input_line_number % 100)/\(input_line_number)\n" +
    (.title + "\n" + .text | "data \(utf8bytelength)\n\(.)")' "$2" | git -C "$1" fast-import --quiet
}
their_rate=$(calc "$singles / $(seconds one_by_one git.singles singles.jsonl)")
faster 'records made one by one, durably' records/s git "$our_rate" "$their_rate"
git init -q --bare -b main other.git
git -C other.git config receive.unpackLimit 1
text text.git rows.jsonl cases
packed() { find other.git/objects/pack -name '*.pack' -printf '%s\n' | jq -s 'add // 0'; }
their_first=$(seconds git -C text.git push -q ../other.git main)
their_bytes=$(packed)
ahead 'first sync' s git "$our_first" "$their_first"
ahead 'first sync' MB git "$(calc "$our_bytes / 1e6")" "$(calc "$their_bytes / 1e6")"
git clone -q text.git one.work
one_more() { # N
  jq -rs '.[0].text' rows.jsonl >"one.work/one-more-$1"
  git -C one.work add "one-more-$1" && git -C one.work commit -q -m "$1"
}
one_more 1
their_one=$(seconds git -C one.work push -q ../other.git main)
ahead 'one more record, many behind it' s git "$our_one" "$their_one"

# The same by HTTP.
git -C other.git config http.receivepack true
coproc served { exec python3 "$source/tests/bench/compare/backend.py" "$PWD" http.count; }
server=$served_PID
read -r port <&"${served[0]}"
one_more 2
git -C one.work push -q "http://127.0.0.1:$port/other.git" main
ahead 'one more record, many behind it' 'kB of HTTP' git "$(calc "$our_one_bytes / 1e3")" "$(jq '.bytes / 1e3' http.count)"
ahead 'one more record, many behind it' turns git "$our_one_turns" "$(jq .turns http.count)"
kill "$server"
wait "$server" || true
unset server

their_out=$(seconds git -C text.git bundle create -q ../text.bundle main)
their_in=$(seconds git clone -q --bare text.bundle again.git)
ahead 'a stick, written' s git "$our_out" "$their_out"
ahead 'a stick, taken in' s git "$our_in" "$their_in"
ahead 'a stick' MB git "$(calc "$our_stick / 1e6")" "$(calc "$(stat -c %s text.bundle) / 1e6")"

git init -q --bare -b main hub.git
for v in $(seq "$villages"); do text "v$v.git" "village$v.jsonl" "v$v"; done
pushed_to_hub() {
  local v
  for v in $(seq "$villages"); do git -C "v$v.git" push -q ../hub.git "main:v$v"; done
}
merged_at_hub() {
  local v
  git clone -q hub.git hub.work -b v1
  for v in $(seq 2 "$villages"); do git -C hub.work merge -q --allow-unrelated-histories -m "$v" "origin/v$v"; done
}
their_pushed=$(seconds pushed_to_hub)
their_merged=$(seconds merged_at_hub)
ahead "$villages villages of $each to one hub" s git "$our_villages" "$their_pushed"
ahead "$villages villages of $each to one hub" s 'git, merged' "$our_villages" "$(calc "$their_pushed + $their_merged")"

text words.git many.jsonl cases
git clone -q words.git words.work
words() { [ "$(git -C words.work grep -c 驿道 | wc -l)" = 10 ]; }
ahead "a word of two characters in $many records" s git "$our_found" "$(seconds words)"
sqlite3 words.db 'CREATE TABLE row(title TEXT, text TEXT)' "INSERT INTO row SELECT json_extract(value, '\$.title'), json_extract(value, '\$.text')
  FROM json_each('[' || replace(rtrim(readfile('many.jsonl'), char(10)), char(10), ',') || ']')"
like() { [ "$(sqlite3 words.db "SELECT count(*) FROM row WHERE text LIKE '%驿道%'")" = 10 ]; }
ahead "a word of two characters in $many records" s 'SQLite LIKE' "$our_found" "$(seconds like)"
rm -rf ./*.git git.singles ./*.work ./*.bundle words.db http.count
