#!/bin/bash
# The main job: a hub and three villages record, exchange, answer and agree.
. "$(dirname "$0")/../harness/script.sh"

y hub hub init --township 青山镇 --code QSZ >said
for v in 1 2 3; do
  is "invited $v" "V$v" "$(yj hub .code hub invite --village "村$v" --code "V$v" -o "v$v.json")"
  is "mode of the invitation" 600 "$(stat -c %a "v$v.json")"
  is "joined $v" "村$v" "$(yj "v$v" .village join "v$v.json" --worker "干部$v")"
done

# Work before there is any contact.
for v in 1 2 3; do
  for i in 1 2 3 4 5; do
    number=$(yj "v$v" .case case open --title "村$v 第$i 件" --text "路灯坏了" --category 基础设施)
    [[ $number == "V$v-"* ]] || fail "number $number of village $v"
  done
  y "v$v" case note "$number" --text "已看现场" >said
  is "cases of $v" 5 "$(yj "v$v" .cases status)"
  is "state of the worker" awaiting "$(yj "v$v" '.[0].state' worker list)"
done

# Contact: villages bring, the hub takes in, villages hear of it.
for v in 1 2 3; do
  is "sent by $v" true "$(yj "v$v" '.sent > 0 and .acknowledged == 0 and .pending == .sent' sync)"
done
is "accepted" true "$(yj hub 'length == 3 and all(.accepted == 9 and .waiting == 0 and .quarantined == 0)' hub ingest)"
for v in 1 2 3; do
  is "acknowledged to $v" 9 "$(yj "v$v" .acknowledged sync)"
  is "pending at $v" 0 "$(yj "v$v" .pending status)"
  is "received from $v" 9 "$(yj "v$v" .received status)"
  is "receipt at $v" true "$(yj "v$v" '.last_receipt != null and .last_sync != null' status)"
  is "state of the worker" granted "$(yj "v$v" '.[0].state' worker list)"
done
is "cases at the hub" 15 "$(yj hub 'length' case list --limit 0)"
is "villages" true "$(yj hub 'length == 3 and all(.joined and .records >= 9 and .waiting == 0 and .last_heard != null)' hub villages)"
is "roster" true "$(yj hub 'map(select(.village != "青山镇")) | length == 3 and all(.state == "granted")' hub roster list)"

# The hub answers; the village hears it, and its people agree.
y hub case resolve "$(yj hub '[.[] | select(.case | startswith("V2-"))][0].case' case list --limit 0)" --text "已修好" >said
y hub hub ingest >said
y v2 sync >said
number=$(yj v2 '[.[] | select(.state == "resolved")][0].case' case list)
y v2 case followup "$number" --result satisfied >said
y v2 case close "$number" >said
y v2 sync >said
y hub hub ingest >said
y v2 sync >said
list='map({case, title, state, flags, opened}) | sort_by(.case)'
for v in 1 2 3; do
  is "the same at hub and village $v" "$(yj "v$v" "$list" case list --limit 0)" \
    "$(yj hub "map(select(.case | startswith(\"V$v-\"))) | $list" case list --limit 0)"
done
is "closed at the hub" closed "$(yj hub .state case show "$number")"

# Nothing new costs nothing.
is "an idle contact" true "$(yj v1 '.sent == 0 and .received == 0 and .pending == 0' sync)"
is "an idle ingest" 0 "$(yj hub 'map(.accepted) | add // 0' hub ingest)"

# Plain tools find it whole and well signed; so do we.
signed hub/township.git hub
for v in 1 2 3; do
  signed "hub/ledgers/V$v.git" hub
  signed "$(echo "v$v"/ledgers/*.git)" "v$v"
  is "verified at $v" true "$(yj "v$v" '.ok and .records > 0' verify)"
done
is "verified at the hub" true "$(yj hub '.ok and .records > 0' verify)"
for repository in hub/township.git hub/ledgers/*.git v*/ledgers/*.git; do
  git -C "$repository" cat-file --batch-all-objects --batch >objects
  grep -qa '"case.open"' objects || fail "no case in $repository"
  ! grep -qaE '路灯|现场|修好|干部' objects || fail "words of people lie readable in $repository"
done
echo "the main job is done"
