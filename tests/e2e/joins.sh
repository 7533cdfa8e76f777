#!/bin/bash
# An invitation lets one node in, once: not a second one that has it too, and not one
# that copies the proof of who used it.
. "$(dirname "$0")/lib.sh"
"$PYTHON" -c 'import nacl' 2>/dev/null || exit 77

township 1
y v1 sync >said
LOG=$(own v1)
R=hub/ledgers/V1.git

# Copied before the hub has seen it: a first segment in another node's name.
cat >replay.py <<'PY'
import json, os, sys
import forge
repository, log = sys.argv[1:]
lines = forge.git(repository, "cat-file", "blob", f"refs/heads/log/{log}:1/1.jsonl").splitlines()
begin, join, worker = (json.loads(line)[0] for line in lines[1:4])
node, incarnation = forge.Key(), os.urandom(16).hex()
whole = forge.log_hash(node.hex, incarnation, begin["ledger"])
forged = forge.Log(whole.hex()[:32], 0, whole, node)
begin |= {"node": node.hex, "incarnation": incarnation}
for record in begin, join, worker:
    rest = {k: v for k, v in record.items() if k not in ("v", "log", "seq", "by", "content")}
    forged.add(node, rest, {"name": "forged"} if "content" in record else None)
node.ssh_file("forger")
files, keys = forged.files([bytes.fromhex(begin["box"])])
for kind, changes in ("keys", keys), ("log", files):
    forge.commit(repository, f"refs/heads/{kind}/{forged.log}", changes, "forger", name=node.hex[:16])
print(node.hex)
PY
forger=$("$PYTHON" replay.py $R "$LOG")
git -C $R update-ref -d "refs/heads/log/$LOG" # so that the hub meets the copy first
y hub --json hub ingest >said || fail "ingest: $(cat said)"
is "the copy" join.mac "$(rules V1)"
is "the forger" 0 "$(yj hub "[.[] | select(.node == \"$forger\")] | length" hub roster list)"
visit v1
visit v1
is "who is in the village" 干部1 "$(yj hub '[.[] | select(.code == "V1") | .worker] | join(" ")' hub roster list)"
well v1 V1

# The same invitation, by a second PC.
y w1 join v1.json --worker 冒名 >said
opens w1 冒名之事 >said
visit w1 v1
is "cases of the second" 0 "$(yj hub .cases status)"
[ "$(yj w1 .pending status)" -gt 0 ] || fail "the second was acknowledged"
is "who is in the village" 干部1 "$(yj hub '[.[] | select(.code == "V1" and .state == "granted") | .worker] | join(" ")' hub roster list)"
is "kept apart" "join.mac join.used" "$(rules V1)"
opens v1 真事 >said
visit v1
visit v1
well v1 V1
clean hub v1
signed hub/township.git hub
echo "one invitation, one node"
