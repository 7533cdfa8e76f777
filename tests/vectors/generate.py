#!/usr/bin/python3
"""Makes the test vectors beside it: files in valid/, invalid/ and forged/, and manifest.json.

Run once; what it made is kept. Running it again gives the same bytes.
"""
import json
from pathlib import Path

import forms
import scenarios
from writer import compact

HERE = Path(__file__).resolve().parent


class Collection:
    """The files written, and what must be said of each."""

    def __init__(self):
        self.entries = []

    def put(self, folder, name, kind, what, expect, data, **more):
        path = f"{folder}/{name}"
        assert all(entry["file"] != path for entry in self.entries), path
        (HERE / folder).mkdir(exist_ok=True)
        (HERE / path).write_bytes(data)
        self.entries.append({"file": path, "kind": kind, "what": what, "expect": expect, **more})

    def put_scenario(self, folder, name, what, scenario):
        text = json.dumps(scenario, ensure_ascii=False, indent=1).encode() + b"\n"
        self.put(folder, f"{name}.json", "scenario", what, "as told", text)

    def write(self):
        lines = [compact(entry) for entry in self.entries]
        (HERE / "manifest.json").write_bytes(b"[\n" + b",\n".join(lines) + b"\n]\n")


def main():
    collection = Collection()
    forms.make(collection)
    scenarios.make(collection)
    collection.write()
    print(len(collection.entries), "vectors")


if __name__ == "__main__":
    main()
