"""succeed.py NODE LEDGER.git: the node's own key begins a log that names the node the hub's
successor, signed with a recovery key of its own making. For succession.sh."""
import hashlib
import os
import sys

from forge import Key, Log, Store, commit, log_hash

node_dir, ledger_git = sys.argv[1:]
store = Store(os.path.join(node_dir, "yizhan.db"))
node, recovery = store.node(), Key()
ledger, hub = (value.hex() for value in store.db.execute(
    "SELECT id, hub FROM ledger WHERE joined=1").fetchone())
box = store.db.execute("SELECT box FROM log WHERE own=1 ORDER BY n DESC LIMIT 1").fetchone()[0].hex()
incarnation = os.urandom(16).hex()
first = log_hash(node.hex, incarnation, ledger)
log = Log(first.hex()[:32], 0, first, node)
log.add(node, {"hlc": [1, 0], "type": "log.begin", "node": node.hex, "box": box,
               "incarnation": incarnation, "ledger": ledger, "hub": node.hex, "letter": "A",
               "continues": []})
until = hashlib.sha256(b"yizhan-until-v1\n").hexdigest()
text = "\n".join(("yizhan-sign-successor-v1", ledger, hub, node.hex, box, log.log, until, ""))
log.add(node, {"hlc": [1, 1], "type": "hub.successor", "of": hub, "recovery": recovery.hex,
               "until": [], "sig": recovery.sign(text.encode())})
node.ssh_file("node.key")
files, _ = log.files([])
commit(ledger_git, f"refs/heads/log/{log.log}", files, "node.key", name=node.hex[:16])
print(log.log)
