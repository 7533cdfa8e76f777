"""mislead.py NODE LEDGER.git HEIR: the hub that was says of every batch of its own that its
successor (first digits of its key) has the batch's key already, which is not so. For succession.sh."""
import base64
import json
import os
import sys

from forge import Store, commit, compact, git

node_dir, ledger_git, digits = sys.argv[1:]
node = Store(os.path.join(node_dir, "yizhan.db")).node()
node.ssh_file("thief.key")
logs = git(ledger_git, "for-each-ref", "--format=%(refname:lstrip=3)", "refs/heads/log").decode().split()
begins = {log: json.loads(git(ledger_git, "show", f"refs/heads/log/{log}:1/1.jsonl").splitlines()[1])[0]
          for log in logs}
ours = next(log for log, begin in begins.items() if begin["node"] == node.hex)
heir = next(begin for begin in begins.values() if begin["node"].startswith(digits))
ref, files = f"refs/heads/keys/{ours}", {}
for path in git(ledger_git, "ls-tree", "-r", "--name-only", ref).decode().split():
    if path == "epoch.json" or path.count("/") > 6:
        continue
    keys = json.loads(git(ledger_git, "show", f"{ref}:{path}"))
    keys["batches"]["village"]["to"][heir["box"][:16]] = base64.b64encode(os.urandom(80)).decode()
    files[path] = compact(keys) + b"\n"
commit(ledger_git, ref, files, "thief.key", message="keys 1-1\n", name=node.hex[:16])
print(len(files))
