#!/bin/bash
# A PC where nothing was set up: its page makes a village, alone or by an invitation, once and for who is at this PC. A
# village to practise in is a node of its own that nothing leaves.
. "$(dirname "$0")/../../harness/script.sh"
. "$(dirname "$0")/serve.sh"

ask() { curl -s -H 'Content-Type: application/json' -H 'Accept-Language: en' "$@"; }
status() { ask -o said -w '%{http_code}' "$@"; }

# Alone.
show fresh
is "nothing is there" none "$(ask "${URL}api/v1/node" | jq -r .role)"
[ ! -e fresh ] || fail "who looks makes something"
is "who is nobody" 401 "$(status "${URL}api/v1/status")"
is "another page's" 403 "$(status -H 'Origin: http://evil.example' -d '{}' "${URL}api/v1/setup")"
is "no JSON" 415 "$(curl -s -o said -w '%{http_code}' -H 'Content-Type: text/plain' -d '{}' "${URL}api/v1/setup")"
for wrong in '{}' '{"worker":"x","passphrase":""}' '{"worker":"x","passphrase":"y"}' '{"worker":"x","passphrase":"y","village":"z","code":"x y"}' '{"worker":"x","passphrase":"y","invitation":"none"}' \
  '{"worker":" ","passphrase":"y","village":"z","code":"ZZ"}' '{"worker":"x","passphrase":"y","village":"z","code":"ZZ","dir":"/"}'; do
  is "$wrong" 400 "$(status -d "$wrong" "${URL}api/v1/setup")"
done
[ ! -e fresh ] || fail "something that was refused was made"
is "made" 201 "$(status -d "$(jq -n --arg p "$PASSPHRASE" '{worker: "甲干部 A", passphrase: $p, village: "新村 New", code: "xc"}')" "${URL}api/v1/setup")"
code=$(jq -r .recovery_code said)
[ ${#code} -gt 30 ] || fail "no recovery code: $(cat said)"
is "its name and worker" '新村 New XC 甲干部 A true' "$(ask "${URL}api/v1/node" | jq -r '"\(.name) \(.code) \(.workers[0].name) \(.workers[0].locked)"')"
is "once" 409 "$(status -d '{"worker":"x","passphrase":"y","village":"z","code":"ZZ"}' "${URL}api/v1/setup")"
is "who logs in" 201 "$(status -d "$(jq -n --arg p "$PASSPHRASE" '{worker: "甲干部 A", passphrase: $p}')" "${URL}api/v1/session")"
hide fresh
y fresh verify >said
is "its log" 1 "$(yj fresh '.[0].locked' worker list | grep -c true)"

# A making that was cut short, as by a power cut while the passphrase was stretched, is taken up again.
y cut init --village 'Cut' --code CU >said
y cut-practice init --village 'Cut' --code CU >said
for node in cut cut-practice; do
  sqlite3 "$node/yizhan.db" "PRAGMA foreign_keys=off; DELETE FROM record; DELETE FROM content; DELETE FROM log; DELETE FROM ledger;
    DELETE FROM worker; DELETE FROM key_name; DELETE FROM meta; DELETE FROM setting WHERE name = 'ledger'"
done
show cut
is "cut short" none "$(ask "${URL}api/v1/node" | jq -r .role)"
is "made after all" 201 "$(status -d "$(jq -n --arg p "$PASSPHRASE" '{worker: "甲干部 A", passphrase: $p, village: "新村 New", code: "xc"}')" "${URL}api/v1/setup")"
is "as it was said now" '新村 New XC village 1' "$(ask "${URL}api/v1/node" | jq -r '"\(.name) \(.code) \(.role) \(.workers | length)"')"
is "then once" 409 "$(status -d '{"worker":"x","passphrase":"y","village":"z","code":"ZZ"}' "${URL}api/v1/setup")"
hide cut
y cut verify >said
up cut "the page to practise" serve --practice --listen 127.0.0.1:0
is "practice that was cut short" true "$(ask "$(jq -r .url cut.page)api/v1/node" | jq .practice)"
hide cut

# By an invitation.
y hub hub init --township '示例镇 Sample Township' --code SZ --worker Officer >said
git init -q --bare SL.git
y hub hub invite --village '示例村 Sample Village' --code SL --ledger "$HERE/SL.git" --output invitation >said
show joined
is "joined" 201 "$(status -d "$(jq -n --arg p "$PASSPHRASE" --rawfile i invitation '{worker: "乙干部 B", passphrase: $p, invitation: $i}')" "${URL}api/v1/setup")"
is "as it was invited" '示例村 Sample Village SL' "$(ask "${URL}api/v1/node" | jq -r '"\(.name) \(.code)"')"
# Its rounds begin by themselves, and the hub lets it in.
for ((i = 0; i < 600; i++)); do
  y hub hub ingest >said
  [ "$(yj joined .pending status)" != 0 ] || break
  sleep 0.1
done
is "let in" 0 "$(yj joined .pending status)"
is "the history" join "$(grep . joined/contacts.log | jq -r .kind | head -n 1)"
hide joined
y joined verify >said

# To practise.
"$YIZHAN" --dir joined --json serve --practice --listen 127.0.0.1:0 >practice.page 2>practice.said &
PAGES[practice]=$!
for ((i = 0; i < 600; i++)); do [ ! -s practice.page ] || break; sleep 0.1; done
URL=$(jq -r .url practice.page)
is "it says so" true "$(ask "${URL}api/v1/node" | jq .practice)"
kill "${PAGES[practice]}"
wait "${PAGES[practice]}" || fail "it ended with $?: $(cat practice.said)"
unset 'PAGES[practice]'
is "sample cases" 6 "$(yj joined-practice length case list)"
is "all of them samples" 6 "$(yj joined-practice '[.[] | select(.title | test("示例.*Sample"))] | length' case list)"
is "some are overdue, closed, waiting" 'closed registered resolved' "$(yj joined-practice '[.[].state] | unique | map(select(. == "closed" or . == "registered" or . == "resolved")) | join(" ")' case list)"
is "its own alone" 0 "$(yj joined length case list)"
exits 1 y joined-practice sync
exits 1 y joined-practice join invitation
grep -q 'practise' said || fail "it may join: $(cat said)"
y joined-practice verify >said
# A real node's folder is no place for it, and it is made once.
y real-practice init --village 'Real' --code RE >said
exits 1 y real serve --practice --listen 127.0.0.1:0
