#!/bin/bash
# A hub's repository is gone and empty again, and a PC brings what it has, among that the keys of another
# from before something was erased: the hub goes by what it knows, and no such key stays.
. "$(dirname "$0")/lib.sh"
. "$ROOM/hunt_lib.sh"

township 1
visit v1
y hub hub invite --pc V1 -o pc.json >said
y p join pc.json --worker 另一台 >said
visit p v1 p
number=$(yj p .case case open --title 样例甲的事 --text 样例甲说的秘密)
other=$(yj p .case case open --title 样例乙的事 --text 样例乙说的另一件)
visit p v1
y hub erase "$number" --reason 本人要求 >said
visit v1
visit p
gone 样例甲说的秘密 hub

rm -rf hub/ledgers/V1.git
git init -q --bare hub/ledgers/V1.git
is "empty again" "" "$(git -C hub/ledgers/V1.git for-each-ref)"
y v1 sync >said
is "the keys from before are back" true "$(git -C hub/ledgers/V1.git for-each-ref |
  grep -q "refs/heads/keys/$(own p)" && echo true)"
y hub hub ingest >said
for round in 1 2; do visit v1 p; done
for node in hub v1 p; do
  gone 样例甲说的秘密 $node
  is "the other at $node" 样例乙说的另一件 "$(yj $node .text case show "$other")"
done
is "nobody has not" 0 "$(yj hub length hub erasures)"
clean hub v1 p
