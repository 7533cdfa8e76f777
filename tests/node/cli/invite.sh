#!/bin/bash
# Invitations: codes that cannot be mixed up, files never overwritten, second ones.
. "$(dirname "$0")/../../harness/script.sh"

said=$(y hub --json hub init --township 青山镇 --code qs)
is "code" QS "$(jq -r .code <<<"$said")"
seed=$(jq -r .recovery_key <<<"$said")
[[ $seed =~ ^[0-9a-f]{64}$ ]] || fail "recovery key: $seed"
exits 1 y hub hub init --township 青山镇 --code QS

# The hub keeps the hash of the recovery key's public half, and nothing else of it:
# openssl makes that half from the seed.
printf '%b' "$(sed 's/../\\x&/g' <<<"302e020100300506032b657004220420$seed")" >seed.der
openssl pkey -inform DER -in seed.der -pubout -outform DER | tail -c 32 >public
y hub hub invite --village 东村 --code DC -o dc.json >said
is "recovery" "$(sha256sum <public | cut -c1-64)" "$(jq -r .recovery dc.json)"
! grep -rqa "$seed" hub || fail "the recovery key is kept"
! LC_ALL=C grep -rqaP "$(sed 's/../\\x&/g' <<<"$seed")" hub || fail "the recovery key is kept"

# What an invitation says.
is "members" "box,code,hub,invitation,ledger,letter,pins,recovery,township,until,url,village,word" \
  "$(jq -r 'keys | join(",")' dc.json)"
is "place" "$HERE/hub/ledgers/DC.git" "$(jq -r .url dc.json)"
is "repository" true "$(git -C hub/ledgers/DC.git rev-parse --is-bare-repository)"
is "letter" A "$(jq -r .letter dc.json)"

# Codes in use, alike or wrong; files that are there.
exits 1 y hub hub invite --village 西村 --code DC -o x.json
exits 1 y hub hub invite --village 西村 --code DCB -o x.json
exits 1 y hub hub invite --village 西村 --code QS -o x.json
exits 2 y hub hub invite --village 西村 --code D -o x.json
exits 2 y hub hub invite --village 西村 --code 'D C' -o x.json
exits 2 y hub hub invite --village 西村 --code XC
exits 2 y hub hub invite --village 西村 --code XC --ledger http://example.invalid/x.git -o x.json
exits 2 y hub hub invite --village 西村 --code XC --ledger nowhere -o x.json
[ ! -e x.json ] || fail "a refused invitation left a file"
cp dc.json before
exits 1 y hub hub invite --village 北村 --code BC -o dc.json
cmp dc.json before
exits 1 y hub hub invite --village 北村 --code BC -o no/such/folder.json
is "villages" DC "$(yj hub 'map(.code) | join(",")' hub villages)"

# A second invitation of a village that has not joined: same ledger, another word
# and letter; none once it has.
y hub hub invite --village 东村 --code DC -o dc2.json >said
is "ledger" "$(jq -r .ledger dc.json)" "$(jq -r .ledger dc2.json)"
[ "$(jq -r .word dc.json)" != "$(jq -r .word dc2.json)" ] || fail "the word is the same"
is "letter" B "$(jq -r .letter dc2.json)"
y dc join dc2.json >said
y dc sync >said
is "not joined yet" false "$(yj hub '.[0].joined' hub villages)"
y hub hub ingest >said
is "joined" true "$(yj hub '.[0].joined' hub villages)"
exits 1 y hub hub invite --village 东村 --code DC -o dc3.json

# A ledger that lies elsewhere.
git init -q --bare shared.git
y hub hub invite --village 南村 --code NC --ledger shared.git -o nc.json >said
is "place" "$HERE/shared.git" "$(jq -r .url nc.json)"
y nc join nc.json >said
y nc case open --title 井 >said
y nc sync >said
y hub hub ingest >said
is "by way of another server" 1 "$(yj hub 'map(select(.case | startswith("NC"))) | length' case list)"
y nc sync >said
is "pending" 0 "$(yj nc .pending status)"

# Only a hub invites.
exits 1 y nc hub invite --village 外村 --code WC -o x.json
exits 1 y nc hub villages
