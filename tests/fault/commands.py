"""The commands that meet faults: the state in which each begins, and what must hold after it."""
import argparse
import json
import os
import shutil
import sqlite3
import time

import town
from town import Kept, Wrong, clean, done, left_over, numbers, run


class Command:
    """One command, the state it begins in, and what must hold after it."""

    node = "v"
    args = ()
    nodes = ("v", "hub")
    git = True  # it works with repositories
    may_find = ()  # codes that verify may find where it was cut short
    apart = False  # only where it is named: it takes long

    def prepare(self):
        """Brings the township to where the command begins."""

    def promised(self, status, out):
        """What was printed is true."""

    def again(self):
        """The same command, as it was given: ends well."""
        return done(self.node, *self.args)

    def after(self, again):
        """In the end."""
        town.visit()
        town.agree()


class CaseOpen(Command):
    name = "case-open"
    git = False
    args = ("case", "open", "--title", "新来的", "--text", "新来的经过")

    def promised(self, status, out):
        lines = [json.loads(line) for line in out.splitlines() if line.endswith("}")]
        self.said = {line["case"] for line in lines if "case" in line}
        if status == 0 and len(self.said) != 1:
            raise Wrong(f"it ended well and said {out!r}")
        if not self.said <= numbers("v"):
            raise Wrong(f"{self.said} was said, and is not there")
        if self.said and "新来的经过" not in json.dumps(done("v", "case", "show", *self.said), ensure_ascii=False):
            raise Wrong("what was written of it is not there")

    def after(self, again):
        super().after(again)
        if not self.said | {again["case"]} <= numbers("hub"):
            raise Wrong(f"{self.said} and {again} have not come to the hub")


class CaseAttach(Command):
    """What is acknowledged is all there, here and in the end at the hub."""

    name = "case-attach"
    git = False

    def prepare(self):
        self.case = sorted(numbers("v"))[0]
        town.photo()
        self.args = ("case", "attach", self.case, "photo.jpg")

    def promised(self, status, out):
        self.said = status == 0
        if self.said:
            town.whole("v", self.case)

    def after(self, again):
        super().after(again)
        for node in ("v", "hub"):
            if not 1 + self.said <= town.whole(node, self.case) <= 2:
                raise Wrong(f"{node} has not each attachment that was said")


class CaseImport(Command):
    name = "case-import"
    git = False
    args = ("case", "import", "rows.jsonl")
    rows = 12

    def prepare(self):
        town.rows(self.rows)

    def promised(self, status, out):
        if status == 0 and json.loads(out)["added"] != self.rows:
            raise Wrong(f"it ended well and said {out!r}")
        if status == 0 and len(numbers("v")) != len(self.before["v"]) + self.rows:
            raise Wrong("not all that was said to be added is there")

    def after(self, again):
        if again["added"] + again["skipped"] != self.rows:
            raise Wrong(f"again: {again}")
        if len(numbers("v")) != len(self.before["v"]) + self.rows:
            raise Wrong("rows are missing, or there twice")
        super().after(again)


class Send(Command):
    name = "sync-send"
    args = ("sync",)

    def prepare(self):
        for title in ("送一", "送二"):
            done("v", "case", "open", "--title", title, "--text", title)
        self.seen = sorted(numbers("v"))[0]
        town.photo()
        done("v", "case", "attach", self.seen, "photo.jpg")

    def after(self, again):
        super().after(again)
        if town.whole("hub", self.seen) != 1:
            raise Wrong("the photo has not come to the hub")


class Ingest(Send):
    name = "hub-ingest"
    node = "hub"
    args = ("hub", "ingest")

    def prepare(self):
        super().prepare()
        done("v", "sync")


class Receive(Ingest):
    name = "sync-receive"
    node = "v"
    args = ("sync",)

    def prepare(self):
        super().prepare()
        done("hub", "hub", "ingest")
        self.case = sorted(numbers("v"))[0]
        done("hub", "case", "resolve", self.case, "--text", "办好")
        done("hub", "hub", "ingest")

    def after(self, again):
        super().after(again)
        if done("v", "case", "show", self.case)["state"] != "resolved":
            raise Wrong("the answer has not come")


STICK = "kept/stick"


class ParcelWrite(Send):
    """What has a parcel's name is whole; and by stick alone all comes to be there."""

    name = "parcel-write"
    args = ("parcel", "write", STICK)

    def prepare(self):
        super().prepare()
        os.makedirs(STICK, exist_ok=True)

    def promised(self, status, out):
        states = [p["state"] for p in done("v", "parcel", "list", STICK)]
        if set(states) - {"whole"}:
            raise Wrong(f"on the stick: {states}")
        if status == 0 and self.node == "v" and self.args[1] == "write" and not states:
            raise Wrong("it ended well, and there is no parcel")

    def after(self, again):
        done("hub", "parcel", "read", STICK, "--reply")
        done("v", "parcel", "read", STICK)
        town.agree()
        if town.whole("hub", self.seen) != 1:
            raise Wrong("the photo has not come to the hub")
        if len(done("v", "parcel", "list", STICK)) > 2:
            raise Wrong("parcels pile up on the stick")


class ParcelRead(ParcelWrite):
    name = "parcel-read"
    node = "hub"
    args = ("parcel", "read", STICK, "--reply")

    def prepare(self):
        super().prepare()
        done("v", "parcel", "write", STICK)


class ParcelReceive(ParcelRead):
    name = "parcel-receive"
    node = "v"
    args = ("parcel", "read", STICK)

    def prepare(self):
        super().prepare()
        done("hub", "case", "resolve", self.seen, "--text", "办好")
        done("hub", "parcel", "read", STICK, "--reply")

    def after(self, again):
        super().after(again)
        if done("v", "case", "show", self.seen)["state"] != "resolved":
            raise Wrong("the answer has not come")


def restorable(file):
    """What the backup holds, brought to life elsewhere."""
    shutil.rmtree("elsewhere", ignore_errors=True)
    done("elsewhere", "restore", file)
    clean("elsewhere")
    found = numbers("elsewhere")
    shutil.rmtree("elsewhere")
    return found


class Backup(Send):
    name = "backup"
    args = ("backup", "kept/v.backup")

    def prepare(self):
        super().prepare()
        os.makedirs("kept", exist_ok=True)

    def promised(self, status, out):
        there = os.path.exists("kept/v.backup")
        if status == 0 and not there:
            raise Wrong("it ended well, and there is no backup")
        if there and restorable("kept/v.backup") != self.before["v"]:
            raise Wrong("the backup does not hold all")

    def again(self):
        status, out, said = run("v", *self.args)
        if status == 1 and json.loads(out)["error"]["code"] == "exists" and os.path.exists("kept/v.backup"):
            return None
        if status != 0:
            raise Wrong(f"again: ends with {status}: {said} {out}")
        return json.loads(out)

    def after(self, again):
        if restorable("kept/v.backup") != self.before["v"]:
            raise Wrong("the backup does not hold all")
        if os.listdir("kept") != ["v.backup"]:
            raise Wrong(f"left beside the backup: {os.listdir('kept')}")
        super().after(again)


class Restore(Command):
    """Over a node that went on after the backup."""

    name = "restore-over"
    node = "r"
    args = ("restore", "v.backup")
    nodes = ("hub",)
    fresh = False

    def prepare(self):
        town.photo()
        self.case = sorted(numbers("v"))[0]
        done("v", "case", "attach", self.case, "photo.jpg")
        done("v", "backup", "v.backup")
        done("v", "case", "open", "--title", "后来", "--text", "备份以后")
        town.visit()
        os.rename("v", "r")

    def promised(self, status, out):
        """Where there was a node there is one: that, or the restored one, whose repositories may
        not be built yet. Either holds what is in the backup."""
        found, said, _ = run("r", "status")
        if found == 1 and self.fresh and status != 0 and json.loads(said)["error"]["code"] == "not-found":
            return
        if found != 0:
            raise Wrong(f"status ends with {found}: {said}")
        clean("r", but=("git.missing",) if status != 0 else ())
        if not self.before["hub"] - {max(self.before["hub"])} <= numbers("r"):
            raise Wrong("what the backup held is not there")

    def after(self, again):
        town.visit("r")
        town.agree("r")
        if not self.before["hub"] <= numbers("r"):
            raise Wrong("what had gone out since the backup has not come back")
        if town.whole("r", self.case) != 1:
            raise Wrong("the photo of the backup has not come back")
        clean("r")
        if left_over("r"):
            raise Wrong(f"left over: {left_over('r')}")
        stores = [f for f in os.listdir("r") if f.startswith("yizhan.db-")]
        if [f for f in stores if f not in ("yizhan.db-wal", "yizhan.db-shm")]:
            raise Wrong(f"journals without a store: {stores}")


class RestoreFresh(Restore):
    name = "restore"
    fresh = True

    def prepare(self):
        super().prepare()
        shutil.rmtree("r")


class RebuildGit(Command):
    name = "rebuild-git"
    may_find = ("git.missing",)
    args = ("rebuild", "--from", "store")

    def prepare(self):
        done("v", "case", "open", "--title", "后来", "--text", "后来")
        done("v", "sync")

    def again(self):
        status, out, said = run(self.node, *self.args)
        if status != 0:
            raise Wrong(f"again: ends with {status}: {said} {out}")


class RebuildHub(RebuildGit):
    name = "rebuild-hub"
    node = "hub"


class RebuildStore(RebuildGit):
    """From the ledger, what cannot be trusted in the store."""

    name = "rebuild-store"
    args = ("rebuild", "--from", "ledger")
    may_find = ("content", "store.case", "git.missing")

    def prepare(self):
        super().prepare()
        db = sqlite3.connect("v/yizhan.db")
        db.execute("PRAGMA journal_mode=DELETE")
        db.execute("UPDATE content SET bytes = replace(bytes, '路灯', '井盖')")
        db.commit()
        db.execute("PRAGMA journal_mode=WAL")
        db.close()


class Erase(Command):
    """What is erased is gone from each file, object and key, wherever it was cut short; the rest stays."""

    name = "erase"
    node = "hub"
    apart = True
    word = "靐龘要抹除"

    def prepare(self):
        self.case = done("v", "case", "open", "--title", "某事", "--text", self.word, "--resident", self.word)["case"]
        self.other = done("v", "case", "open", "--title", "另一件", "--text", "要保留的话")["case"]
        town.photo()
        done("v", "case", "attach", self.case, "photo.jpg")
        town.visit()
        self.args = ("erase", self.case, "--reason", "照办")

    def promised(self, status, out):
        if status == 0 and done("hub", "case", "show", self.case)["text"] is not None:
            raise Wrong("it was said to be erased, and is shown")

    def after(self, again):
        super().after(again)
        town.visit()
        for node in ("v", "hub"):
            if done(node, "case", "show", self.case)["text"] is not None:
                raise Wrong(f"{node} shows what was erased")
            if done(node, "case", "show", self.other)["text"] != "要保留的话":
                raise Wrong(f"{node} has lost what another said")
        if done("hub", "hub", "erasures"):
            raise Wrong("a node has not done so")
        town.hunt(self.word, "v", "hub")


class EraseReceive(Erase):
    name = "erase-receive"
    node = "v"

    def prepare(self):
        super().prepare()
        done("hub", *self.args)
        self.args = ("sync",)

    def promised(self, status, out):
        pass


class EraseIngest(EraseReceive):
    """The village's words without it, taken in."""

    name = "erase-ingest"
    node = "hub"

    def prepare(self):
        super().prepare()
        done("v", "sync")
        self.args = ("hub", "ingest")


COMMANDS = [CaseOpen, CaseAttach, Erase, EraseReceive, EraseIngest, CaseImport, Send, Ingest, Receive, ParcelWrite, ParcelRead, ParcelReceive, Backup, RestoreFresh, Restore, RebuildGit, RebuildHub, RebuildStore]


def judge(command, status, out):
    """All that must hold after a command met a fault: then, and in the end."""
    clean(*command.nodes, but=command.may_find)
    for node in command.nodes:
        if not command.before[node] <= numbers(node):
            raise Wrong(f"cases that were there are gone at {node}")
    command.promised(status, out)
    command.after(command.again())
    clean(*command.nodes, noted=False)
    if left_over(*command.nodes):
        raise Wrong(f"left over: {left_over(*command.nodes)}")


def each_prepared(only):
    """The commands, or those named, each with the township in the state it begins in."""
    town.township()
    start = Kept("start", "hub", "v")
    for kind in COMMANDS:
        if kind.name not in only.split(",") if only else kind.apart:
            continue
        for gone in ("r", "kept"):
            shutil.rmtree(gone, ignore_errors=True)
        if os.path.exists("v.backup"):
            os.remove("v.backup")
        start.back()
        command = kind()
        command.prepare()
        command.before = {node: numbers(node) for node in command.nodes}
        command.kept = Kept(kind.name, *sorted(r for r in ("hub", "v", "r", "kept") if os.path.isdir(r)))
        if not os.path.isdir("r"):
            command.kept.roots += ("r",)
        yield command


def play(meet, places, more=()):
    """The whole of a program: meet(command, chosen, planted) gives how much went wrong; places: of
    each command, where --places does not say; more: (option, default, help) of its own."""
    options = argparse.ArgumentParser()
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--places", type=int, default=places)
    options.add_argument("--only", default="", help="these commands")
    options.add_argument("--plant", default="", help="a fault of the disk's that must be seen")
    for option, default, text in more:
        options.add_argument(option, default=default, help=text)
    chosen = options.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    planted = [(chosen.plant, "1")] if chosen.plant else []
    return 1 if sum(meet(command, chosen, planted) for command in each_prepared(chosen.only)) else 0
