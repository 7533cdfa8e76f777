#!/bin/bash
# Roads that fail: what was written waits, and one village's fault stops no other.
. "$(dirname "$0")/../../harness/script.sh"

y hub hub init --township 青山镇 --code QSZ >said
y hub hub invite --village 东村 --code DC -o dc.json >said
git init -q --bare shared.git
y hub hub invite --village 西村 --code XC --ledger "$PWD/shared.git" -o xc.json >said
y dc join dc.json >said
y xc join xc.json >said

# The hub is away: the work is queued. It is cut when there is a road: each try would make a segment.
mv hub away
y dc case open --title 桥 >said
exits 3 y dc sync
status=0
answer=$(y dc --json sync 2>said) || status=$?
is "status" 3 "$status"
is "answer" "network 4" "$(jq -r '"\(.error.code) \(.pending)"' <<<"$answer")"
is "status of the node" 4 "$(yj dc .pending status)"
is "cut" 0 "$(git -C dc/ledgers/*.git for-each-ref refs/heads/log | wc -l)"
is "no contact yet" null "$(yj dc .last_sync status)"
mv away hub
is "sent" 4 "$(yj dc .sent sync)"

# One ledger is out of reach: the other village is heard, the status says it.
y xc case open --title 井 >said
y xc sync >said
mv shared.git gone.git
status=0
answer=$(y hub --json hub ingest 2>said) || status=$?
is "status" 3 "$status"
is "the other village" 4 "$(jq '[.[] | select(.code == "DC").accepted] | add' <<<"$answer")"
is "this one" network "$(jq -r '.[] | select(.code == "XC").error.code' <<<"$answer")"
mv gone.git shared.git
is "later" 4 "$(yj hub '[.[].accepted] | add' sync)"
is "cases" 2 "$(yj hub length case list)"

# Another village's place is refused, before and after it was said; a place that cannot be looked
# at now is taken, and said to be.
own=$(sqlite3 dc/yizhan.db "SELECT url FROM ledger WHERE joined=1")
url() { sqlite3 dc/yizhan.db "SELECT url FROM ledger WHERE joined=1"; }
before=$(git -C shared.git for-each-ref)
exits 1 y dc ledger move shared.git
grep -q "Another village's ledger" said || fail "$(cat said)"
exits 1 y dc ledger move "https://hub.invalid/ledger/$(jq -r .ledger xc.json)#$(printf '%064d' 0)"
grep -q "another village's ledger" said || fail "$(cat said)"
is "it stays" "$own" "$(url)"
mkdir stick
# Nor is this node's own copy another side: a contact with it would bring nothing anywhere.
copy=$(echo dc/ledgers/*.git)
for place in "$copy" "$HERE/$copy" "file://$HERE/$copy"; do
  exits 1 y dc ledger move "$place"
  grep -q 'own copy' said || fail "$place: $(cat said)"
done
y dc ledger move stick >said 2>&1
grep -q 'could not be looked at' said || fail "$(cat said)"
is "taken all the same" "$PWD/stick" "$(url)"
rmdir stick && ln -s shared.git stick
exits 1 y dc sync
grep -q "Another village's ledger" said || fail "$(cat said)"
is "nothing went there" "$before" "$(git -C shared.git for-each-ref)"
is "nothing came" 0 "$(sqlite3 dc/yizhan.db "SELECT count(*) FROM refused")"
y dc ledger move "$own" >said 2>&1
[ ! -s said ] || grep -q 'From now on' said || fail "$(cat said)"
y dc sync >said
git init -q --bare new.git
y dc ledger move new.git >said
y dc ledger move "$own" >said
exits 0 y hub hub invite --village 南村 --code NC --ledger shared.git -o nc.json
exits 1 y hub hub ingest
grep -q "Another village's ledger" said || fail "$(cat said)"
git init -q --bare nc.git
y hub hub invite --village 南村 --code NC --ledger nc.git -o nc2.json >said

# Two at once: both end well, nothing twice.
for i in 1 2 3 4 5; do y dc case open --title "$i" >said; done
y dc sync >one & first=$!
y dc sync >two & second=$!
wait $first
wait $second
y hub hub ingest >one & first=$!
y hub hub ingest >two & second=$!
wait $first
wait $second
is "cases" 7 "$(yj hub length case list)"
is "verified" true "$(yj hub .ok verify)"
is "verified" true "$(yj dc .ok verify)"
