# shellcheck shell=bash
# The same work by what a user would take instead, in the same run: plain git (a file and a commit
# a record), Fossil's tickets, PouchDB, and for a search SQLite's LIKE. The floor column is theirs;
# "to reach" means to be ahead of them. What each promises differs: git and PouchDB sign nothing, and
# PouchDB flushes nothing. tests/bench/compare/ has a file for each.
records=$(size 10000 60) singles=$(size 300 10) many=$(size 100000 200)
villages=$(size 20 2) each=$(size 1000 20)
cases "$records" 7 rows.jsonl
head -n "$singles" rows.jsonl >singles.jsonl
# Ten of very many have a word that nobody else has.
cases "$many" 8 plain.jsonl
jq -c --argjson n "$many" \
  'if input_line_number % ($n / 10) == 1 then .text = .text[:100] + "驿道" + .text[100:] else . end' plain.jsonl >many.jsonl
for v in $(seq "$villages"); do cases "$each" "$((100 + v))" "village$v.jsonl"; done
modules=$source/build/npm/compare

[ -e "$modules/done" ] || {
  mkdir -p "$modules"
  cp "$source"/tests/bench/compare/{package.json,package-lock.json,.npmrc} "$modules"
  (cd "$modules" && npm ci --prefer-offline --loglevel=error >&2) && touch "$modules/done"
}

# ahead NAME UNIT THEM OURS THEIRS: less is better; faster: more is.
ahead() { figure "$1: $3" "$2" "$4" "$5" "$(calc "$4 / $5")" '<= 1.0' "$(calc "$4 / $5")"; }
faster() { figure "$1: $3" "$2" "$4" "$5" "$(calc "$4 / $5")" '>= 1.0' "$(calc "$4 / $5")"; }
# resident PID: MB of memory, as the system counts it.
resident() { awk '/^VmRSS/ { print $2 * 1024 / 1e6 }' "/proc/$1/status"; }

for tool in ours git fossil pouch; do
  echo "-- compare: $tool" >&2
  . "$source/tests/bench/compare/$tool.sh"
done
rm -f ./*.jsonl
