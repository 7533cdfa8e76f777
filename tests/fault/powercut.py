"""The power goes: of what one command after another wrote, in the order in which it did, what was
flushed is on the disk, and of the rest any part. Then all that had been said is there, and all else
that must hold (commands.py).

Of a file whatever was not flushed may be there or not, page by page; names that were made, changed
or removed may be so or not until their folder was flushed. The power may go at the village, at the
hub, or at both.

powercut.py [--seed N] [--places N] [--only COMMAND,...] [--plant FAULT]: in an empty folder. places:
of each command, chosen by the seed."""
import os
import random
import shutil
import sys
import time

from commands import judge, play
from town import Wrong, run

PAGE = 4096
HERE = os.getcwd()


class Op:
    """One line of the log."""

    def __init__(self, kind, inode, at, data, path, to):
        self.kind, self.inode, self.at, self.data = kind, inode, at, data
        self.path = os.path.relpath(path, HERE) if path else ""
        self.to = os.path.relpath(to, HERE) if to else ""

    def root(self):
        return self.path.split("/")[0]


def read_log():
    with open("log", "rb") as f:
        text = f.read()
    ops, at = [], 0
    while at < len(text):
        end = text.index(b"\n", at)
        kind, file, place, n, path, to = text[at:end].decode(errors="surrogateescape").split("\t")
        at = end + 1 + int(n)
        ops.append(Op(kind, int(file), int(place), text[end + 1 : at], path, to))
    return ops


class File:
    """What is flushed, and what is not yet."""

    def __init__(self, data=b""):
        self.data, self.pending = bytearray(data), []

    @staticmethod
    def apply(data, at, piece):
        if len(data) < at:
            data.extend(bytes(at - len(data)))
        data[at : at + len(piece)] = piece

    def after(self, keeps):
        """Its bytes, where keeps() says of each page whether it came to the disk."""
        data = bytearray(self.data)
        for kind, at, piece in self.pending:
            if kind == "length":
                if keeps():
                    del data[at:]
                    data.extend(bytes(at - len(data)))
                continue
            done = 0
            while done < len(piece):
                n = min(len(piece) - done, PAGE - (at + done) % PAGE)
                if keeps():
                    self.apply(data, at + done, piece[done : done + n])
                done += n
        return data

    def flush(self):
        self.data, self.pending = self.after(lambda: True), []


class Names:
    """Which file each name is of, and which folders there are."""

    def __init__(self, files, folders):
        self.files, self.folders = dict(files), set(folders)

    def change(self, op):
        if op.kind in ("made", "link"):
            self.files[op.to or op.path] = op.file
        elif op.kind == "folder-made":
            self.folders.add(op.path)
        elif op.kind == "unlink":
            self.files.pop(op.path, None)
            self.folders.discard(op.path)
        elif op.kind == "rename" and op.file is not None:
            if self.files.get(op.path) == op.file:
                del self.files[op.path]
            self.files[op.to] = op.file
        elif op.kind == "rename" and op.path in self.folders:
            self.move_folder(op.path, op.to)

    def move_folder(self, path, to):
        under = path + "/"
        for name in [n for n in self.files if n.startswith(under)]:
            self.files[to + name[len(path) :]] = self.files.pop(name)
        for name in [f for f in self.folders if f == path or f.startswith(under)]:
            self.folders.remove(name)
            self.folders.add(to + name[len(path) :])


class Disk:
    """Names and files, as they are known to be on the disk, and what is not yet. A file is
    called by the number of its making: the kernel gives an inode's number again."""

    def __init__(self, kept, inodes):
        self.names, self.folders, self.pending = {}, set(kept.folders), []
        self.files, self.numbers = [], {}
        for path, (data, _) in kept.files.items():
            self.names[path] = self.make(inodes[path], data)
        self.now = Names(self.names, self.folders)  # as the program sees it
        self.names = Names(self.names, self.folders)

    def make(self, inode, data=b""):
        self.files.append(File(data))
        self.numbers[inode] = len(self.files) - 1
        return len(self.files) - 1

    def file(self, inode):
        if inode not in self.numbers:
            self.make(inode)
        return self.files[self.numbers[inode]]

    def take(self, op):
        if op.kind in ("write", "length"):
            self.file(op.inode).pending.append((op.kind, op.at, op.data))
        elif op.kind == "flush":
            self.file(op.inode).flush()
        elif op.kind == "all":
            for file in self.files:
                file.flush()
            self.settle(lambda name: True)
        elif op.kind == "folder":
            self.settle(lambda name: os.path.dirname(name) == op.path)
        elif op.kind != "said":
            op.file = self.make(op.inode) if op.kind == "made" else self.now.files.get(op.path)
            self.now.change(op)
            self.pending.append(op)

    def settle(self, chosen):
        rest = []
        for op in self.pending:
            if chosen(op.path) or op.to and chosen(op.to):
                # A name that came from another folder had been made there before.
                for made in [r for r in rest if op.kind == "rename" and (r.to or r.path) == op.path]:
                    self.names.change(made)
                    rest.remove(made)
                self.names.change(op)
            else:
                rest.append(op)
        self.pending = rest

    def cut(self, chance, without):
        """The power goes at some of the machines: without gives their folders."""
        how = chance.choice(["nothing", "names", "data", "some", "most"])
        part = {"some": 0.5, "most": 0.9}.get(how, 0)
        for op in self.pending:
            if op.root() not in without or how == "names" or how not in ("nothing", "data") and chance.random() < part:
                self.names.change(op)
        self.pending = []
        safe = {file for name, file in self.names.files.items() if name.split("/")[0] not in without}
        for file, f in enumerate(self.files):
            if file in safe or how == "data":
                f.flush()
            else:
                f.data, f.pending = f.after(lambda: part > 0 and chance.random() < part), []
        return how

    def materialise(self, roots, keepers):
        for root in roots:
            shutil.rmtree(root, ignore_errors=True)
        there = lambda path: path in ("", *roots) or path in self.names.folders and there(os.path.dirname(path))
        for folder in sorted(f for f in self.names.folders if there(f)):
            os.makedirs(folder, exist_ok=True)
        inodes = {file: inode for inode, file in self.numbers.items()}
        for path, file in self.names.files.items():
            if path.endswith("-shm") or not os.path.isdir(os.path.dirname(path) or "."):
                continue
            keeper = keepers.get(inodes.get(file))
            if keeper:
                os.link(keeper, path)
            with open(path, "r+b" if keeper else "wb") as f:
                f.truncate(0)
                f.write(self.files[file].data)


def keep_files(kept):
    """Names by which the inodes of stores stay, whatever becomes of their places."""
    keepers = {os.stat(keep).st_ino: keep for keep in kept.stores.values()}
    for root in kept.roots:
        for folder, _, files in os.walk(root):
            for f in files:
                path = os.path.join(folder, f)
                file = os.stat(path).st_ino
                if f.startswith("yizhan.db") and not f.endswith(("-wal", "-shm")) and file not in keepers:
                    keepers[file] = f"kept-new-{file}"
                    os.link(path, keepers[file])
    return keepers


def check_log(command, inodes, ops):
    """All that was written stands in the log: the disk by it is the disk as it is."""
    disk = Disk(command.kept, inodes)
    for op in ops:
        disk.take(op)
    disk.settle(lambda name: True)
    for path, file in disk.names.files.items():
        disk.files[file].flush()
        if not path.endswith(("-shm", "/reserve")) and open(path, "rb").read() != disk.files[file].data:
            raise Wrong(f"{command.name}: the log of calls tells otherwise of {path}")
    for root in command.kept.roots:
        for folder, _, files in os.walk(root):
            for f in files:
                path = os.path.join(folder, f)
                if f not in ("reserve", "lock") and not f.endswith("-shm") and path not in disk.names.files:
                    raise Wrong(f"{command.name}: the log of calls does not tell of {path}")


def cuts(command, places, seed, more):
    """Some moments of one command at which the power goes; how many went wrong."""
    command.kept.back()
    if os.path.exists("log"):
        os.remove("log")
    inodes = {path: os.stat(path).st_ino for path in command.kept.files}
    status, _, said = run(command.node, *command.args, more=[("DISK_LOG", os.path.join(HERE, "log")), *more])
    if status != 0:
        raise Wrong(f"{command.name} does not end well with its power on: {said}")
    check_log(command, inodes, read_log())
    keepers, ops, wrong, hows = keep_files(command.kept), read_log(), 0, {}
    began = time.time()
    for i in range(places):
        chance = random.Random(f"{seed} {command.name} {i}")
        at = chance.randrange(len(ops) + 1)
        if i == 0:
            at = len(ops)
        command.kept.back()
        disk = Disk(command.kept, inodes)
        for op in ops[:at]:
            disk.take(op)
        without = chance.choice([("v", "r", "kept"), ("hub",), ("v", "r", "kept", "hub")])
        how = disk.cut(chance, without)
        disk.materialise(command.kept.roots, keepers)
        command.kept.marks.clear()
        hows[how] = hows.get(how, 0) + 1
        said = b"".join(op.data for op in ops[:at] if op.kind == "said").decode()
        try:
            judge(command, 0 if at == len(ops) else -9, said)
        except Wrong as e:
            wrong += 1
            print(f"WRONG {command.name} cut {i} at {at} of {len(ops)} of {without[0]}{len(without)}, {how} (seed {seed}): {e}", flush=True)
            if wrong >= 12:
                print("enough of these", flush=True)
                break
    print(f"{command.name}: {places} cuts of {len(ops)} moments, {hows}, {wrong} wrong, {time.time() - began:.1f} s", flush=True)
    for file, keep in keepers.items():
        if keep.startswith("kept-new-"):
            os.remove(keep)
    return wrong


sys.exit(play(lambda command, chosen, planted: cuts(command, chosen.places, chosen.seed, planted), 20))
