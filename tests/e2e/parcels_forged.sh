#!/bin/bash
# Parcels that the program never would write are refused, each for what is the matter with it, and
# nothing comes of them; a second reader, made from FORMAT.md alone, reads those that it does write.
. "$(dirname "$0")/lib.sh"

township 1
opens v1 一件 >said
mkdir stick forged
y v1 parcel write stick >said
parcel=$(echo stick/*.YZP)
cp hub/yizhan.db hub.db
cp v1/yizhan.db v1.db

sqlite3 hub.db "SELECT lower(hex(value)) FROM secret WHERE name='node.box'" | tr -d '\n' >hub.box
"$PYTHON" "$ROOM/../verifier/parcel.py" "$parcel" >outside || fail "$(cat outside)"
is "what anyone sees" "true 1 $(jq -r .hub v1.json) 8 null" \
  "$(jq -r '"\(.whole) \(.version) \(.hub) \(.slots) \(.head)"' outside)"
"$PYTHON" "$ROOM/../verifier/parcel.py" --box hub.box -o second.bundle "$parcel" >inside || fail "$(cat inside)"
is "its sender and ledger" "$(jq -r .ledger v1.json) $(own v1) true" \
  "$(jq -r '"\(.head.ledger) \(.head.log) \(.signed)"' inside)"
y hub parcel open "$parcel" -o first.bundle >said
cmp first.bundle second.bundle || fail "the two readers find another bundle"

"$PYTHON" "$ROOM/forge_parcel.py" "$parcel" hub.db v1.db forged >want
[ "$(wc -l <want)" -gt 20 ] || fail "forged: $(wc -l <want)"
y hub --json parcel read forged >read 2>noted && fail "forged parcels are read in silence"
jq -r '.parcels[] | "\(.file | rtrimstr(".YZP")) \(.error.code // .state)"' read | sort >got
sort want | diff - got || fail "refused for another reason"
is "accepted" 0 "$(jq .accepted read)"
is "cases at the hub" 0 "$(yj hub length case list)"
is "what waits in git" "" "$(git -C hub/ledgers/V1.git for-each-ref refs/parcel)"

# The genuine one is none the worse for them.
y hub parcel read stick --reply >said
is "the case" 1 "$(yj hub length case list)"
y v1 parcel read stick >said
well v1 V1
clean hub v1
echo "$(wc -l <want) forged parcels came to nothing"
