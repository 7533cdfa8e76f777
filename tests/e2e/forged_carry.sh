#!/bin/bash
# Only the hub carries a case from ledger to ledger: a village that does it itself is refused, and
# even where the township releases such a record it brings nothing in.
. "$(dirname "$0")/liar.sh"

other=$(yj v2 '.[0].case' case list)
y v1 sync >said
for lie in carry carry_by_node; do
  lie $lie
  honest $lie
  is "the receipt of $lie" "[[$seq,\"refused\",\"author.rights\"]]" "$(git -C $R cat-file blob "log/$hub_log:ack.json" |
    jq -c ".[0].except[\"$LOG\"] // [] | map(select(.[0] == $seq))")"
  is "cases at the hub" 2 "$(yj hub length case list)"
done
visit v1 v2
visit v1
exits 1 y v1 case show "$other"

# Released by mistake: it is still no record of a hub's log.
for number in $(yj hub '.[] | select(.rule == "author.rights") | .number' hub quarantine list); do
  y hub hub quarantine release "$number" >said
done
visit v1 v2
visit v1 v2
is "carried lines that count" "0 0 0" "$(for v in hub v1 v2; do sqlite3 $v/yizhan.db 'SELECT count(*) FROM carried'; done | xargs)"
exits 1 y v1 case show "$other"
is "at the hub" 2 "$(yj hub length case list)"
is "at its own village" "registered" "$(yj v2 .state case show "$other")"
clean hub v1 v2
echo "no village carries"
