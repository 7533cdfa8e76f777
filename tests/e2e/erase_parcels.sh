#!/bin/bash
# Parcels from before an erasure, read once more after it, in whatever order: they bring nothing back, at
# the hub or at a village, nor does a node that was restored from a backup of then. What a stick still
# holds of it goes with the writer's next parcel.
. "$(dirname "$0")/lib.sh"
. "$ROOM/hunt_lib.sh"

# trip NODE: its stick goes to the town and comes back; what lay on it is kept in old/.
trip() {
  y "$1" parcel write stick >said
  cp stick/*.YZP old/
  y hub parcel read stick --reply >said 2>&1
  cp stick/*.YZP old/
  y "$1" parcel read stick >said 2>&1
}

mkdir stick old
township 1
y v1 ledger move ssh://nowhere.invalid/x >said 2>&1
number=$(yj v1 .case case open --title 样例甲的事 --text 样例甲说的秘密 --resident 样例某甲)
other=$(yj v1 .case case open --title 样例乙的事 --text 样例乙说的另一件)
trip v1
y hub case note "$number" --text 镇里转述样例甲的话 >said
trip v1
y v1 backup v1.backup >said
y v1 case note "$number" --text 样例甲补充的话 >said
trip v1
for n in hub v1; do held 样例甲说的秘密 $n; held 镇里转述样例甲 $n; held 样例甲补充的话 $n; done

y hub erase "$number" --reason 本人要求 >said
trip v1
trip v1
words='样例甲说的秘密 镇里转述样例甲 样例甲补充的话 样例某甲'
gone "$words" hub v1
is "nobody has not" 0 "$(yj hub length hub erasures)"

# All of the old ones, at both, forwards and backwards.
for round in 1 2; do
  for n in hub v1; do
    for f in $(find old -name '*.YZP' | { [ $round = 1 ] && sort || sort -r; }); do
      y $n parcel read "$f" >said 2>&1 || true
    done
    gone "$words" $n
  done
done
trip v1
gone "$words" hub v1
is "the other's words" 样例乙说的另一件 "$(yj v1 .text case show "$other")"
is "pending" 0 "$(yj v1 .pending status)"
clean hub v1

# A backup from before: what it brings by stick is without it, once it has heard of it.
rm -rf v1
y v1 restore v1.backup >said
held 样例甲说的秘密 v1
trip v1
trip v1
gone "$words" hub v1
clean hub v1
well v1 V1

# What lies on the stick holds nothing that any key opens: the bundles inside, taken out.
for f in stick/*.YZP; do
  for n in hub v1; do
    rm -rf opened && mkdir opened
    y $n parcel open "$f" -o opened/bundle >said 2>&1 || continue
    git init -q --bare opened/objects.git
    git -C opened/objects.git bundle unbundle ../bundle >said 2>&1 || cp -r $n/ledgers/*.git/objects/. opened/objects.git/objects/
    git -C opened/objects.git bundle unbundle ../bundle >said 2>&1 || fail "unbundle: $(cat said)"
    gone "$words" opened hub v1
  done
done
