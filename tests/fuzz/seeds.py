#!/usr/bin/python3
"""Makes what the fuzz targets start from, of tests/vectors, tools/demo-data and the page's openapi.json.

    seeds.py FOLDER TARGET…     one folder a target below it
"""
import json
import re
import sys
import zlib
from pathlib import Path

from nacl import bindings

TESTS = Path(__file__).resolve().parent.parent
VECTORS = TESTS / "vectors"
DEMO = TESTS.parent / "tools" / "demo-data"
LOG = "6c" * 16  # the log that the targets batch and keys read for


def objects(line):
    """The record or acknowledgement of a line, without its signature."""
    return line[1 : line.rindex(b',"')] if b',"' in line else line


def plain(entry, data):
    """What lies in a batch: the packed stream and the items, as far as they are there."""
    header, _, rest = data.partition(b"\n")
    key = bytes.fromhex(entry["key"])
    try:
        packed = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            rest[24:], header + b"\n", rest[:24], key)
        yield packed
        yield zlib.decompressobj().decompress(packed, 65536)
    except Exception:  # forged, or cut short
        return


def for_ours(entry, data):
    """A keys file or epoch for the log and first that the target asks for."""
    data = data.replace(entry["log"].encode(), LOG.encode())
    return data.replace(b'"first":12,', b'"first":7,')


def shapes(data):
    """The members of records, without those that the target gives."""
    for line in data.splitlines():
        if line.startswith(b"["):
            try:
                record = json.loads(objects(line))
            except ValueError:
                continue
            for name in ("v", "log", "seq", "by", "hlc"):
                record.pop(name, None)
            yield json.dumps(record, separators=(",", ":")).encode()


def of_vector(entry, data):
    """(target, bytes) for each seed that a vector gives."""
    kind = entry["kind"]
    if kind == "json":
        yield "json", data
    elif kind == "record":
        yield "record", data.removesuffix(b"\n")
    elif kind == "segment":
        yield "segment", data
        for shape in shapes(data[:4096]):
            yield "shape", shape
    elif kind == "ack":
        yield "receipt", data
        yield "receipt", objects(data)
    elif kind == "invitation":
        yield "invitation", data
    elif kind in ("keys", "epoch"):
        yield "keys", for_ours(entry, data)
    elif kind == "batch":
        yield "batch", data.replace(entry["log"].encode(), LOG.encode())
        for inside in plain(entry, data):
            yield "batch", inside
    elif kind == "scenario":
        for segment in json.loads(data)["segments"]:
            yield "segment", segment["text"].encode()


def asked():
    """Each request that the page's server knows, by a session that is open in the target: its token and guard are of one letter."""
    api = json.loads((TESTS.parent / "node" / "web" / "page" / "openapi.json").read_text())
    token = "72" * 32
    for path, methods in api["paths"].items():
        at = re.sub(r"\{\w+\}", "SL-26-0001-H", path.removeprefix("/"))
        for method, doc in methods.items():
            query = "&".join(f"{p['name']}=x" for p in doc.get("parameters", []) if p.get("in") == "query")
            head = f"{method.upper()} {at}{'?' if query else ''}{query}\nHost: 127.0.0.1:8000\nCookie: yizhan-8000={token}\nX-Yizhan-Guard: {token}\n"
            if method == "post":
                head += "Content-Type: application/json\n"
            yield (head + ('\n{"title":"x"}' if method == "post" else "\n")).encode()


def main():
    out = Path(sys.argv[1])
    count = {}

    def put(target, data):
        number = count[target] = count.get(target, 0) + 1
        (out / target / f"{number:03}").write_bytes(data)

    for target in sys.argv[2:]:
        (out / target).mkdir(parents=True, exist_ok=True)

    seen = set()
    for entry in json.loads((VECTORS / "manifest.json").read_text()):
        for target, data in of_vector(entry, (VECTORS / entry["file"]).read_bytes()):
            if (target, data) not in seen:
                seen.add((target, data))
                put(target, data)
    for data in asked():
        put("request", data)
    for file in sorted(DEMO.iterdir()):
        target = file.suffix.removeprefix(".")
        lines = file.read_bytes().splitlines(keepends=True)[:4]
        put(target, b"".join(lines))
        put(target, b"".join(lines).decode().encode("gb18030"))


if __name__ == "__main__":
    main()
