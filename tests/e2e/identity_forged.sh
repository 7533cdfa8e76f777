#!/bin/bash
# A worker who is about to leave makes a key in secret, wraps it to those who stay and not to itself,
# and leaves: nothing is sealed under it. And another village names a key that is not its own, in a
# record that wraps it and in words that are carried: the hub gives it to nobody there.
. "$(dirname "$0")/lib.sh"
. "$ROOM/identity_lib.sh"

y hub hub init --township 青山镇 --code QSZ >said
y hub hub invite --village 村1 --code V1 -o v1.json >said
k v1 join v1.json --worker 干部1 >said
visit v1
y hub hub invite --pc V1 -o pc.json >said
y p join pc.json --worker 另一台 >said
visit p v1
k v1 case open --title 先前 --resident 靐龘某甲 >said
opens p 另一台记的 >said
visit v1 p v1

cat >plant.py <<'PY'
import base64, os, sys, time, forge
from nacl import bindings
from nacl.public import PublicKey, SealedBox
repository, log, stays = sys.argv[1:]
own = forge.Store("p.db")
key, worker = own.node(), own.worker()
planted = os.urandom(32)
name = forge.sha(b"yizhan-identity-key-v1\n", planted).hex()[:16]
box = bindings.crypto_sign_ed25519_pk_to_curve25519(bytes.fromhex(stays))
now = int(time.time() * 1000)
segment = forge.Log(log, *own.head(log), key)
segment.add(worker, {"hlc": [now, 0], "type": "identity.key", "at": now, "key": name,
                     "to": {box.hex()[:16]: base64.b64encode(SealedBox(PublicKey(box)).encrypt(planted)).decode()}})
key.ssh_file("leaver")
forge.commit(repository, f"refs/heads/log/{log}", segment.files([])[0], "leaver", name=key.hex[:16])
print(name)
PY
sqlite3 p/yizhan.db ".backup p.db"
planted=$("$PYTHON" plant.py hub/ledgers/V1.git "$(own p)" "$(sqlite3 v1/yizhan.db 'SELECT lower(hex(key)) FROM worker')")
y hub hub ingest >said
node=$(yj p .node status)
y hub hub roster revoke V1 "$(yj hub '[.[] | select(.node | startswith("'"$node"'"))][0].node' hub roster list --village V1)" >said
visit v1
is "the key that was planted came" 1 "$(sqlite3 v1/yizhan.db "SELECT count(*) > 0 FROM identity WHERE lower(hex(key))='$planted'")"
number=$(k v1 --json case open --title 其后 --resident 靐龘某丙 | jq -r .case)
under=$(sqlite3 v1/yizhan.db "SELECT substr(json_extract(bytes, '\$.sealed.resident'), 1, 16) FROM content WHERE bytes LIKE '%其后%'")
[ -n "$under" ] || fail "nothing was sealed"
[ "$under" != "$planted" ] || fail "sealed under a key of who left"
visit v1
is "the hub reads it" 靐龘某丙 "$(yj hub .resident case show "$number")"
# The hub too, which now has the planted key from who was to read it.
y hub case edit "$number" --phone 55501234 >said
! sqlite3 hub/yizhan.db "SELECT json_extract(bytes, '\$.sealed.phone') FROM content WHERE bytes LIKE '%phone%'" |
  grep -q "^$planted" || fail "the hub sealed under a key of who left"
visit v1
is "and read at home" 55501234 "$(k v1 --json case show "$number" | jq -r .phone)"
clean v1 hub

village 2
village 3
visit v2 v3
theirs=$(opens v2 别村的)
visit v2
cat >claim.py <<'PY'
import base64, os, sys, time, forge
repository, log, case, claimed = sys.argv[1:]
own = forge.Store("v2.db")
key, worker = own.node(), own.worker()
boxes = [own.one("SELECT hub_box FROM ledger WHERE joined=1"), own.one("SELECT box FROM log WHERE own=1 LIMIT 1")]
now = int(time.time() * 1000)
segment = forge.Log(log, *own.head(log), key)
segment.add(worker, {"hlc": [now, 0], "type": "identity.key", "at": now, "key": claimed,
                     "to": {"ab" * 8: base64.b64encode(os.urandom(80)).decode()}})
segment.add(worker, {"hlc": [now, 1], "type": "case.edit", "case": case, "heads": [case], "at": now},
            {"sealed": {"phone": claimed + base64.b64encode(os.urandom(60)).decode()}})
key.ssh_file("claimer")
log_files, key_files = segment.files(boxes)
forge.commit(repository, f"refs/heads/keys/{log}", key_files, "claimer", name=key.hex[:16])
forge.commit(repository, f"refs/heads/log/{log}", log_files, "claimer", name=key.hex[:16])
PY
sqlite3 v2/yizhan.db ".backup v2.db"
"$PYTHON" claim.py hub/ledgers/V2.git "$(own v2)" "$(yj v2 .id case show "$theirs")" "$under"
y hub hub ingest >said
y hub case assign "$theirs" --to V3 >said
y hub hub ingest >said
y hub hub ingest >said
visit v3
is "it was named in what was carried" true "$(yj v3 .sealed case show "$theirs")"
got() { sqlite3 hub/yizhan.db "SELECT count(*) FROM identity i JOIN record r ON r.n=i.record JOIN log l ON l.n=r.log
  WHERE l.hub=1 AND lower(hex(i.key))='$under' AND l.ledger=(SELECT id FROM ledger WHERE code='$1')"; }
is "given to nobody at the second and third village" "0 0" "$(got V2) $(got V3)"
