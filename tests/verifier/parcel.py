#!/usr/bin/python3
"""Checks a parcel without the program: sync/FORMAT.md §17 suffices.

    parcel.py [--box FILE] [-o BUNDLE] PARCEL

Prints one JSON object: whole, version, hub, slots; and with the secret box key of one who may read it
(32 bytes, or 64 hex digits) head and signed. Exits 0 when all that was looked at holds.
"""
import argparse
import hashlib
import json
import sys
from pathlib import Path

from nacl import bindings
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.signing import VerifyKey

FIXED, SLOT, CHUNK, LAST = 44, 80, 65553, 81


class Refused(Exception):
    """It breaks the rule that this names."""


def rule(holds, name):
    if not holds:
        raise Refused(name)


def sha(data):
    return hashlib.sha256(data).digest()


class Parcel:
    def __init__(self, data):
        rule(len(data) >= FIXED and data[:8] == b"YZPARCEL", "magic")
        self.version = int.from_bytes(data[8:10], "big")
        self.slots = int.from_bytes(data[10:12], "big")
        self.hub = data[12:44].hex()
        self.whole = sha(data[:-32]) == data[-32:]
        rule(self.version == 1, "version")
        rule(self.slots % 8 == 0 and 8 <= self.slots <= 256, "slots")
        end = FIXED + SLOT * self.slots
        self.cover, self.header, self.chunks = data[:end], data[end:end + 24], data[end + 24:-32]

    def key(self, box):
        for i in range(self.slots):
            try:
                key = SealedBox(box).decrypt(self.cover[FIXED + SLOT * i:FIXED + SLOT * (i + 1)])
            except CryptoError:
                continue
            if len(key) == 32:
                return key
        raise Refused("sealed to others")

    def inside(self, box):
        """What is inside, and the signature; every chunk where it must be."""
        state = bindings.crypto_secretstream_xchacha20poly1305_state()
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, self.header, self.key(box))
        rule(len(self.chunks) >= LAST, "chunks")
        body, out = self.chunks[:-LAST], []
        parts = [body[i:i + CHUNK] for i in range(0, len(body), CHUNK)] + [self.chunks[-LAST:]]
        for i, part in enumerate(parts):
            try:
                plain, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(
                    state, part, sha(self.cover))
            except (RuntimeError, ValueError, CryptoError):
                raise Refused("seal") from None
            rule(tag == (3 if i == len(parts) - 1 else 0), "tag")
            out.append(plain)
        return b"".join(out[:-1]), out[-1]


def open_with(parcel, box):
    inside, signature = parcel.inside(PrivateKey(box))
    line, bundle = inside.split(b"\n", 1)
    head = json.loads(line)
    text = b"yizhan-sign-parcel-v1\n%s\n%s\n" % (
        sha(parcel.cover).hex().encode(), sha(inside).hex().encode())
    try:
        VerifyKey(bytes.fromhex(head["from"])).verify(text, signature)
    except CryptoError:
        raise Refused("signature") from None
    rule(bundle.startswith(b"# v2 git bundle\n"), "bundle")
    return head, bundle


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("parcel", type=Path)
    ask.add_argument("--box", type=Path)
    ask.add_argument("-o", "--output", type=Path)
    asked = ask.parse_args()
    said = {}
    try:
        parcel = Parcel(asked.parcel.read_bytes())
        said.update(whole=parcel.whole, version=parcel.version, hub=parcel.hub, slots=parcel.slots)
        rule(parcel.whole, "hash")
        if asked.box:
            box = asked.box.read_bytes()
            head, bundle = open_with(parcel, box if len(box) == 32 else bytes.fromhex(box.decode()))
            said.update(head=head, signed=True)
            if asked.output:
                asked.output.write_bytes(bundle)
    except Refused as broken:
        said["refused"] = str(broken)
    print(json.dumps(said, sort_keys=True))
    return 1 if "refused" in said else 0


if __name__ == "__main__":
    sys.exit(main())
