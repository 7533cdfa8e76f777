#!/bin/bash
# What was lost in its own ledger and stands, carried, in another one's alone is given back: what the hub
# wrote in a village's ledger and lost with its disk before the village fetched it, and what a village
# wrote and lost with its disk, and the hub with its own. Once each, and the originals, if they come, count.
. "$(dirname "$0")/lib.sh"

notes() { yj "$1" '[.history[] | select(.type == "case.note") | .body.text] | sort | join(" ")' case show "$2"; }
# in_ledger CODE: lines carried at the hub into this ledger.
in_ledger() {
  sqlite3 hub/yizhan.db "SELECT count(*) FROM carried d JOIN ledger l ON l.id=d.ledger WHERE l.code='$1'"
}
judged() {
  "$PYTHON" "$ROOM/../judge/judge.py" "$YIZHAN" "$@" >verdict 2>&1 || fail "a plain calculation gives another result: $(cat verdict)"
}
saved() {
  rm -f "$HERE/$1.backup" && y "$1" backup "$HERE/$1.backup" >said
}
lose_hub() {
  rm -rf hub && y hub restore "$HERE/hub.backup" >said
}

township 3
visit v1 v2 v3
number=$(opens v2 水渠堵塞)
other=$(opens v2 别的事)
visit v2
saved hub

# Said in V2's ledger and fetched by V1 alone, that the case goes to V1 among it.
y hub case refer "$number" --to V1 --reason 归村1 >said
y hub case edit "$number" --category 水利 >said
y hub case note "$number" --text 镇里所记 >said
visit v1
lose_hub
visit v1 v2
visit v1 v2
agree_on "$number" v1 hub v2
is "the hub's words" 镇里所记 "$(notes v2 "$number")"
is "flag" referred "$(yj v2 '.flags | join(" ")' case show "$number")"
is "given back" 3 "$(in_ledger V2)"
is "of the other case" 1 "$(yj v1 length case list)"
clean hub v1 v2

# Nothing new: nothing written, however often all of them come.
before=$(carries hub)
for round in 1 2; do visit v1 v2 v3; done
is "not carried round" "$before" "$(carries hub)"

# It is at work as if nothing had been: what either says now reaches the other.
y v2 case note "$number" --text 村2所记 >said
visit v2 v1
is "goes on" "村2所记 镇里所记" "$(notes v1 "$number")"
agree_on "$number" v1 hub v2

# What a village's node still has comes from there, and is not given back beside.
saved hub
saved v2
y v2 case note "$number" --text 只在两处 >said
visit v2 v1
lose_hub
before=$(in_ledger V2)
visit v1
visit v2 v1
agree_on "$number" v1 hub v2
is "sent again, not given back" "$before" "$(in_ledger V2)"

# Where both lost it the village that it was carried to has it for both.
lose_hub
mv v2 v2.old && y v2 restore "$HERE/v2.backup" >said
visit v1 v2
visit v1 v2
agree_on "$number" v1 hub v2
is "the village's words" "只在两处 村2所记 镇里所记" "$(notes v2 "$number")"
is "at the hub" "$(notes v2 "$number")" "$(notes hub "$number")"
is "given back" "$((before + 1))" "$(in_ledger V2)"
clean hub v1 v2
judged hub v1 v2

# The old PC is found: what it brings is what was given back, and counts in its place.
visit v2.old v1 v2
visit v2.old v1 v2
agree_on "$number" v1 hub v2 v2.old
is "once" "只在两处 村2所记 镇里所记" "$(notes v2 "$number")"
clean hub v1 v2 v2.old
judged hub v1 v2 v2.old

# Whose right ended short of it, said by a hub that did not have it any more: it is not given back.
y v2 worker add 旧人 >said
visit v2
y hub hub roster grant V2 旧人 >said
visit v2
saved hub
saved v2
y v2 --as 旧人 case note "$number" --text 旧人所记 >said
visit v2 v1
lose_hub
y hub hub roster revoke V2 旧人 >said
rm -rf v2.old && mv v2 v2.old && y v2 restore "$HERE/v2.backup" >said
before=$(in_ledger V2)
for nodes in "v1 v2" "v2.old v1 v2" "v2.old v1 v2"; do visit $nodes; done
is "of the revoked" "$before" "$(in_ledger V2)"
for v in hub v2 v2.old; do
  is "at $v" "只在两处 村2所记 镇里所记" "$(notes $v "$number")"
done

echo "what was lost is given back"
