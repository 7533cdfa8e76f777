#!/bin/bash
# The hub begins the next epoch of passes: what was shown until now lets nobody in, and no node is left
# behind: not one that was away, that joins, that comes from an old backup, or to a hub that does.
. "$(dirname "$0")/https_lib.sh"
# epoch NODE: as the hub's records say there.
epochs() { sqlite3 "$1/yizhan.db" "SELECT count(*) FROM record WHERE type='hub.pass' AND status=0"; }
# comes NODE: it brings something and is receipted.
comes() {
  opens "$1" "$1 又来" >said
  y "$1" sync >said 2>&1 || fail "$1: $(cat said)"
  is "pending at $1" 0 "$(yj "$1" .pending status)"
}

y hub hub init --township 青山镇 --code QSZ --url https://127.0.0.1:1 >said
serve
village 1
village 2
for v in v1 v2; do comes "$v"; done
y hub hub invite --village 村3 --code V3 -o v3.json >said
mine=$BASE/ledger/$(ledger v1)
asked='info/refs?service=git-upload-pack'
old="Authorization: Bearer $(pass v1)"
http 200 -H "$old" "$mine/$asked"
y v1 backup v1.backup >said
y hub backup hub.backup >said

# The next one: the old pass is worth nothing at once, for reading or writing, though nobody has heard.
y hub hub pass renew >said
http 403 -H "$old" "$mine/$asked"
http 403 -H "$old" "$mine/info/refs?service=git-receive-pack"
http 403 -H "$old" --data-binary 0000 "$mine/git-upload-pack"
http 403 -H "$old" --data-binary 0000 "$mine/git-receive-pack"
# It tells the epoch, and nothing else; what never was a pass tells nothing.
http 200 -H "$old" -H 'Yizhan-Epoch: v1' "$mine/$asked"
grep -aq 'refs/epoch/1' body || fail "the epoch: $(cat body)"
! grep -aq 'refs/heads' body || fail "more than the epoch: $(cat body)"
http 403 -H "$old" -H 'Yizhan-Epoch: v1' "$mine/info/refs?service=git-receive-pack"
http 403 -H "$old" -H 'Yizhan-Epoch: v1' --data-binary 0000 "$mine/git-upload-pack"
http 403 -H "${old%?}$([ "${old: -1}" = 0 ] && echo 1 || echo 0)" -H 'Yizhan-Epoch: v1' "$mine/$asked"
http 403 -H "$old" -H 'Yizhan-Epoch: v1' "$BASE/ledger/$(ledger v2)/$asked"
# Who comes finds out at the door, in one contact, and from then on knows.
comes v1
is "heard" 1 "$(epochs v1)"
before=$(grep -c ' 403 ' hub/access.log)
comes v1
is "turned away no more" "$before" "$(grep -c ' 403 ' hub/access.log)"
well v1 V1
# Whoever was away for some of them, and whoever joins.
for _ in 2 3 4; do y hub hub pass renew >said; done
comes v2
comes v1
y v3 join v3.json --worker 干部丙 >said
comes v3

# An old copy of a village, which has heard of none.
y old1 restore v1.backup >said
comes old1
# A revoked one learns nothing.
y hub hub roster revoke V2 "$(yj v2 .node status)" >said
opens v2 撤销之后 >said
exits 1 y v2 sync
grep -q 'does not let this node in' said || fail "revoked: $(cat said)"
# An old copy of the hub has heard of none either, until a village gives its records back.
unserve
mv hub lost
y hub restore hub.backup >said
serve "$PORT"
comes v1
comes v1
is "given back" true "$(sqlite3 hub/yizhan.db "SELECT count(*)>0 FROM record WHERE type='hub.pass'" | sed 's/1/true/')"
http 403 -H "$old" "$mine/$asked"
clean hub v1 v3 old1
unserve
echo "passes are renewed, and nobody is left behind"
