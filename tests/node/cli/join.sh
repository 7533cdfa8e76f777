#!/bin/bash
# Joining: a new node, a village that worked alone, and what is refused.
. "$(dirname "$0")/../../harness/script.sh"

y hub hub init --township 青山镇 --code QSZ >said
for v in AA BB CC; do y hub hub invite --village "村$v" --code "$v" -o "$v.json" >said; done

# A new node, from standard input, locked.
echo 'long enough' >pass
said=$(y aa --json join - --worker 张 --passphrase-file pass <AA.json)
is "recovery code" true "$(jq '.recovery_code | length >= 32' <<<"$said")"
exits 1 y aa case open --title 路灯 </dev/null
y aa case open --title 路灯 --passphrase-file pass >said
is "keys" passphrase "$(yj aa .keys status)"
is "joined" 青山镇 "$(jq -r .township <<<"$said")"
exits 1 y aa join BB.json

# What is no invitation makes no node.
echo '{}' >bad.json
exits 1 y none join bad.json
head -c 100000 /dev/zero >big.json
exits 1 y none join big.json
exits 1 y none join missing.json
exits 1 y none join AA.json --passphrase-file missing
is "nothing was made" false "$([ -e none/yizhan.db ] && echo true || echo false)"
exits 1 y hub join AA.json

# A village that worked alone takes its cases along.
y bb init --village 老村 --code BB --worker 王 >said
for i in 1 2 3; do y bb case open --title "旧事 $i" >said; done
exits 1 y bb sync
grep -q 'yizhan join' said || fail "sync of a village alone says: $(cat said)"
exits 2 y bb join BB.json --worker 李
before=$(yj bb 'map([.case, .title, .state])' case list)
y bb join BB.json >said
is "cases" "$before" "$(yj bb 'map([.case, .title, .state])' case list)"
is "the old log travels along, as such" 1 \
  "$(sqlite3 bb/yizhan.db "SELECT count(*) FROM log WHERE old = 1 AND hex(ledger) = upper('$(jq -r .ledger BB.json)')")"
# Given again it is so already; but another worker than those here is none that came of it.
is "given again" true "$(yj bb .already join BB.json --worker 王)"
exits 2 y bb join BB.json --worker 李
fourth=$(yj bb .case case open --title 新事)
[[ $fourth == BB-*-0004-* ]] || fail "number after joining: $fourth"
y bb case note "$(yj bb '.[-1].case' case list)" --text 后续 >said
y bb sync >said
is "accepted with the past" true "$(yj hub '([.[].accepted] | add) == 10 and all(.waiting == 0)' hub ingest)"
y bb sync >said
is "pending" 0 "$(yj bb .pending status)"
is "cases at the hub" "$(yj bb 'map([.case, .title, .state]) | sort' case list)" \
  "$(yj hub 'map(select(.case | startswith("BB"))) | map([.case, .title, .state]) | sort' case list)"
is "verified" true "$(yj bb .ok verify)"
is "verified at the hub" true "$(yj hub .ok verify)"
exits 1 y bb join CC.json

# The word of an invitation works once.
y copy join BB.json --worker 假 >said
y copy case open --title 冒名 >said
y copy sync >said
y hub hub ingest >said
is "no case of the second user" 0 "$(yj hub 'map(select(.title == "冒名")) | length' case list)"
is "kept with the reason" join.used "$(yj hub '.[-1].rule' hub quarantine list)"
# … until someone decides.
y hub hub roster grant BB "$(sqlite3 copy/yizhan.db "SELECT lower(hex(node)) FROM log LIMIT 1")" >said
y hub hub ingest >said
is "let in, its worker waits" awaiting "$(yj hub 'map(select(.worker == "假"))[0].state' hub roster list)"
y hub hub roster grant BB 假 >said
is "counts" 1 "$(yj hub 'map(select(.title == "冒名")) | length' case list)"
