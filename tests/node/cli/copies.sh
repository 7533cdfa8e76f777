#!/bin/bash
# A copied folder is another writer: it goes on in a log of its own, and both copies'
# work arrives. A node that only moved is the one it was.
. "$(dirname "$0")/../../harness/script.sh"

titles() { yj "$1" 'map(.title) | sort | join(" ")' case list; }

y hub hub init --township 青山镇 --code QSZ >said
y hub hub invite --village 东村 --code DC -o dc.json >said
y v join dc.json >said
y v case open --title one >said
y v sync >said
y hub hub ingest >said
y v sync >said

mv v w && mv w v
y v case open --title moved >said
[[ $(yj v '.[0].case' case list) == DC-*-0002-* ]] || fail "a moved node took another letter"

cp -a v copy
y v case open --title two >said
number=$(yj copy .case case open --title deux)
[[ $number =~ ^DC[B-Z][A-Z]-[0-9]{2}-0001-.$ ]] || fail "a copy's number: $number"
for n in v copy; do y "$n" sync >said; done
y hub hub ingest >said
for n in v copy; do y "$n" sync >said; done
for n in v copy hub; do
  is "cases at $n" "deux moved one two" "$(titles "$n")"
  is "verify at $n" true "$(yj "$n" .ok verify)"
done
is "nothing waits at the copy" "0 0" "$(yj copy '"\(.pending) \(.quarantined)"' status)"

# A hub put back from a copy of its folder: what it had answered since comes back too.
cp -a hub hub.old
y hub case resolve "$(yj hub '.[] | select(.title=="one") | .case' case list)" --text done >said
y hub hub ingest >said
y v sync >said
rm -rf hub
cp -a hub.old hub
y hub hub ingest >said
y v sync >said
y hub hub ingest >said
y v sync >said
is "the answer is back" resolved "$(yj hub '.[] | select(.title=="one") | .state' case list)"
is "verify at the hub" true "$(yj hub .ok verify)"
is "nothing waits" 0 "$(yj v .pending status)"

# A village put back from a copy of its folder, made before its last words went out. Meanwhile they
# went, with others, in two contacts; the copy lays them out otherwise while it reaches nobody.
y v case open --title three >said
cp -a v v.old
y v case open --title four >said
y v sync >said
y v case open --title five >said
y v sync >said
y hub hub ingest >said
rm -rf v
cp -a v.old v
mv hub away
exits 3 y v sync
mv away hub
y v sync >said
y hub hub ingest >said
y v sync >said
for n in v hub; do
  is "cases at $n" "deux five four moved one three two" "$(titles "$n")"
  is "verify at $n" true "$(yj "$n" .ok verify)"
done
