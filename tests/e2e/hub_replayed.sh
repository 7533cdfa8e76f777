#!/bin/bash
# A hub that lost what it had written takes it back from the ledger that it was written in, though
# a lying village has laid it into its own before.
. "$(dirname "$0")/lib.sh"

township 2
visit v1 v2
number=$(yj v2 .case case open --title 样例 --text 样例乙说的)
visit v2
y hub backup hub.backup
rm -rf hub
y hub restore hub.backup >said
visit v1 v2
y hub case note "$number" --text 镇里说的 >said
visit v2
log=$(git -C hub/ledgers/V2.git for-each-ref --format='%(refname)' refs/heads/log |
  grep "$(sqlite3 hub/yizhan.db "SELECT lower(hex(own)) FROM ledger WHERE code='V2'")")
[ -n "$log" ] || fail "the hub has no log"
cp -a hub/ledgers/V2.git elsewhere.git
rm -rf hub
y hub restore hub.backup >said
git -C hub/ledgers/V1.git fetch -q "$HERE/elsewhere.git" "$log:$log" 2>said || {
  y hub hub ingest >said
  git -C hub/ledgers/V1.git fetch -q "$HERE/elsewhere.git" "$log:$log"
}
y hub hub ingest >said
visit v2 v1 v2
yj hub . case show "$number" >shown
grep -q 镇里说的 shown || fail "the hub has not taken back what it said: $(cat shown)"
is "what was laid there" "" "$(git -C hub/ledgers/V1.git for-each-ref "$log")"
[[ $(rules V1) == *log.id* ]] || fail "rules: $(rules V1)"
