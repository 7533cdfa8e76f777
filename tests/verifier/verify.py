#!/usr/bin/python3
"""Checks a ledger without the program: git, this and sync/FORMAT.md suffice.

    verify.py [--hub KEY] [--recovery HASH] [--box FILE] [--word HEX]... LEDGER.git
    verify.py --hub KEY --union TOWNSHIP.git LEDGER.git...
    verify.py --vector MANIFEST

Prints one JSON object: ok, logs, records, findings. Exits 0 when ok. What only waits for
something (a grant, a key, what comes before) is a finding, but no fault.
"""
import argparse
import json
import sys
from pathlib import Path

import branches
import vectors
from forms import Refused, is_hex, read_segment
from ledger import WAITING, Ledger


def guess(firsts, hub):
    """The ledger and its hub, where the caller pins none: as most logs' first records say."""
    begins = []
    for data in firsts:
        try:
            begins.append(read_segment(data).records[0].check().members)
        except Refused:
            continue
    hubs = [m.get("hub") for m in begins if is_hex(m.get("hub"), 64)]
    hub = hub or max(sorted(set(hubs)), key=hubs.count, default="")
    ids = [m.get("ledger") for m in begins if m.get("hub") == hub and m.get("node") == hub] \
        or [m.get("ledger") for m in begins if m.get("hub") == hub]
    return max(sorted(set(ids)), key=ids.count, default=""), hub


def summary(ledger, judged, findings):
    """One line a log; a finding for each record that does not count."""
    logs = []
    for name, verdicts in judged.items():
        log = ledger.logs[name]
        logs.append({"log": name, "node": log.node, "records": len(verdicts),
                     "accepted": sum(v.status == "ok" for v in verdicts),
                     "head": [log.head(), log.id_at(log.head())]})
        for verdict in verdicts:
            if verdict.rule:
                findings.append((name, verdict.record.seq, verdict.rule, "the record has no effect"))
    return logs


def answer(findings, **more):
    said = [{"log": log, "where": where, "rule": rule, "says": why,
             "status": "waiting" if rule in WAITING else "refused"}
            for log, where, rule, why in findings]
    return {"ok": all(f["status"] == "waiting" for f in said), **more, "findings": said}


def check_ledger(options):
    repo, findings = branches.Repository(options.repository[0]), []
    box = options.box and bytes.fromhex(Path(options.box).read_text(encoding="ascii").strip())
    tips = repo.tips(findings)
    firsts = [repo.blob(f"{tip}:1/1.jsonl") for (kind, _), tip in tips.items() if kind == "log"]
    name, hub = guess([data for data in firsts if data], options.hub)
    ledger = Ledger(name, hub, options.word, options.recovery)
    branches.Walk(repo, ledger, tips, box, findings).run()
    judged = ledger.judge()
    logs = summary(ledger, judged, findings)
    branches.check_acks(repo, ledger, tips, findings)
    return answer(findings, ledger=name, hub=ledger.hub, logs=logs,
                  records=sum(log["records"] for log in logs))


def check_union(options):
    findings = []
    commits = branches.check_union(branches.Repository(options.union),
                                   [branches.Repository(path) for path in options.repository],
                                   options.hub, findings)
    return answer(findings, commits=commits)


def main():
    parser = argparse.ArgumentParser(description="Checks a ledger by sync/FORMAT.md alone.")
    parser.add_argument("--hub", default="", help="the hub's pinned key (hex)")
    parser.add_argument("--recovery", default="", help="the hash of the recovery key, as pinned (hex)")
    parser.add_argument("--box", help="file with a box secret key (hex): opens batches")
    parser.add_argument("--word", action="append", default=[], help="an invitation's word (hex)")
    parser.add_argument("--union", help="the township's repository")
    parser.add_argument("--vector", help="a manifest of test vectors")
    parser.add_argument("repository", nargs="*")
    options = parser.parse_args()
    if options.vector:
        said = answer(vectors.check(Path(options.vector)))
    elif not options.repository or options.union and not options.hub:
        parser.error("name a repository; for a union the hub's key too")
    else:
        said = check_union(options) if options.union else check_ledger(options)
    json.dump(said, sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0 if said["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
