#!/usr/bin/env python3
"""Looks for words in all that nodes hold: hunt.py WORDS FOLDER...   WORDS: one, or more with blanks between

Every object of every git repository below the folders is inflated, reached by a branch or not.
Every key that is left, in any keys file that any of the nodes can open or in a store, is tried on
every batch, and of what is sealed apart inside (FORMAT.md, 19) every key that one of their boxes opens, a
worker's too whose seed lies there as it is. What opens is searched for the words; all files of the nodes are searched as they are: stores, the
logs of pages beside them, the log of requests, parcels that wait. What is in quarantine is tried as an object. Prints where one was found; exits 1 if one was.
"""
import base64
import json
import re
import sqlite3
import subprocess
import sys
import zlib
from pathlib import Path

from nacl import bindings, exceptions

WRAPS = re.compile(rb'"key":"([0-9a-f]{16})","to":(\{[^}]*\})')
SEALED = re.compile(rb'\x01?([0-9a-f]{16})([A-Za-z0-9+/]{54,}={0,2})')
BATCH = re.compile(rb'\{"batch":1,"log":"[0-9a-f]{32}","first":\d+,"last":\d+,"audience":"[a-z]+"\}\n')


def objects(repository):
    """(name, bytes) of every object, whoever still points to it."""
    listed = subprocess.run(["git", "-C", repository, "cat-file", "--batch-all-objects",
                             "--batch-check=%(objectname) %(objecttype)", "--unordered"],
                            check=True, capture_output=True, text=True).stdout.split()
    names = [n for n, kind in zip(listed[::2], listed[1::2]) if kind == "blob"]
    if not names:
        return
    out = subprocess.run(["git", "-C", repository, "cat-file", "--batch"], check=True,
                         input="\n".join(names).encode() + b"\n", capture_output=True).stdout
    at = 0
    while at < len(out):
        end = out.index(b"\n", at)
        name, _, size = out[at:end].split()
        yield name.decode(), out[end + 1:end + 1 + int(size)]
        at = end + 1 + int(size) + 1


def stored(store, sql):
    db = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        return [row[0] for row in db.execute(sql)]
    finally:
        db.close()


def unwrapped(data, boxes):
    """The batch keys of a keys file that one of these box keys opens."""
    try:
        batches = json.loads(data)["batches"]
    except (ValueError, KeyError, TypeError):
        return
    for batch in batches.values():
        for sealed in batch["to"].values():
            for box in boxes:
                try:
                    yield bindings.crypto_box_seal_open(
                        base64.b64decode(sealed), bindings.crypto_scalarmult_base(box), box)
                except exceptions.CryptoError:
                    pass


def opened(data, keys):
    head = BATCH.match(data)
    if not head:
        return
    sealed = data[head.end():]
    for key in keys:
        try:
            yield zlib.decompress(bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                sealed[24:], head[0], sealed[:24], key))
        except exceptions.CryptoError:
            pass


def identity_keys(texts, boxes):
    """Keys that are wrapped, in the records among these, to one of the boxes: id -> keys."""
    keys = {}
    for text in texts:
        for name, to in WRAPS.findall(text):
            for sealed in json.loads(to).values():
                for box in boxes:
                    try:
                        key = bindings.crypto_box_seal_open(
                            base64.b64decode(sealed), bindings.crypto_scalarmult_base(box), box)
                        keys.setdefault(name, set()).add(key)
                    except exceptions.CryptoError:
                        pass
    return keys


def apart(text, keys):
    """What is sealed apart in a text and one of these keys opens."""
    for name, sealed in SEALED.findall(text):
        for key in keys.get(name, ()):
            data = base64.b64decode(sealed + b"=" * (-len(sealed) % 4))
            try:
                yield bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                    data[24:], b"yizhan-identity-v1\n", data[:24], key)
            except exceptions.CryptoError:
                pass


def box_keys(stores):
    """The nodes' own, and those of workers whose seeds lie there as they are."""
    boxes = {b for s in stores for b in stored(s, "SELECT value FROM secret WHERE name='node.box'")}
    for s in stores:
        for seed in stored(s, "SELECT sealed FROM worker WHERE locked=0"):
            boxes.add(bindings.crypto_sign_ed25519_sk_to_curve25519(
                bindings.crypto_sign_seed_keypair(seed)[1]))
    return boxes


def all_blobs(stores, repositories):
    """name -> (where, bytes)"""
    blobs = {}
    for repository in repositories:
        for name, data in objects(repository):
            blobs[name] = (repository, data)
    for s in stores:
        for sql in ("SELECT bytes FROM file", "SELECT bytes FROM refused WHERE bytes IS NOT NULL"):
            for data in stored(s, sql):
                blobs[f"{s}: file {len(blobs)}"] = (s, data)
    return blobs


def main():
    words, folders = sys.argv[1].split(), [Path(f) for f in sys.argv[2:]]
    stores = [s for f in folders for s in f.rglob("yizhan.db")]
    boxes = box_keys(stores)
    blobs = all_blobs(stores, [o.parent for f in folders for o in f.rglob("objects") if o.is_dir()])
    keys = {k for s in stores for k in stored(s, "SELECT key FROM batch_key")}
    for _, data in blobs.values():
        if data.startswith(b'{"keys":'):
            keys.update(unwrapped(data, boxes))
    lines = [line.encode() for s in stores for line in stored(s, "SELECT line FROM record")]
    own = identity_keys([data for _, data in blobs.values()] + lines, boxes)
    found, read, read_apart = [], 0, 0

    def look(data, where):
        found.extend(f"{word}: {where}" for word in words if word.encode() in data)

    for s in stores:
        for text in stored(s, "SELECT bytes FROM content"):
            for part in apart(text.encode(), own):
                read_apart += 1
                look(part, f"{s}: sealed apart")
    for name, (where, data) in blobs.items():
        look(data, f"{where}: {name}")
        for text in opened(data, keys):
            read += 1
            look(text, f"{where}: the batch {name}")
            for part in apart(text, own):
                read_apart += 1
                look(part, f"{where}: sealed apart in the batch {name}")
    for f in folders:
        for path in f.rglob("*"):
            if path.is_file():
                look(path.read_bytes(), path)
    print(f"{len(blobs)} files, {len(keys)} keys, {read} batches read, {read_apart} texts apart")
    for place in found:
        print(place)
    return 1 if found else 0


sys.exit(main())
