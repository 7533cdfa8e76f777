#!/bin/bash
# A hub whose disk is gone takes back from the villages what it had said of words erased since its
# backup; the keys that the backup holds open nothing any more, and go nowhere.
. "$(dirname "$0")/lib.sh"
. "$ROOM/hunt_lib.sh"

township 1
visit v1
number=$(yj v1 .case case open --title 样例甲的事 --text 样例甲说的秘密)
other=$(yj v1 .case case open --title 样例乙的事 --text 样例乙说的另一件)
visit v1
y hub case note "$number" --text 镇里转述样例甲的话 >said
visit v1
y hub backup hub.backup
y hub case note "$other" --text 镇里转述样例乙的话 >said
visit v1
held 镇里转述样例甲 v1
y hub erase "$number" --reason 本人要求 >said
visit v1
rm -rf hub
y hub restore hub.backup >said
for round in 1 2 3; do visit v1; done
is "it is known" true "$(yj hub '.erased != null' case show "$number")"
for node in hub v1; do
  gone "样例甲说的秘密 镇里转述样例甲" $node
  yj $node . case show "$other" >shown; grep -q 镇里转述样例乙的话 shown || fail "the other words are not at $node: $(cat shown)"
done
is "nobody has not" 0 "$(yj hub length hub erasures)"
