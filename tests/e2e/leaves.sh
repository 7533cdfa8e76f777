#!/bin/bash
# Who joins a village later reads what was said before; who leaves reads nothing that is said after:
# no key is wrapped for that PC any more, by the author, the hub or another PC.
. "$(dirname "$0")/lib.sh"
"$PYTHON" -c 'import nacl' 2>/dev/null || exit 77

# What a PC's keys open of the ledger as it lies at the hub now.
opens_now() { # NODE WORD: yes or no
  rm -rf seen && mkdir seen
  git clone -q --mirror hub/ledgers/V1.git seen/ledger.git
  cp "$1"/yizhan.db* seen/
  # Only what it can open, not what its store has.
  sqlite3 seen/yizhan.db 'DELETE FROM content; DELETE FROM cases; DELETE FROM words; DELETE FROM file; VACUUM' 2>/dev/null || true
  if "$PYTHON" "$ROOM/hunt.py" "$2" seen >hunted; then echo no; else echo yes; fi
  grep -qE '^[1-9][0-9]* files, [1-9][0-9]* keys' hunted || fail "hunted: $(cat hunted)"
}

township 1
opens v1 从前的事 >said
visit v1
y hub hub invite --pc V1 -o pc.json >said
y p join pc.json --worker 另一台 >said
opens v1 其间的事 >said
visit p v1 p
is "what came before" yes "$(opens_now p 从前的事)"
is "what came meanwhile" yes "$(opens_now p 其间的事)"
is "cases" 2 "$(yj p length case list)"

node=$(yj p .node status)
y hub hub roster revoke V1 "$(yj hub '[.[] | select(.node | startswith("'"$node"'"))][0].node' hub roster list --village V1)" >said
visit v1
opens v1 此后的事 >said
y hub case note "$(yj hub '.[0].case' case list)" --text 镇里此后说的 >said
visit v1
visit v1
is "not what comes after" no "$(opens_now p 此后的事)"
is "nor from the hub" no "$(opens_now p 镇里此后说的)"
is "the others do" yes "$(opens_now v1 此后的事)"
is "from the hub too" yes "$(opens_now v1 镇里此后说的)"
# Another one that comes later wraps nothing for it either.
y hub hub invite --pc V1 -o pc2.json >said
y q join pc2.json --worker 第三台 >said
visit q v1 q
is "the third reads" yes "$(opens_now q 此后的事)"
is "and the one that left does not" no "$(opens_now p 此后的事)"
clean hub v1 q
