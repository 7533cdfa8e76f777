"""Writes parcels that the program never would, made from FORMAT.md §17 alone, with a sender's keys out of
a copy of its store and the bundle of a parcel that it wrote.

    forge_parcel.py PARCEL HUB-STORE SENDER-STORE FOLDER

One file for each name of FORGED; prints "NAME CODE" for each: the error that reading it must give.
"""
import hashlib
import json
import os
import pathlib
import sys
import zlib

import forge
from nacl import bindings
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "verifier"))
import parcel as verifier  # noqa: E402


def sha(data):
    return hashlib.sha256(data).digest()


def write(inside, seed, boxes, hub, chunk=65536, signed=None, tag=None, cover=None, whole=True):
    """The bytes of a parcel; seed: who signs."""
    key, header = os.urandom(32), os.urandom(24)
    slots = b"".join(SealedBox(PublicKey(b)).encrypt(key) for b in boxes)
    slots += os.urandom(80 * (8 - len(boxes)))
    front = b"YZPARCEL" + (1).to_bytes(2, "big") + (8).to_bytes(2, "big") + hub + slots
    text = b"yizhan-sign-parcel-v1\n%s\n%s\n" % (
        sha(cover or front).hex().encode(), sha(signed or inside).hex().encode())
    parts = [inside[i:i + chunk] for i in range(0, len(inside), chunk)]
    parts.append(SigningKey(seed).sign(text).signature)
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
    out = front + header
    for i, part in enumerate(parts):
        last = 3 if i == len(parts) - 1 else 0
        out += bindings.crypto_secretstream_xchacha20poly1305_push(
            state, part, sha(front), last if tag is None else tag)
    return out + (sha(out) if whole else bytes(32))


def pack(objects, count=None):
    """kind, data, and of a delta its base, as it stands there; of one that lies, its size."""
    out = b"PACK" + (2).to_bytes(4, "big") + (len(objects) if count is None else count).to_bytes(4, "big")
    for kind, data, *more in objects:
        said = more[1] if len(more) > 1 else len(data)
        size, first = said >> 4, kind << 4 | said & 15
        while size:
            out += bytes([first | 128])
            first, size = size & 127, size >> 7
        out += bytes([first]) + (more[0] if more else b"") + zlib.compress(data)
    return out + hashlib.sha1(out).digest()


def length(n):
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def grows(base, times, most, said=None):
    """A delta that puts the first `most` bytes of its base one behind the other so many times."""
    copy = b"\xf0" + most.to_bytes(3, "little")
    return length(len(base)) + length(times * most if said is None else said) + copy * times


def back(n):
    """How far before a delta its base begins."""
    out = [n & 127]
    while n > 127:
        n = (n >> 7) - 1
        out.insert(0, n & 127 | 128)
    return bytes(out)


def backwards(n):
    """Deltas each of which is of what the next makes: of the last the base is there."""
    said, out = b"%08d", []
    name = lambda i: hashlib.sha1(b"blob 8\0" + said % i).digest()
    for i in range(n):
        out.append((7, length(8) + length(8) + b"\x08" + said % i, name(i + 1)))
    return [*out, (3, said % n)]


def chain(n, first):
    """Deltas each of which is of the one before; the first of something that comes later."""
    copy = b"\x90\x08"
    out, step = [(7, length(8) + length(8) + copy, first)], None
    for i in range(n):
        step = step or len(pack([out[0]])) - 32
        out.append((6, length(8) + length(8) + copy, back(step)))
        step = len(pack([out[-1]])) - 32
    return out


def main():
    path, hub_store, sender_store, folder = sys.argv[1:]
    hub, sender = forge.Store(hub_store), forge.Store(sender_store)
    hub_box, seed = hub.secret("node.box"), sender.secret("node.seed")
    genuine = verifier.Parcel(pathlib.Path(path).read_bytes())
    head, bundle = verifier.open_with(genuine, hub_box)
    boxes, hub_key = [bytes(PrivateKey(hub_box).public_key)], bytes.fromhex(genuine.hub)
    other = os.urandom(32)

    def inside(rest=bundle, text=None, **members):
        line = text if text is not None else json.dumps(head | members, separators=(",", ":")).encode()
        return line + b"\n" + rest

    def made(content, by=seed, **how):
        return write(content, by, boxes, hub_key, **how)

    ref = "refs/heads/log/" + head["log"]
    first = b"# v2 git bundle\n"
    oid = "%040x" % 1
    lone = b"tree " + b"1" * 40 + b"\nauthor a <a> 0 +0000\ncommitter a <a> 0 +0000\n\nx\n"
    name = hashlib.sha1(b"commit %d\0" % len(lone) + lone).hexdigest()

    zeros = bytes(16 << 20)
    base = hashlib.sha1(b"blob %d\0" % len(zeros) + zeros).digest()

    def bomb(*deltas):
        return of(f"{name} {ref[:-1]}0\n", pack([(1, lone), (3, zeros), *((7, d, base) for d in deltas)]))

    def of(lines, tail):
        return first + lines.encode() + b"\n" + tail

    forged = {
        # Who is not the sender; what was signed for other receivers, or is other content.
        "STRANGER": ("signature", made(inside(), other)),
        "COVER": ("signature", made(inside(), cover=genuine.cover)),
        "CONTENT": ("signature", made(inside(), signed=inside(n=head["n"] + 1))),
        # Chunks that are not where they must be, or none of which is the last.
        "CHUNKS": ("signature", made(inside(), chunk=1000)),
        "NOTLAST": ("signature", made(inside(), tag=0)),
        "ALLLAST": ("signature", made(inside(), tag=3)),
        "UNWHOLE": ("damaged", made(inside(), whole=False)),
        # What it says of itself.
        "NOJSON": ("format", made(inside(text=b"{"))),
        "TWICE": ("format", made(inside(text=b'{"parcel":1,"parcel":1}'))),
        "ZERO": ("format", made(inside(n=0))),
        "HAS": ("format", made(inside(has={"main": "0" * 40}))),
        "MANY": ("format", made(inside(has={f"log/{i:032x}": "0" * 40 for i in range(4097)}))),
        "LONG": ("format", made(inside(text=b'{"parcel":1' + b" " * (512 << 10) + b"}"))),
        "NOLINE": ("format", made(b"x" * 70000)),
        "NEWER": ("version", made(inside(parcel=2))),
        # What it brings.
        "NOBUNDLE": ("format", made(inside(b"hello"))),
        "EMPTY": ("format", made(inside(b""))),
        "NOREF": ("format", made(inside(of("", pack([(1, lone)]))))),
        "BRANCH": ("format", made(inside(of(f"{oid} refs/heads/main\n", pack([(1, lone)]))))),
        "DOTS": ("format", made(inside(of(f"{oid} refs/heads/log/../../x\n", pack([(1, lone)]))))),
        "COUNT": ("format", made(inside(of(f"{name} {ref[:-1]}0\n", pack([(1, lone)], 1 << 31))))),
        "HOLE": ("format", made(inside(of(f"{name} {ref[:-1]}0\n", pack([(1, lone)]))))),
        "NOTHERE": ("not-found", made(inside(of(f"{oid} {ref[:-1]}0\n", pack([(3, b"x")]))))),
        "BADPACK": ("format", made(inside(of(f"{name} {ref[:-1]}0\n", pack([(1, lone)])[:-1] + b"?")))),
        "CUTPACK": ("format", made(inside(of(f"{name} {ref[:-1]}0\n", pack([(1, lone)])[:40])))),
        # What would grow to more than a weak PC has: by one delta, by many, by what is only said.
        "DELTA": ("limit", made(inside(bomb(grows(zeros, 128, 0xffffff))))),
        "DELTAS": ("limit", made(inside(bomb(*(
            grows(zeros, 1, 0xffff00, 0xffff08) + b"\x08%08d" % i for i in range(200)))))),
        "SAYSMUCH": ("limit", made(inside(bomb(grows(zeros, 1, 0xffffff, 1 << 40))))),
        "SAYS": ("limit", made(inside(of(f"{name} {ref[:-1]}0\n", pack([(1, lone), (3, b"x", b"", 1 << 42)]))))),
        "LIES": ("format", made(inside(of(f"{name} {ref[:-1]}0\n", pack([(1, lone), (3, b"xyz", b"", 2)]))))),
        # Deltas in such an order that git looks at all of them again for each.
        "BACKWARD": ("limit", made(inside(of(f"{name} {ref[:-1]}0\n", pack([(1, lone), *backwards(30000)]))))),
        "DEEP": ("limit", made(inside(of(f"{name} {ref[:-1]}0\n", pack([(1, lone), *chain(2000, base)]))))),
        "LARGE": ("limit", made(inside(of(f"{name} {ref[:-1]}0\n", pack([(3, bytes(17 << 20))]))))),
    }
    for label, (code, data) in forged.items():
        (pathlib.Path(folder) / f"{label}.YZP").write_bytes(data)
        print(label, code)


main()
