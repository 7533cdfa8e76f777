#!/bin/bash
# A hub restored twice from one backup: what either of its lives signed comes to count,
# and until then what came second waits as evidence.
. "$(dirname "$0")/../harness/script.sh"

number() { yj hub ".[] | select(.title == \"$1\") | .case" case list; }
state() { yj "$1" ".[] | select(.title == \"$2\") | .state" case list; }

y hub hub init --township 青山镇 --code QSZ >said
y hub hub invite --village 东村 --code DC -o dc.json >said
y v join dc.json >said
for title in one two; do y v case open --title "$title" >said; done
y v sync >said
y hub hub ingest >said
y v sync >said
y hub backup hub.bak >said

# The first life answers; the village hears it; then the disk dies with the ledgers.
rm -rf hub
y hub restore hub.bak >said
y hub hub ingest >said
y v sync >said
y hub hub ingest >said
y hub case resolve "$(number one)" --text first >said
y hub hub ingest >said
y v sync >said
is "the village heard the first life" resolved "$(state v one)"

# The second life knows nothing of the first, and answers something else before it hears.
rm -rf hub
y hub restore hub.bak >said
y hub case resolve "$(number two)" --text second >said
y hub hub ingest >said
y v sync >said
y hub hub ingest >said
y v sync >said
y hub hub ingest >said
y v sync >said
for n in hub v; do
  is "one at $n" resolved "$(state "$n" one)"
  is "two at $n" resolved "$(state "$n" two)"
  is "verify at $n" true "$(yj "$n" .ok verify)"
done
is "nothing waits" "0 0" "$(yj v '"\(.pending) \(.waiting)"' status)"
signed v/ledgers/*.git v
