"""Judges test vectors: files, and a manifest that says of each what must be said of it."""
import json

import forms
from forms import Refused, need
from ledger import Ledger


def check(manifest):
    """What is not as the manifest tells, as findings."""
    findings = []
    for entry in json.loads(manifest.read_text(encoding="utf-8")):
        data = (manifest.parent / entry["file"]).read_bytes()
        if entry["kind"] == "scenario":
            differences = play(json.loads(data))
        else:
            said = say(entry, data)
            differences = [] if said == entry["expect"] else [f"said {said}, not {entry['expect']}"]
        findings += [("", entry["file"], "vector", difference) for difference in differences]
    return findings


def say(entry, data):
    try:
        KINDS[entry["kind"]](entry, data)
    except Refused as error:
        return error.rule
    return "ok"


def judge_json(_, data):
    forms.read_json(data, "json", forms.FILE_MAX)


def judge_record(entry, data):
    record = forms.read_record(data, entry["prev"])
    record.check()
    need(record.id == entry["id"], "vector", "another id")


def judge_segment(entry, data):
    forms.read_segment(data).check_closing(entry["node"])


def judge_batch(entry, data):
    batch = forms.read_batch(data)
    need((batch.log, batch.first, batch.last, batch.audience)
         == (entry["log"], entry["first"], entry["last"], entry["audience"]), "content.missing",
         "a batch of other records")
    items = forms.open_batch(batch, bytes.fromhex(entry["key"]))
    for seq, keyed_hash in entry["hashes"].items():
        forms.check_item(items, int(seq), keyed_hash)


def judge_keys(entry, data):
    log, first, batches = forms.read_keys(data)
    need((log, first) == (entry["log"], entry["first"]), "keys", "of other records")
    key = forms.unwrap(batches.get(entry["audience"], {}), bytes.fromhex(entry["box"]))
    need(key is not None and key.hex() == entry["key"], "keys", "not sealed to this box key")


def judge_epoch(entry, data):
    need(forms.read_epoch(data, entry["log"]) == entry.get("n"), "vector", "another number")


def judge_ack(entry, data):
    forms.read_ack(data).check(entry["node"])


def judge_invitation(_, data):
    forms.read_invitation(data)


def judge_paths(entry, data):
    for path in json.loads(data):
        if entry["expect"] == "ok":
            need(forms.path_of(path[0], "." + path[1]) == path[2], "paths", "another path")
            need(forms.place_of(path[2], "paths") == tuple(path[:2]), "paths", "another place")
            continue
        try:
            forms.place_of(path, "paths")
        except Refused:
            continue
        raise Refused("vector", f"took {path} for a path")
    need(entry["expect"] == "ok", "paths", "as it should be")


KINDS = {"json": judge_json, "record": judge_record, "segment": judge_segment,
         "batch": judge_batch, "keys": judge_keys, "epoch": judge_epoch, "ack": judge_ack,
         "invitation": judge_invitation, "paths": judge_paths}


def play(story):
    """A ledger's segments in the order they came; then every record, and acknowledgements."""
    ledger, differences = Ledger(story["ledger"], story["hub"], story["words"],
                                 story.get("recovery", "")), []

    def same(what, said, expected):
        if said != expected:
            differences.append(f"{what}: said {said}, not {expected}")

    for place, segment in enumerate(story["segments"]):
        same(f"segment {place}", tried(lambda: ledger.take(segment["text"].encode())),
             segment["expect"])
    judged = ledger.judge()
    same("logs", sorted(judged), sorted(story["logs"]))
    for name, expected in story["logs"].items():
        for seq, verdict in enumerate(judged.get(name, []), 1):
            same(f"{name[:8]} {seq}", verdict.rule or "ok", expected[seq - 1])
    for place, ack in enumerate(story["acks"]):
        same(f"acknowledgement {place}",
             tried(lambda: ledger.check_ack(forms.read_ack(ack["text"].encode()))), ack["expect"])
    return differences


def tried(step):
    try:
        step()
    except Refused as error:
        return error.rule
    return "ok"
