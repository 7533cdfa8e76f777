"""Bit rot: one flipped bit anywhere in what a node keeps is harmless (verify is clean and
all that is shown is as before) or named by verify, and then rebuild heals it.

rot.py PROGRAM NODE SEED FLIPS [schema]: in a folder with a hub in hub/ and a village in v/; NODE is one of them."""
import glob
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys

PROGRAM, NODE, SEED, FLIPS = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
SCHEMA = sys.argv[5:] == ["schema"]
STORE = f"{NODE}/yizhan.db"
GIT = [f"{NODE}/ledgers", *([f"{NODE}/township.git"] if NODE == "hub" else [])]
SHOWN = [
    ["case", "list", "--limit", "0"],
    ["export", "--format", "jsonl"],
    ["worker", "list"],
    ["stats"],
    ["status"],
]
VOLATILE = ("disk_free", "disk_low", "reserve")


def run(*args):
    done = subprocess.run([PROGRAM, "--dir", NODE, "--json", *args], capture_output=True, timeout=60)
    if done.returncode not in (0, 1, 2, 3, 4):
        raise AssertionError(f"{args}: ended by {done.returncode}: {done.stderr!r}")
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def shown():
    out = []
    for args in SHOWN:
        status, text, _ = run(*args)
        if args == ["status"] and status == 0:
            text = {k: v for k, v in json.loads(text).items() if k not in VOLATILE}
        out.append((status, text))
    return out


class Kept:
    """The village as it was: the store's files are put back in place, as it knows its own file."""

    def __init__(self):
        self.store = {p: open(p, "rb").read() for p in glob.glob(STORE + "*") if not p.endswith("-shm")}
        for folder in GIT:
            shutil.copytree(folder, "kept/" + folder, symlinks=True)

    def back(self):
        for path in glob.glob(NODE + "/*"):
            if path in self.store or os.path.basename(path) in ("lock", "reserve"):
                continue
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
        for path, data in self.store.items():
            with open(path, "r+b" if os.path.exists(path) else "wb") as f:
                f.truncate(0)
                f.write(data)
        for folder in GIT:
            shutil.copytree("kept/" + folder, folder, symlinks=True)


def schema(chance):
    """A byte of the words by which a table was made whose rows stand in the store alone."""
    data, alone = open(STORE, "rb").read(), ["meta", "setting", "secret", "worker", "ledger", "log"]
    start = data.index(b"CREATE TABLE " + chance.choice(alone).encode() + b"(")
    return STORE, start + chance.randrange(data.index(b"NULL", start) - start), chance.randrange(8)


def place(chance, i):
    """(file, byte, bit): the store half of the time, else one of git's files after another."""
    under = [p for folder in GIT for p in glob.glob(folder + "/**", recursive=True)]
    files = sorted(p for p in under if os.path.isfile(p) and os.path.getsize(p))
    path = STORE if i % 2 == 0 else files[i // 2 % len(files)]
    return path, chance.randrange(os.path.getsize(path)), chance.randrange(8)


def flip(path, byte, bit):
    os.chmod(path, 0o600)
    with open(path, "r+b") as f:
        f.seek(byte)
        old = f.read(1)[0]
        f.seek(byte)
        f.write(bytes([old ^ (1 << bit)]))


def main():
    kept, before = Kept(), shown()
    assert run("verify")[0] == 0
    assert all(status == 0 for status, _ in before), before
    counts = dict(harmless=0, named=0, healed=0, told=0, lost=0)
    silent = []
    for i in range(int(os.environ.get("ROT_FROM", 0)), FLIPS):
        chance = random.Random(f"{SEED} {i}")
        path, byte, bit = schema(chance) if SCHEMA else place(chance, i)
        what = f"{path} byte {byte} bit {bit} (seed {SEED}, flip {i})"
        flip(path, byte, bit)
        try:
            status, text, said = run("verify")
            if status == 0:
                counts["harmless"] += 1
                for was, now, args in zip(before, shown(), SHOWN):
                    if was != now:
                        silent.append(f"{what}: {args} shown otherwise: {was} {now}")
            elif status in (4, 1):
                counts["named"] += 1
                if status == 1:
                    silent.append(what + ": verify ends with 1: " + said.strip()[:200])
                healed, lost = heal(path)
                if isinstance(healed, Told):
                    counts["told"] += 1
                elif healed is True and shown()[: len(SHOWN) - 1] == before[: len(SHOWN) - 1]:
                    counts["healed"] += 1
                elif healed is True and lost:
                    counts["told"] += 1
                else:
                    counts["lost"] += 1
                    silent.append(what + f": not healed ({healed}); " + text.replace("\n", " ")[:300])
            else:
                silent.append(what + f": verify ends with {status}")
        except subprocess.TimeoutExpired as e:
            silent.append(what + f": {e}")
        except AssertionError as e:
            silent.append(what + f": {e}")
        kept.back()
    print(counts)
    for line in silent:
        print(line)
    if counts["told"] * 20 > FLIPS or (SCHEMA and counts["told"]):
        silent.append("more could not be saved than stands in one place alone")
    return 1 if silent else 0


class Told(str):
    """What rebuild said that it could not save."""


def heal(path):
    """Whether it is whole again, and what rebuild called lost."""
    side = "ledger" if "yizhan.db" in path else "store"
    status, text, said = run("rebuild", "--from", side)
    if status != 0:
        return Told(said) if status == 4 and side == "ledger" else said.strip()[:300], []
    lost = json.loads(text).get("lost")
    status, found, _ = run("verify")
    if status == 0:
        return True, lost
    # Settings, keys and addresses stand in the store alone.
    alone = all(f["code"] == "store.setting" for f in json.loads(found)["findings"])
    return Told(found) if alone or lost else (text + found)[:600], lost


sys.exit(main())
