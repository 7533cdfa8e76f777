# shellcheck shell=bash
# The same work by what a user would take instead, in the same run: plain git (a file and a commit
# a record), Fossil's tickets, PouchDB. The floor column is theirs; "to reach" means to be ahead of
# them. What each promises differs: git and PouchDB sign nothing, and PouchDB flushes nothing.
records=$(size 10000 60) singles=$(size 300 10)
cases "$records" 7 rows.jsonl
head -n "$singles" rows.jsonl >singles.jsonl
modules=$source/build/npm/compare

[ -e "$modules/done" ] || {
  mkdir -p "$modules"
  cp "$source"/tests/bench/compare/{package.json,package-lock.json,.npmrc} "$modules"
  (cd "$modules" && npm ci --prefer-offline --loglevel=error >&2) && touch "$modules/done"
}

# ahead NAME UNIT THEM OURS THEIRS: less is better; faster: more is.
ahead() { figure "$1: $3" "$2" "$4" "$5" "$(calc "$4 / $5")" '<= 1.0' "$(calc "$4 / $5")"; }
faster() { figure "$1: $3" "$2" "$4" "$5" "$(calc "$4 / $5")" '>= 1.0' "$(calc "$4 / $5")"; }

# --- ours -----------------------------------------------------------------------------
alone made
"$YIZHAN_BENCH" durable made "$singles" >durable.json
our_rate=$(calc "$singles / $(jq '.measured[]' durable.json | median)")
township hub v
y v case import rows.jsonl >/dev/null
from=$EPOCHREALTIME
y v --json sync >sync.json
y hub hub ingest >/dev/null
y v sync >/dev/null
our_first=$(calc "$EPOCHREALTIME - $from") our_bytes=$(jq '.bytes_up + .bytes_down' sync.json)
y v case open --title 又一件 --text "$(jq -rs '.[0].text' rows.jsonl)" >/dev/null 2>&1
our_one=$(seconds y v --json sync)
our_one_bytes=$(jq '.bytes_up + .bytes_down' said)
y hub hub ingest >/dev/null
y v sync >/dev/null
y v case list --search 路灯 >/dev/null # the index catches up once
our_found=$(seconds y v case list --search 路灯)
# A stick for a hub that has nothing yet.
township hub2 v2
y v2 case import rows.jsonl >/dev/null
mkdir stick
our_out=$(seconds y v2 parcel write stick)
our_stick=$(find stick -type f -printf '%s\n' | jq -s add)
our_in=$(seconds y hub2 parcel read stick)
our_peak=$("$YIZHAN_BENCH" spawn 1 "$YIZHAN" --dir v2 status | jq .peak)

# --- git --------------------------------------------------------------------------------
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
their_rate=$(calc "$singles / $(seconds one_by_one git.singles singles.jsonl)")
faster 'records made one by one, durably' records/s git "$our_rate" "$their_rate"
git init -q --bare -b main other.git
git -C other.git config receive.unpackLimit 1
git init -q --bare -b main text.git
jq -r --arg date '1700000000 +0800' '
  "commit refs/heads/main\ncommitter x <x> \($date)\ndata 0\nM 644 inline \(input_line_number % 100)/\(input_line_number)\n" +
  (.title + "\n" + .text | "data \(utf8bytelength)\n\(.)")' rows.jsonl | git -C text.git fast-import --quiet
packed() { find other.git/objects/pack -name '*.pack' -printf '%s\n' | jq -s 'add // 0'; }
their_first=$(seconds git -C text.git push -q ../other.git main)
their_bytes=$(packed)
ahead 'first sync' s git "$our_first" "$their_first"
ahead 'first sync' MB git "$(calc "$our_bytes / 1e6")" "$(calc "$their_bytes / 1e6")"
git clone -q text.git one.work
jq -rs '.[0].text' rows.jsonl >one.work/one-more
git -C one.work add one-more && git -C one.work commit -q -m one
their_one=$(seconds git -C one.work push -q ../other.git main)
ahead 'one more record, many behind it' s git "$our_one" "$their_one"
ahead 'one more record, many behind it' kB git "$(calc "$our_one_bytes / 1e3")" "$(calc "($(packed) - $their_bytes) / 1e3")"
their_out=$(seconds git -C text.git bundle create -q ../text.bundle main)
their_in=$(seconds git clone -q --bare text.bundle again.git)
ahead 'a stick, written' s git "$our_out" "$their_out"
ahead 'a stick, taken in' s git "$our_in" "$their_in"
ahead 'a stick' MB git "$(calc "$our_stick / 1e6")" "$(calc "$(stat -c %s text.bundle) / 1e6")"
words() { git -C one.work grep -q 路灯; }
ahead 'a word of two characters found' s git "$our_found" "$(seconds words)"

# --- Fossil -----------------------------------------------------------------------------
export USER=x FOSSIL_HOME=$PWD
tickets() { # REPOSITORY ROWS
  local title
  while read -r title; do
    read -r text
    fossil ticket add title "$title" comment "$text" -R "$1" >/dev/null
  done < <(jq -r '(.title | gsub("\n"; " ")), (.text | gsub("\n"; " "))' "$2")
}
fossil init --admin-user x village.fossil >/dev/null
their_made=$(seconds tickets village.fossil rows.jsonl)
faster 'records made one by one, durably' records/s Fossil "$our_rate" "$(calc "$records / $their_made")"
# A hub that has the project and none of its tickets.
fossil init --admin-user x empty.fossil >/dev/null
code=$(fossil sql -R village.fossil "SELECT value FROM config WHERE name='project-code'" | tr -d "'")
fossil sql -R empty.fossil "UPDATE config SET value='$code' WHERE name='project-code'" >/dev/null
fossil user capabilities nobody cghijknorswxyz -R empty.fossil >/dev/null 2>&1
fossil server --port 18990 empty.fossil >fossil.said 2>&1 & # that port, or the next that is free
fossil=$!
trap 'kill $fossil 2>/dev/null; rm -rf "$room"' EXIT
for _ in $(seq 100); do grep -q 'port' fossil.said && break; sleep 0.1; done
port=$(grep -o 'port [0-9]*' fossil.said | grep -o '[0-9]*')
wire() { grep -o 'wire bytes sent: [0-9]* *received: [0-9]*' said | tail -1 | grep -o '[0-9]*' | jq -s add; }
their_first=$(seconds fossil sync "http://127.0.0.1:$port/" -R village.fossil --once)
their_bytes=$(wire)
ahead 'first sync' s Fossil "$our_first" "$their_first"
ahead 'first sync' MB Fossil "$(calc "$our_bytes / 1e6")" "$(calc "$their_bytes / 1e6")"
tickets village.fossil <(head -n1 rows.jsonl)
their_one=$(seconds fossil sync "http://127.0.0.1:$port/" -R village.fossil --once)
ahead 'one more record, many behind it' s Fossil "$our_one" "$their_one"
ahead 'one more record, many behind it' kB Fossil "$(calc "$our_one_bytes / 1e3")" "$(calc "$(wire) / 1e3")"
kill $fossil
their_out=$(seconds fossil clone village.fossil stick.fossil)
ahead 'a stick, written' s Fossil "$our_out" "$their_out"
ahead 'a stick' MB Fossil "$(calc "$our_stick / 1e6")" "$(calc "$(stat -c %s stick.fossil) / 1e6")"

# --- PouchDB ------------------------------------------------------------------------------
node "$source/tests/bench/compare/pouch.mjs" rows.jsonl "$modules" >pouch.json
them() { jq ".$1" pouch.json; }
faster 'records made one by one, durably' records/s 'PouchDB (not flushed)' "$our_rate" "$(calc "$records / $(them create)")"
ahead 'first sync' s PouchDB "$our_first" "$(them first)"
ahead 'first sync' MB PouchDB "$(calc "$our_bytes / 1e6")" "$(calc "$(them first_bytes) / 1e6")"
ahead 'one more record, many behind it' s PouchDB "$our_one" "$(them one)"
ahead 'one more record, many behind it' kB PouchDB "$(calc "$our_one_bytes / 1e3")" "$(calc "$(them one_bytes) / 1e3")"
ahead 'a word of two characters found' s PouchDB "$our_found" "$(them found)"
ahead 'memory of a village' MB PouchDB "$(calc "$our_peak / 1e6")" "$(calc "$(them peak) / 1e6")"
rm -rf ./*.git ./*.fossil* git.singles one.work made hub hub2 v v2 stick pouch-* ./*.bundle
