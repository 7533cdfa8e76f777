"""squat.py INVITATION REPOSITORY OLD-REPOSITORY OLD-LOG HEAD-SEQ HEAD-ID: joins by the invitation,
naming another village's old log as its own, and brings that log's branches along."""
import json
import os
import sys
import time

import forge
import hmac

invitation, repository, theirs, old, seq, head = sys.argv[1:]
with open(invitation, encoding="utf-8") as f:
    said = json.load(f)
node, worker = forge.Key(), forge.Key()
incarnation = os.urandom(16).hex()
whole = forge.log_hash(node.hex, incarnation, said["ledger"])
log = forge.Log(whole.hex()[:32], 0, whole, node)
workers = forge.sha(b"yizhan-workers-v1\n", f"{worker.hex}\n".encode()).hex()
mac = hmac.new(bytes.fromhex(said["word"]),
               f"yizhan-join-v1\n{node.hex}\n{log.log}\n{said['hub']}\n{workers}\n".encode(),
               "sha256").hexdigest()
now = int(time.time() * 1000)
log.add(node, {"hlc": [now, 0], "type": "log.begin", "node": node.hex, "box": os.urandom(32).hex(),
               "incarnation": incarnation, "ledger": said["ledger"], "hub": said["hub"],
               "letter": "A", "continues": []}, {"name": "x", "code": "x"})
log.add(node, {"hlc": [now, 1], "type": "node.join", "mac": mac, "workers": [worker.hex],
               "old": [[old, int(seq), head]]})
log.add(node, {"hlc": [now, 2], "type": "worker.add", "worker": worker.hex}, {"name": "x"})
node.ssh_file("squatter")
files, keys = log.files([bytes.fromhex(said["box"])])
forge.commit(repository, f"refs/heads/keys/{log.log}", keys, "squatter", name=node.hex[:16])
forge.commit(repository, f"refs/heads/log/{log.log}", files, "squatter", name=node.hex[:16])
forge.git(repository, "fetch", "-q", theirs, f"+refs/heads/*/{old}:refs/heads/*/{old}")
