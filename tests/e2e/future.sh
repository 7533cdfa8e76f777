#!/bin/bash
# Records of a newer version, signed by who may: kept, forwarded, acknowledged, shown as
# such, without effect; still so after rebuilding from either side and after a restore.
. "$(dirname "$0")/liar.sh"

number=$(cat number)

# newer NODE: what came from the future is at this node, without effect.
newer() {
  is "shown at $1" 4 "$(yj "$1" '[.history[] | select(.effect == "needs-newer")] | length' case show "$number")"
  is "the case at $1" registered "$(yj "$1" .state case show "$number")"
  is "flagged at $1" '["needs-newer"]' "$(yj "$1" '.flags | tojson' case show "$number")"
  is "kept at $1" 4 "$(y "$1" log | grep -cE '"case.praise"|"weather.report"|"stars":5|"delighted"' || true)"
  clean "$1"
}

# forwarded REPOSITORY: they lie in git.
forwarded() {
  git -C "$1" cat-file --batch-all-objects --batch >objects
  is "in $1" 4 "$(grep -aoE '"case.praise"|"weather.report"|"stars":5|"delighted"' objects | sort -u | wc -l)"
}

for lie in unknown_type unknown_area unknown_field unknown_content unknown_value; do
  lie $lie
  honest $lie
  is "acknowledged $lie" "[]" "$(git -C $R cat-file blob "log/$hub_log:ack.json" |
    jq -c "(.[0].except[\"$LOG\"] // []) | map(select(.[0] == $seq))")"
done
is "kept apart" 0 "$(yj hub length hub quarantine list)"
newer hub
forwarded hub/township.git
visit v1
visit v1
newer v1
well v1 V1
stands=$(cases hub V1)

for side in store ledger; do
  y hub rebuild --from $side >said || fail "rebuild of the hub from its $side: $(cat said)"
  newer hub
  is "the cases after rebuilding from the $side" "$stands" "$(cases hub V1)"
  y v1 rebuild --from $side >said || fail "rebuild of the village from its $side: $(cat said)"
  newer v1
  visit v1
  well v1 V1
done
forwarded hub/township.git

y hub backup "$HERE/hub.backup" >said
y v1 backup "$HERE/v1.backup" >said
rm -rf hub v1
y hub restore "$HERE/hub.backup" >said
y v1 restore "$HERE/v1.backup" >said
newer hub
newer v1
visit v1 v2
visit v1 v2
newer hub
newer v1
well v1 V1
is "the cases after the restore" "$stands" "$(cases hub V1)"
forwarded hub/township.git
signed hub/township.git hub
echo "what is newer waits for its version"
