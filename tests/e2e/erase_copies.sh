#!/bin/bash
# Two copies of one backup at work when the township takes words away: each hears of it, and what
# either writes afterwards is read everywhere; of what was taken away nothing is left.
. "$(dirname "$0")/lib.sh"
. "$ROOM/hunt_lib.sh"

township 1
visit v1
number=$(yj v1 .case case open --title 样例甲的事 --text 样例甲说的秘密)
visit v1
y v1 backup "$HERE/v1.backup" >said
rm -rf v1
for copy in a b; do
  y "$copy" restore "$HERE/v1.backup" >said
  opens "$copy" "先事 $copy" >"first.$copy"
done
for round in 1 2; do visit a b; done
y hub erase "$number" --reason 本人要求 >said
for round in 1 2 3; do visit a b; done
for copy in a b; do opens "$copy" "后事 $copy" >"after.$copy"; done
for round in 1 2 3; do visit a b; done
for node in hub a b; do
  for copy in a b; do
    for when in first after; do
      yj "$node" . case show "$(cat "$when.$copy")" >shown || fail "no case of $copy ($when) at $node"
      grep -q 的经过 shown || fail "words of $copy ($when) are not read at $node: $(cat shown)"
    done
  done
  gone 样例甲说的秘密 "$node"
done
clean hub a b
is "nobody has not" 0 "$(yj hub length hub erasures)"
