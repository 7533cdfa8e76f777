#!/bin/bash
# Villages that never have a network: everything goes by stick, from enrolment on.
. "$(dirname "$0")/lib.sh"

stick=$HERE/stick
mkdir "$stick"
states() { # of the last answer, $HERE/read
  jq -r '[.parcels[].state] | sort | join(" ")' "$HERE/read"
}
reads() { # NODE [MORE...]
  local node=$1
  shift
  y "$node" --json parcel read "$stick" "$@" >"$HERE/read" || fail "read at $node: $(cat "$HERE/read")"
}

# The invitation goes by stick too; there is no road to where it says that the ledger lies.
township 2
for v in 1 2; do
  y "v$v" ledger move ssh://nowhere.invalid/x >said
  lamp=$(opens "v$v" 路灯不亮)
  is "written at $v" hub "$(yj "v$v" '.parcels | map(.to) | join(" ")' parcel write "$stick")"
  is "state of the worker" awaiting "$(yj "v$v" '.[0].state' worker list)"
  echo "$lamp" >>lamps
done
is "names" 2 "$(ls "$stick" | grep -cE '^[A-Z0-9]{8}\.YZP$')"
is "nothing else lies there" 2 "$(ls -A "$stick" | wc -l)"
is "no word readable" 1 "$(grep -qaE '路灯|case.open|干部' "$stick"/*; echo $?)"

# Without a key: whole, for which hub.
hub_key=$(jq -r .hub v1.json)
is "listed" "whole whole" "$(yj nobody '[.[].state] | join(" ")' parcel list "$stick")"
is "for the hub" "$hub_key" "$(yj nobody '[.[].hub] | unique | join(" ")' parcel list "$stick")"
for f in "$stick"/*; do
  is "its end is its hash" "$(head -c -32 "$f" | sha256sum | cut -d' ' -f1)" "$(tail -c 32 "$f" | xxd -p -c 32)"
done

# One read takes in all villages', and the answers lie beside.
reads hub --reply
is "taken in" "taken taken" "$(states)"
is "records" 8 "$(jq .accepted "$HERE/read")"
is "answers" "V1 V2" "$(jq -r '[.reply[].to] | sort | join(" ")' "$HERE/read")"
is "cases at the hub" 2 "$(yj hub length case list)"
for v in 1 2; do
  reads "v$v"
  is "what is for us" 1 "$(jq '[.parcels[] | select(.state == "taken")] | length' "$HERE/read")"
  is "pending at $v" 0 "$(yj "v$v" .pending status)"
  is "received from $v" 4 "$(yj "v$v" .received status)"
  is "state of the worker" granted "$(yj "v$v" '.[0].state' worker list)"
  well "v$v" "V$v"
done

# The same once more changes nothing.
for node in hub v1 v2; do
  reads "$node"
  is "nothing new at $node" 0 "$(jq '.accepted + .waiting + .quarantined' "$HERE/read")"
  is "nothing is taken again at $node" 0 "$(jq '[.parcels[] | select(.state == "taken")] | length' "$HERE/read")"
done

# The hub answers; the village hears, its people agree.
rm "$stick"/*
y hub case resolve "$(head -1 lamps)" --text 已换新灯 >said
is "written at the hub" V1 "$(yj hub '[.parcels[].to] | join(" ")' parcel write "$stick" --to V1)"
reads v1 --reply
is "resolved" resolved "$(yj v1 .state case show "$(head -1 lamps)")"
y v1 case followup "$(head -1 lamps)" --result satisfied >said
y v1 case close "$(head -1 lamps)" >said
y v1 parcel write "$stick" >said
reads hub --reply
is "closed at the hub" closed "$(yj hub .state case show "$(head -1 lamps)")"
reads v1
well v1 V1

# What was acknowledged does not go again, and acknowledgements make no end of parcels.
rm "$stick"/*
is "nothing to write at the village" 0 "$(yj v1 '.parcels | length' parcel write "$stick")"
is "no file" 0 "$(ls -A "$stick" | wc -l)"

# A bundle as git knows it.
opens v2 井盖丢失 >>lamps
y v2 parcel write "$stick" >said
y hub parcel open "$stick"/*.YZP -o inside.bundle >said
git -C hub/ledgers/V2.git bundle verify "$HERE/inside.bundle" >said 2>&1 || fail "$(cat said)"
exits 1 y v1 parcel open "$stick"/*.YZP -o no.bundle
reads hub
is "the cover" 3 "$(yj hub length case list)"
clean hub v1 v2
for v in 1 2; do signed "hub/ledgers/V$v.git" hub; done
signed hub/township.git hub
echo "all of it went by stick"
