#!/bin/bash
# An invitation that the lost hub wrote, used after its successor was named: it lets nobody in, since
# only who wrote it knows its word. What is recorded meanwhile is safe, and the township's administrator
# can let the node in by its key. And the successor invites further PCs of a village that had joined.
. "$(dirname "$0")/lib.sh"

y hub --json hub init --township 青山镇 --code QSZ --worker 老书记 >made
jq -r .recovery_key made >paper
mkdir share
for v in 1 8; do git init -q --bare "share/V$v.git"; done
village 1 --ledger share/V1.git
first=$(opens v1 在先的事)
visit v1
for pc in pc other; do y hub hub invite --pc V1 -o $pc.json >said; done
y hub hub invite --village 村8 --code V8 --ledger share/V8.git -o v8.json >said
mv hub lost
y hub hub recover share/V1.git --township 青山镇 --code QSZ --worker 新书记 --recovery-key-file paper >said
visit v1
visit v1
node() { y "$1" log | jq -r --arg n "$(yj "$1" .node status)" '.[0] | select(.type == "log.begin" and (.node | startswith($n))).node'; } # its whole key
new=$(yj v1 .trust.hub status)

# Used now: the node begins, pins the hub that wrote it, and hears of the successor at the first contact.
y pc join pc.json --worker 旧函 >said
is "pinned" "$(jq -r .hub pc.json)" "$(yj pc .trust.hub status)"
n=$(opens pc 旧函的事)
visit pc v1 pc
is "heard of the successor" "$new" "$(yj pc .trust.hub status)"
is "not let in" "join.mac" "$(rules V1)"
is "nothing of it counts" "$first" "$(yj hub '.[].case' case list)"
exits 1 y v1 case show "$n"
is "kept, and not acknowledged" "registered 0" "$(yj pc .state case show "$n") $(yj pc .received status)"
is "awaiting" awaiting "$(yj pc '.[0].state' worker list)"
[ "$(yj pc .pending status)" -gt 0 ] || fail "nothing is pending"

# As who it is has been asked about, the administrator lets the node in, then who signs there.
y hub hub roster grant V1 "$(node pc)" >said
y hub hub ingest >said
y hub hub roster grant V1 旧函 >said
visit pc v1 pc
is "counts now" "$(printf '%s\n' "$first" "$n" | sort)" "$(yj hub '.[].case' case list | sort)"
is "and is shown at the other PC" 旧函的事 "$(yj v1 .title case show "$n")"
is "granted" granted "$(yj pc '.[0].state' worker list)"
well pc V1

# The successor's own invitation, for a further PC of that village; not as if it had never joined.
exits 1 y hub hub invite --village 村1 --code V1 -o again.json
y hub hub invite --pc V1 -o pc2.json >said
y pc2 join pc2.json --worker 新函 >said
m=$(opens pc2 新函的事)
visit pc2 v1
is "let in at once" granted "$(yj pc2 '.[0].state' worker list)"
is "its case" 新函的事 "$(yj hub .title case show "$m")"
is "three letters" 3 "$(yj hub '.[].case' case list | grep -o '^V1[A-Z]*' | sort -u | wc -l)"

# A village that had not joined before: nothing in its ledger knows the successor. It works alone, and
# nothing of it comes to the township; invited anew, another folder joins.
y v8 join v8.json --worker 干部8 >said
k=$(opens v8 村8的事)
y v8 sync >said
y hub hub ingest >said
exits 1 y hub case show "$k"
is "kept" "registered" "$(yj v8 .state case show "$k")"
git init -q --bare share/V8b.git
y hub hub invite --village 村8 --code V8 --ledger share/V8b.git -o v8b.json >said
exits 1 y v8 join v8b.json
grep -q 'another folder' said || fail "what to do: $(cat said)"
y v8 export --format jsonl >v8.jsonl
y v8b join v8b.json --worker 干部8 >said
visit v8b
well v8b V8
clean hub v1 pc pc2 v8 v8b
echo "an old invitation lets nobody in"
