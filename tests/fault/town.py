"""A small township for the tests of faults: built once by the real program, kept, and put
back as it was for each place of a fault; and what must hold after every one of them."""
import json
import os
import resource
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys

PROGRAM = os.environ["YIZHAN"]
DISK = os.path.abspath("disk.so")
PLAIN = {
    **os.environ,
    "YIZHAN_LANG": "en",
    "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0",
}


class Wrong(Exception):
    """What must hold does not."""


def calls():
    """How many calls that put something on disk the last command made."""
    with open("state", "rb") as f:
        return struct.unpack("<Q", f.read(8))[0]


def run(node, *args, at=0, do="kill", more=()):
    """The program at a node, with a disk that fails at a call: its status and what it said."""
    with open("state", "wb") as f:
        f.write(bytes(64))
    fault = {
        "LD_PRELOAD": DISK,
        "DISK_STATE": os.path.abspath("state"),
        "DISK_AT": str(at),
        "DISK_DO": do,
        "DISK_SWIFT": "1",
        **dict(more),
    }
    limits = {"fsize": (resource.RLIMIT_FSIZE, at * 1024), "nofile": (resource.RLIMIT_NOFILE, at)}
    if do in limits:
        fault = {}
    child = subprocess.Popen(
        [PROGRAM, "--dir", node, "--json", *args],
        env={**PLAIN, **fault},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=(lambda: resource.setrlimit(limits[do][0], (limits[do][1],) * 2)) if do in limits else None,
    )
    try:
        out, said = child.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        raise Wrong(f"{' '.join(args)} at {node} does not end: is a lock left?") from None
    return child.returncode, out.decode(errors="replace"), said.decode(errors="replace")


def done(node, *args):
    """A command that must end well; its answer."""
    status, out, said = run(node, *args)
    if status != 0:
        raise Wrong(f"{' '.join(args)} at {node} ends with {status}: {said.strip()[:400]} {out.strip()[:600]}")
    return json.loads(out) if out.strip() else None


def numbers(node):
    return {c["case"] for c in done(node, "case", "list", "--limit", "0")}


def clean(*nodes, but=(), noted=True):
    """verify finds nothing, but for codes that are to be expected; noted: notes may be."""
    for node in nodes:
        status, out, said = run(node, "verify")
        found = json.loads(out) if status in (0, 4) else {}
        codes = {f["code"] for f in found.get("findings", [{"code": "none"}])}
        if not codes <= set(but) or not noted and found["notes"]:
            raise Wrong(f"verify at {node} ends with {status}: {said.strip()[:300]} {out.strip()[:800]}")


def left_over(*nodes):
    """What is a lock, or was never finished."""
    found = []
    for node in nodes:
        for folder, folders, files in os.walk(node):
            folders[:] = [f for f in folders if ".before-" not in f]
            if "yizhan.incoming" in folder and folder.endswith("pack"):
                found += [os.path.join(folder, f) for f in files]
            found += [os.path.join(folder, f) for f in folders if f == "restoring"]
            found += [
                os.path.join(folder, f)
                for f in files
                if f.endswith((".lock", ".tmp")) and f != "yizhan.lock" or f.startswith(("tmp_", ".yz-")) or ".tmp" in f
            ]
    return sorted(set(found))


def hunt(word, *nodes):
    """No object, page or file of these nodes has it, whatever key that is left is tried."""
    hunter = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e", "hunt.py")
    found = subprocess.run([sys.executable, hunter, word, *nodes], capture_output=True, text=True)
    if found.returncode != 0:
        raise Wrong(f"left of what was erased: {found.stdout} {found.stderr}")


def visit(village="v", hub="hub"):
    done(village, "sync")
    done(hub, "hub", "ingest")
    done(village, "sync")


def agree(village="v", hub="hub"):
    """Nothing waits, and both sides show the same."""
    status = done(village, "status")
    if status["pending"] != 0 or status["waiting"] != 0:
        raise Wrong(f"pending {status['pending']}, waiting {status['waiting']}")

    def shown(node):
        return sorted((c["case"], c["title"], c["state"]) for c in done(node, "case", "list", "--limit", "0"))

    if shown(village) != shown(hub):
        raise Wrong(f"village and hub do not show the same: {shown(village)} {shown(hub)}")


class Kept:
    """Folders as they are now, to be put back. A store stays the file that it is, as the node
    knows its own file from a copy."""

    def __init__(self, name, *roots):
        self.roots, self.files, self.folders, self.stores = roots, {}, set(), {}
        self.marks = {}
        for root in roots:
            for folder, _, files in os.walk(root):
                self.folders.add(folder)
                for f in files:
                    path = os.path.join(folder, f)
                    if f.endswith("-shm"):
                        continue
                    if f in ("yizhan.db", "reserve"):
                        keep = f"kept-{name}-{path.replace('/', '-')}"
                        os.link(path, keep)
                        self.stores[path] = keep
                    if f != "reserve":
                        with open(path, "rb") as file:
                            self.files[path] = (file.read(), os.stat(path).st_mode & 0o777)
                        self.marks[path] = self.mark(path)

    @staticmethod
    def mark(path):
        st = os.stat(path)
        return st.st_ino, st.st_size, st.st_mtime_ns

    def back(self):
        for root in self.roots:
            for folder, folders, files in os.walk(root):
                for f in files:
                    path = os.path.join(folder, f)
                    if path not in self.files and path not in self.stores:
                        os.remove(path)
                for f in list(folders):
                    if os.path.join(folder, f) not in self.folders:
                        shutil.rmtree(os.path.join(folder, f))
                        folders.remove(f)
        for folder in sorted(self.folders):
            os.makedirs(folder, exist_ok=True)
        for path, keep in self.stores.items():
            if not os.path.exists(path) or os.stat(path).st_ino != os.stat(keep).st_ino:
                if os.path.exists(path):
                    os.remove(path)
                os.link(keep, path)
        for path, (data, mode) in self.files.items():
            if os.path.exists(path) and self.mark(path) == self.marks.get(path):
                continue
            if os.path.exists(path):
                os.chmod(path, 0o600)
            with open(path, "r+b" if path in self.stores else "wb") as f:
                f.truncate(0)
                f.write(data)
            os.chmod(path, mode)
            self.marks[path] = self.mark(path)


def township():
    """A hub in hub/, a village in v/ that has joined and been answered."""
    done("hub", "hub", "init", "--township", "青山镇", "--code", "QSZ")
    done("hub", "hub", "invite", "--village", "东村", "--code", "DC", "-o", "dc.json")
    done("v", "join", "dc.json")
    visit()
    for title in ("路灯不亮", "水管漏水"):
        done("v", "case", "open", "--title", title, "--text", title + "的经过")
    visit()


def photo():
    """photo.jpg, of two pieces."""
    with open("photo.jpg", "wb") as out:
        out.write(b"\xff\xd8\xff\xe0" + os.urandom(300000))


def whole(node, case):
    """How many attachments a case has there; each is the photo."""
    found = [e["body"] for e in done(node, "case", "show", case)["history"] if e["type"] == "case.attach"]
    for body in found:
        if os.path.exists("saved.jpg"):
            os.remove("saved.jpg")
        done(node, "case", "attachment", case, str(body["number"]), "-o", "saved.jpg")
        if open("saved.jpg", "rb").read() != open("photo.jpg", "rb").read():
            raise Wrong(f"{node} has another photo")
    return len(found)


def rows(n):
    with open("rows.jsonl", "w") as f:
        for i in range(n):
            row = {"id": f"r{i}", "time": f"2024-03-0{i % 9 + 1} 10:00", "title": f"第{i}件", "body": f"经过{i}"}
            f.write(json.dumps(row, ensure_ascii=False) + "\n")


def records(node):
    with sqlite3.connect(f"file:{node}/yizhan.db?mode=ro", uri=True) as db:
        return db.execute("SELECT count(*) FROM record").fetchone()[0]
