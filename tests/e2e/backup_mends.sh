#!/bin/bash
# A backup of a node one of whose repositories is gone, or cannot be made again: what was written here
# is cut all the same, in each ledger where it can be, so that whoever is restored goes on from it and
# takes back what was written since.
. "$(dirname "$0")/lib.sh"

notes() { yj "$1" '[.history[] | select(.type == "case.note") | .body.text] | join(" ")' case show "$2"; }
# unpublished CODE COMMAND...: at the hub, whose repository of that village cannot be written then, and is gone.
unpublished() {
  rm -rf "hub/ledgers/$1.git" && touch "hub/ledgers/$1.git"
  y hub "${@:2}" >said 2>&1 || true
  rm "hub/ledgers/$1.git"
}
lost() { # NODE: its disk, and the backup in its place
  rm -rf "$1" && y "$1" restore "$HERE/$1.backup" >said
}

township 2
visit v1 v2
one=$(opens v1 水渠堵塞)
two=$(opens v2 路灯不亮)
visit v1 v2

rm -rf v1/ledgers/*.git
y v1 case note "$one" --text 备份前 >said
y v1 backup v1.backup >said
y v1 case note "$one" --text 备份后 >said
visit v1
lost v1
for round in 1 2 3; do visit v1; done
for node in hub v1; do
  is "at $node" "备份前 备份后" "$(notes $node "$one")"
done
clean hub v1

unpublished V1 case note "$one" --text 又前
unpublished V2 case note "$two" --text 又前
y hub backup hub.backup >said
y hub case note "$one" --text 又后 >said
y hub case note "$two" --text 又后 >said
y hub hub ingest >said
visit v1 v2
lost hub
y hub hub ingest >said
for round in 1 2 3; do visit v1 v2; done
for node in hub v1; do
  is "at $node" "备份前 备份后 又前 又后" "$(notes $node "$one")"
done
for node in hub v2; do
  is "at $node" "又前 又后" "$(notes $node "$two")"
done
clean hub v1 v2

# One that cannot be made keeps no other from being cut.
unpublished V2 case note "$two" --text 再前
touch hub/ledgers/none && rm -rf hub/ledgers/V1.git && mv hub/ledgers/none hub/ledgers/V1.git
rm hub.backup && y hub backup hub.backup >said
rm hub/ledgers/V1.git
y hub case note "$two" --text 再后 >said
y hub hub ingest >said
visit v2
lost hub
y hub hub ingest >said
for round in 1 2 3; do visit v1 v2; done
for node in hub v2; do
  is "at $node" "又前 又后 再前 再后" "$(notes $node "$two")"
done
clean hub v1 v2
echo "a backup cuts what it holds"
