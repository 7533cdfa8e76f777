#!/bin/bash
# The hub's PC is gone, and no backup of it: its recovery key, on paper, names a successor,
# which goes on with the ledgers that are left. Words, receipts and answers come back; what
# the lost hub or anyone else forges does not.
. "$(dirname "$0")/lib.sh"

all() { yj "$1" "map({case, title, text, state, flags, opened}) | sort_by(.case)" case list --limit 0; }
receipt() { yj "$1" .last_receipt status; }

# --- a township of three villages, their ledgers in a folder -----------------

y hub --json hub init --township 青山镇 --code QSZ --worker 老书记 >made
jq -r .recovery_key made | sed 's/..../& /g' >paper
recovery=$(jq -r .recovery_key made)
mkdir share
for v in 1 2 3; do
  git init -q --bare "share/V$v.git"
  village "$v" --ledger "share/V$v.git"
done
for v in 1 2 3; do
  for c in 1 2; do opens "v$v" "事项$v$c" >"case$v$c"; done
done
visit v1 v2 v3
for v in 1 2 3; do y hub case resolve "$(cat "case${v}1")" --text "镇里答复$v" >/dev/null; done
visit v1 v2 v3
for v in 1 2 3; do well "v$v" "V$v"; done
old=$(yj v1 .trust.hub status)
is "pinned" "$(jq -r .recovery v1.json)" "$(yj v1 .trust.recovery status)"

# A village that was invited and has not joined yet.
git init -q --bare share/V8.git
y hub hub invite --village 村8 --code V8 --ledger share/V8.git -o v8.json >said

# The hub is gone for good (kept aside only to play the thief later). Work goes on.
mv hub stolen
for v in 1 2 3; do
  y "v$v" case followup "$(cat "case${v}1")" --result satisfied --text "亮了$v" >/dev/null
  opens "v$v" "其间$v" >"case${v}3"
done
y v1 sync >/dev/null
pending=$(yj v2 .pending status)
[ "$pending" -gt 0 ] || fail "nothing is pending at v2"

# --- what cannot be -----------------------------------------------------------

exits 1 y new hub recover share/V1.git --township 青山镇 --code QSZ --recovery-key-file paper2
echo 'not a key' >wrong
exits 1 y new hub recover share/V1.git --township 青山镇 --code QSZ --recovery-key-file wrong
exits 2 y new hub recover share/V1.git --recovery-key-file paper
exits 2 y new hub recover --recovery-key-file paper --township 青山镇 --code QSZ
git init -q --bare empty.git
exits 1 y empty hub recover empty.git --township 青山镇 --code QSZ --recovery-key-file paper
grep -q 'Nothing of a hub lies here' said || fail "an empty ledger: $(cat said)"
is "its place is said once" 1 "$(grep -o 'empty\.git' said | wc -l)"

# --- the successor -----------------------------------------------------------

y new --json hub recover share/V1.git share/V8.git share/V2.git --township 青山镇 --code QSZ --worker 新书记 \
  --recovery-key-file paper >said
is "succeeds" "$old" "$(jq -r '[.ledgers[] | select(.empty | not) | .succeeds] | unique | .[]' said)"
is "errors" null "$(jq -r '[.ledgers[] | select(.empty | not) | .error] | unique | .[]' said)"
is "nobody had joined there" "null not-found" "$(jq -r '.ledgers[1] | "\(.ledger) \(.error.code)"' said)"
is "mark" "$(jq -r .recovery v1.json)" "$(jq -r .recovery said)"
! grep -rqa "$recovery" new || fail "the recovery key is kept"
y new hub recover share/V3.git --recovery-key-file paper >said
is "again" "true $old null" "$(yj new '.ledgers[0] | "\(.already) \(.succeeds) \(.error)"' hub recover share/V3.git --recovery-key-file paper)"
exits 2 y new hub recover share/V3.git --recovery-key-file paper --township 别镇 --code BZ
is "called by their ids" 3 "$(yj new 'map(select(.code == "" and (.village | test("^[0-9a-f]{32}$")))) | length' hub villages)"
is "villages are known" true "$(yj new 'map(.joined) | all' hub villages)"
mv new hub

# Two contacts, and the hub takes in between.
for v in 1 2 3; do y "v$v" sync >/dev/null; done
y hub hub ingest >ingested
for v in 1 2 3; do y "v$v" sync >/dev/null; done
y hub hub ingest >ingested
new=$(yj v1 .trust.hub status)
[ "$new" != "$old" ] || fail "the village did not follow"
is "codes" "V1 V2 V3" "$(yj hub 'map(.code) | sort | join(" ")' hub villages)"
is "names" "村1 村2 村3" "$(yj hub 'map(.village) | sort | join(" ")' hub villages)"
for v in 1 2 3; do
  well "v$v" "V$v"
  is "words of V$v at the hub" "$(all "v$v")" "$(yj hub "map(select(.case | startswith(\"V$v\"))) | map({case, title, text, state, flags, opened}) | sort_by(.case)" case list --limit 0)"
  is "followed up" followed-up "$(yj hub .state case show "$(cat "case${v}1")")"
  yj hub '.history[].body.text?' case show "$(cat "case${v}1")" >said
  grep -q "镇里答复$v" said || fail "the lost hub's answer to V$v"
  is "receipts of the new hub" "$new" "$(yj "v$v" .trust.hub status)"
done
clean hub v1 v2 v3

# It answers, and is heard.
y hub case resolve "$(cat case13)" --text 新站答复 >/dev/null
y hub --as 新书记 case note "$(cat case22)" --text 新站一记 >/dev/null
visit v1 v2 v3
is "heard" resolved "$(yj v1 .state case show "$(cat case13)")"
y v1 case followup "$(cat case13)" --result satisfied --text 好 >/dev/null
y v1 case close "$(cat case13)" >/dev/null
visit v1
is "closed at the hub" closed "$(yj hub .state case show "$(cat case13)")"

# Invitations, grants and revocations go on.
y v2 worker add 新人 >/dev/null
visit v2
y hub hub roster grant V2 新人 >/dev/null
visit v2
is "granted by the successor" granted "$(yj v2 '.[] | select(.worker == "新人") | .state' worker list)"
is "the lost hub's workers" revoked "$(yj hub '[.[] | select(.worker == "老书记") | .state] | unique | .[]' hub roster list)"
y hub hub invite --village 村8 --code V8 --ledger share/V8.git -o v8b.json >said
git init -q --bare share/V4.git
village 4 --ledger share/V4.git
opens v4 新村 >case41
visit v4
well v4 V4

for v in 1 2 3; do signed "v$v/ledgers/"*.git "v$v"; done
signed hub/township.git hub
for v in 1 2 3; do
  "$PYTHON" -B "${YIZHAN_SOURCE_DIR:?}/tests/verifier/verify.py" --hub "$old" \
    --recovery "$(jq -r .recovery v1.json)" "share/V$v.git" >said || true
  is "findings but the lost hub's void receipt" 0 "$(jq '[.findings[] | select(.rule != "ack.log")] | length' said)"
  is "the hub that is found" "$new" "$(jq -r .hub said)"
done

# A backup of the new hub, and its life after.
y hub backup hub.bak >/dev/null
opens v1 备份之后 >case14
visit v1
rm -rf hub
y hub restore hub.bak >/dev/null
y hub hub ingest >ingested
visit v1 v2 v3
visit v1 v2 v3
YIZHAN_WORKER=干部2 well v2 V2
well v1 V1
well v3 V3
clean hub v1 v2 v3
echo "a hub is succeeded by its recovery key"
