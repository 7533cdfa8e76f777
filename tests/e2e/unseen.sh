#!/bin/bash
# A village whose records leave out what its own log says before: it knew that all the same, at the
# hub and wherever the case is carried to.
. "$(dirname "$0")/liar.sh"

effects() { yj "$1" '[.history[] | select(.type != "case.note") | .effect] | join(" ")' case show "$(cat number)"; }

EXPECTED="applied applied request request request"
lie unseen
honest unseen
is "at the hub" "$EXPECTED" "$(effects hub)"
is "its state" registered "$(yj hub .state case show "$(cat number)")"
is "asked of the township" "$(cat number)" "$(yj hub '[.[].case] | join(" ")' case list --requested)"

# Carried to another village its lines have the places that they have in their own log.
y hub --as worker case refer "$(cat number)" --to V2 --reason 一起办 >said
visit v2
is "where it is carried to" "$EXPECTED applied" "$(effects v2)"
is "its state there" registered "$(yj v2 .state case show "$(cat number)")"
clean hub v2
y hub rebuild --from ledger >said
is "made anew" "$EXPECTED applied" "$(effects hub)"
clean hub
echo "who wrote it knew it"
