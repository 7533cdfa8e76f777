"""Bit rot in the store's journal, which is there after a power cut: a flipped bit takes the store
back to what it was before. What had gone out by then comes back, by a contact or by rebuild, and
verify says so before anything is written on top; only what had gone nowhere can be gone.

journal.py [SEED FLIPS]: in an empty folder."""
import os
import random
import signal
import subprocess
import sys
import time

import town
from town import Kept, Wrong, agree, clean, done, numbers, run, visit

JOURNAL = "v/yizhan.db-wal"
READER = """
import sqlite3, time
db = sqlite3.connect("v/yizhan.db")
db.execute("BEGIN")
db.execute("SELECT count(*) FROM record").fetchone()
print(flush=True)
time.sleep(600)
"""


def prepare():
    """A case that went out and one that did not, both in the journal alone. Who still reads what
    was there before keeps it from being put into the store, and dies as in a power cut."""
    town.township()
    reader = subprocess.Popen([sys.executable, "-c", READER], stdout=subprocess.PIPE)
    reader.stdout.readline()
    went = done("v", "case", "open", "--title", "送出", "--text", "送出的")["case"]
    visit()
    done("v", "case", "open", "--title", "没送", "--text", "没送的")
    reader.send_signal(signal.SIGKILL)
    reader.wait()
    return went


def flip(chance, early):
    """early: in what was written first."""
    with open(JOURNAL, "r+b") as f:
        size = os.path.getsize(JOURNAL)
        at, bit = chance.randrange(size // 8 if early else size), chance.randrange(8)
        f.seek(at)
        old = f.read(1)[0]
        f.seek(at)
        f.write(bytes([old ^ (1 << bit)]))


def check(went, every, rebuilds):
    """What became of the store: the codes that verify found."""
    found = run("v", "verify")
    if found[0] not in (0, 4):
        raise Wrong(f"verify ends with {found[0]}: {found[1]} {found[2]}")
    there = went in numbers("v")
    if not there and '"store.behind"' not in found[1]:
        raise Wrong(f"the store went back, and verify says {found[1]}")
    if found[0] == 4 and rebuilds:
        done("v", "rebuild", "--from", "ledger")
        clean("v")
        if went not in numbers("v"):
            raise Wrong("rebuild did not bring back what is in git")
    visit()
    agree()
    clean("v", "hub", noted=False)
    if not every - {max(every)} <= numbers("v"):
        raise Wrong(f"what had gone out is gone: {every - numbers('v')}")
    return "back" if not there else "whole" if numbers("v") == every else "last gone"


def main():
    seed, flips = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (int(time.time()), 8)
    print(f"seed {seed}", flush=True)
    went = prepare()
    kept, wrong, ends = Kept("journal", "hub", "v"), 0, {}
    if not os.path.getsize(JOURNAL):
        raise Wrong("there is no journal")
    every = numbers("v")
    for i in range(flips):
        kept.back()
        chance = random.Random(f"{seed} {i}")
        try:
            flip(chance, i % 2 == 0)
            end = check(went, every, chance.random() < 0.5)
            ends[end] = ends.get(end, 0) + 1
        except Wrong as e:
            wrong += 1
            print(f"WRONG flip {i} (seed {seed}): {e}", flush=True)
    print(f"{flips} flips of the journal: {ends}, {wrong} wrong", flush=True)
    return 1 if wrong or "back" not in ends else 0


sys.exit(main())
