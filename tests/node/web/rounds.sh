#!/bin/bash
# While its page is served a village makes its rounds by itself, and what goes on is told to every page that is open:
# rounds.py. The server ends with pages open; killed, it leaves nobody behind, and nothing is lost.
. "$(dirname "$0")/../../harness/script.sh"
. "$(dirname "$0")/serve.sh"

village v
y hub hub init --township '示例镇 Sample Township' --code SZ --worker Officer >said
git init -q --bare SL.git
y hub hub invite --village '示例村 Sample Village' --code SL --ledger "$HERE/SL.git" --output invitation >said
y v join invitation >said
ben="y v --as Ben --passphrase-file passphrase"
number=$($ben --json case open --title '水沟堵了 Ditch' | jq -r .case)
{ printf '\xff\xd8\xff\xe0'; head -c 3000000 /dev/urandom; } >photo.jpg
$ben case attach "$number" photo.jpg >said
mkdir stick

# free: nobody watches for a road any more.
free() {
  local i
  for ((i = 0; i < 600; i++)); do
    ! flock -n v/watch.lock true || return 0
    sleep 0.1
  done
  fail "someone watches still: $1"
}

show v
rounds() { "${YIZHAN_PYTHON:?}" "$YIZHAN_SOURCE_DIR/tests/node/web/rounds.py" "$YIZHAN_SOURCE_DIR/node/web/page/openapi.json" "$URL" Ben "$PASSPHRASE" "$1" >rounds.said || fail "$(cat rounds.said)"; }
rounds all
tail -1 rounds.said
is "at the hub" 2 "$(yj hub length case list)"
# The program's own exchanges are in the file, whoever made them; the invitation's word and codes are not.
is "kinds" "join link write" "$(grep . v/contacts.log | jq -r .kind | sort -u | xargs)"

# Pages are open when the server is told to end.
rounds open &
OPEN=$!
for ((i = 0; i < 600; i++)); do [ ! -e opened ] || break; sleep 0.1; done
hide v
wait "$OPEN" || fail "the stream: $(cat rounds.said)"
free "after the server ended"

# Killed: whatever it had started ends too, or does no harm.
show v
rounds rounds
$ben case open --title '停电 Power cut' >said
exec {busy}>>v/lock
flock "$busy"
rounds begin
kill -9 "${PAGES[v]}"
wait "${PAGES[v]}" || true
free "after the server was killed"
# What was asked for goes on, and comes to its end.
before=$(grep -c . v/contacts.log)
exec {busy}>&-
for ((i = 0; i < 600; i++)); do
  [ "$(grep -c . v/contacts.log)" = "$before" ] || break
  sleep 0.1
done
is "what went out" 3 "$(y hub hub ingest >said; yj hub length case list)"
y v verify >said

# Another that watches comes first, and is followed when it ends.
"$YIZHAN" --dir v --json sync --watch >watch.said 2>&1 &
WATCH=$!
for ((i = 0; i < 600; i++)); do flock -n v/watch.lock true || break; sleep 0.1; done
show v
rounds alone
end "$WATCH"
rounds rounds
hide v
y v verify >said
