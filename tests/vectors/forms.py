"""Vectors of single forms: JSON texts, records, segments, batches, keys, acknowledgements."""
import hashlib
import zlib

from writer import (Key, Log, ack, ack_line, batch, compact, ident, item, keyed_hash, keys_file,
                    seal)

HUB, NODE, OTHER = Key("hub"), Key("village A"), Key("village B")
WORKER, STRANGER = Key("worker 1"), Key("stranger")
LEDGER = ident("ledger")


def make(put):
    json_texts(put.put)
    records(put.put)
    segments(put.put)
    batches(put.put)
    keys(put.put)
    acknowledgements(put.put)
    invitations(put.put)
    paths(put.put)


def json_texts(put):
    good = {
        "deep": ("eight levels", b'{"a":[[[[[[[1]]]]]]]}'),
        "numbers": ("the greatest and least integer", b'[9007199254740992,-9007199254740992,0,-0]'),
        "layout": ("LF and tab in a string, as escapes", b'["a\\n\\tb"]'),
        "spaces": ("white space between tokens", b' { "a" : [ 1 , 2 ] }\r\n'),
        "rare": ("private use, beyond the BMP, non-characters",
                 '["\ue000𠮷𬀩\U0010fffd\ufffe\u00a0"]'.encode()),
        "pair": ("an escaped surrogate pair", b'["\\ud842\\udfb7"]'),
        "names": ("printable ASCII names", b'{" !~":1,"a.b":2}'),
        "words": ("true, false, null", b"[true,false,null]"),
    }
    for name, (what, text) in good.items():
        put("valid", f"json-{name}.json", "json", what, "ok", text)
    bad = {
        "deep": ("nine levels", b'{"a":[[[[[[[[1]]]]]]]]}'),
        "large": ("2^53 + 1", b"[9007199254740993]"),
        "small": ("-(2^53 + 1)", b"[-9007199254740993]"),
        "huge": ("forty digits", b"[" + b"9" * 40 + b"]"),
        "fraction": ("a fraction", b"[1.0]"),
        "exponent": ("an exponent", b"[1e3]"),
        "nan": ("no number", b"[NaN]"),
        "zero": ("a leading zero", b"[01]"),
        "zero-byte": ("a zero byte behind a number", b"[1\x00]"),
        "zero-byte-word": ("a zero byte behind a word", b"[true\x00]"),
        "twice": ("a name twice", b'{"a":1,"a":1}'),
        "twice-escaped": ("a name twice, once escaped", b'{"a":1,"\\u0061":2}'),
        "name": ("a name that is not ASCII", '{"名":1}'.encode()),
        "name-control": ("a name with a line end", b'{"a\\n":1}'),
        "nul": ("U+0000", b'["\\u0000"]'),
        "bell": ("U+0007", b'["\\u0007"]'),
        "return": ("a carriage return", b'["\\r"]'),
        "delete": ("U+007F", b'["\x7f"]'),
        "c1": ("U+0085", '["\u0085"]'.encode()),
        "c1-escaped": ("U+009F, escaped", b'["\\u009f"]'),
        "raw-lf": ("a bare line end in a string", b'["a\nb"]'),
        "utf8": ("a byte that is no UTF-8", b'["\xff"]'),
        "overlong": ("an overlong slash", b'["\xc0\xaf"]'),
        "surrogate": ("a surrogate in UTF-8", b'["\xed\xa0\x80"]'),
        "lone": ("a surrogate alone, escaped", b'["\\ud800"]'),
        "cut": ("a character cut in half", b'["\xe4\xb8"]'),
        "bom": ("a byte order mark", b"\xef\xbb\xbf[]"),
        "after": ("something after the end", b"[] []"),
        "empty": ("nothing", b""),
        "comma": ("a comma too many", b"[1,]"),
        "open": ("a text cut short", b'{"a":[1'),
    }
    for name, (what, text) in bad.items():
        put("invalid", f"json-{name}.json", "json", what, "json", text)


def one_record(change=None, author=WORKER, **members):
    """A record line and the id before it; change: done to its bytes before it is signed."""
    log = Log(NODE, LEDGER)
    raw = log.record(author, "case.note", **members)
    log.add_raw(change(raw) if change else raw, author)
    return log.lines[0], {"prev": log.hash, "id": log.ids[1]}


def filler(size):
    line, _ = one_record(pad="")
    spare = size - len(line) + len(b'[,""]\n') + 88
    return one_record(pad="x" * spare)


def records(put):
    heads = [ident(f"head {n}", 64) for n in range(65)]
    good = {
        "plain": ("of a type that only a newer version knows", one_record(later={"a": [1]})),
        "heads": ("64 heads", one_record(case=heads[0], heads=heads[:64])),
        "content": ("four audiences",
                    one_record(content={name: heads[0] for name in ("village", "hub", "a", "b")})),
        "largest": ("64 KiB", filler(64 << 10)),
        "last-seq": ("seq 2^53", one_record(lambda raw: raw.replace(b'"seq":1,', b'"seq":%d,' % 2**53))),
        "stamp": ("count 2^20 - 1", one_record(lambda raw: raw.replace(b",0]", b",1048575]"))),
    }
    for name, (what, (line, told)) in good.items():
        put("valid", f"record-{name}.jsonl", "record", what, "ok", line, **told)
    bad_records(put, heads)
    line, told = one_record()
    flipped = line.replace(b"case.note", b"case.nota")
    put("forged", "record-body.jsonl", "record", "one letter changed after signing",
        "record.signature", flipped, **told)
    put("forged", "record-place.jsonl", "record", "put after another record", "record.signature",
        line, prev=ident("elsewhere", 64))
    log = Log(NODE, LEDGER)
    log.add_raw(log.record(WORKER, "case.note"), STRANGER)
    put("forged", "record-author.jsonl", "record", "signed by another than it names",
        "record.signature", log.lines[0], prev=log.hash)


def bad_records(put, heads):
    def swapped(raw):
        return raw.replace(b'"v":1,', b"", 1).replace(b'"seq"', b'"v":1,"seq"', 1)

    edits = {
        "version": ("of version 2", "segment.version", lambda raw: raw.replace(b'"v":1', b'"v":2')),
        "seq-zero": ("seq 0", "segment.syntax", lambda raw: raw.replace(b'"seq":1', b'"seq":0')),
        "seq-leading": ("seq 01", "segment.syntax", lambda raw: raw.replace(b'"seq":1', b'"seq":01')),
        "seq-large": ("seq 2^53 + 1", "segment.syntax",
                      lambda raw: raw.replace(b'"seq":1', b'"seq":9007199254740993')),
        "seq-long": ("seq of 17 digits", "segment.syntax",
                     lambda raw: raw.replace(b'"seq":1', b'"seq":10000000000000000')),
        "order": ("members in another order", "segment.syntax", swapped),
        "space": ("a space after a fixed member", "segment.syntax",
                  lambda raw: raw.replace(b'{"v"', b'{ "v"')),
        "upper": ("an author in capitals", "segment.syntax",
                  lambda raw: raw.replace(WORKER.public.encode(), WORKER.public.upper().encode())),
        "alone": ("nothing after the author", "segment.syntax",
                  lambda raw: raw[:raw.index(b',"hlc"')] + b"}"),
        "log-twice": ("a second member log", "record.syntax",
                      lambda raw: raw[:-1] + b',"log":"' + b"0" * 32 + b'"}'),
        "not-json": ("an object that does not end", "record.syntax", lambda raw: raw[:-1] + b",}"),
        "zero-byte": ("a zero byte behind a number", "record.syntax",
                      lambda raw: raw.replace(b",0]", b",0\x00]")),
    }
    for name, (what, rule, change) in edits.items():
        line, told = one_record(change)
        put("invalid", f"record-{name}.jsonl", "record", what, rule, line, prev=told["prev"])
    members = {
        "heads-65": ("65 heads", {"heads": heads}),
        "heads-twice": ("a head twice", {"heads": [heads[0], heads[0]]}),
        "heads-short": ("a head of 63 digits", {"heads": [heads[0][1:]]}),
        "count": ("count 2^20", {"hlc": [1, 2**20]}),
        "before": ("a stamp before 1970", {"hlc": [-1, 0]}),
        "stamp-three": ("a stamp of three numbers", {"hlc": [1, 2, 3]}),
        "type-upper": ("a type in capitals", {"type": "Case"}),
        "type-long": ("a type of 41 letters", {"type": "a" * 41}),
        "type-none": ("no type's name", {"type": ""}),
        "case": ("a case that is no id", {"case": "x"}),
        "hash": ("a keyed hash too short", {"content": {"village": heads[0][1:]}}),
        "audience": ("an audience's name in capitals", {"content": {"Village": heads[0]}}),
        "audiences": ("five audiences", {"content": {name: heads[0] for name in "abcde"}}),
        "deep": ("nine levels", {"x": [[[[[[[[1]]]]]]]]}),
        "control": ("a control character", {"x": "\u0085"}),
    }
    for name, (what, changed) in members.items():
        log = Log(NODE, LEDGER)
        rest = {"hlc": [1, 0], "type": "case.note", **changed}
        raw = log.record(WORKER, "x").split(b'"hlc"')[0] + compact(rest)[1:]
        log.add_raw(raw, WORKER)
        put("invalid", f"record-{name}.jsonl", "record", what, "record.syntax", log.lines[0],
            prev=log.hash)
    line, told = one_record()
    assert b"/" in line[-92:]
    cuts = {
        "signature": ("base64 that is not canonical", line[:-6] + b"h" + line[-5:]),
        "signature-high": ("a signature with bytes beyond ASCII",
                           line[:-92] + line[-92:].replace(b"/", b"\xaf")),
        "signature-short": ("a signature too short", line[:-8] + line[-4:]),
        "return": ("a carriage return at its end", line[:-1] + b"\r\n"),
        "unended": ("no line end", line[:-1]),
        "too-large": ("64 KiB and one byte", filler((64 << 10) + 1)[0]),
    }
    for name, (what, data) in cuts.items():
        put("invalid", f"record-{name}.jsonl", "record", what, "segment.syntax", data,
            prev=told["prev"])


def some_log(n, node=NODE):
    log = Log(node, LEDGER).begin(HUB.public)
    for k in range(n - 1):
        log.add(WORKER, "case.note", note=f"第{k + 1}件")
    return log


def segments(put):
    log = some_log(101)
    told = {"node": NODE.public}
    broken = some_log(3)
    broken.add_raw(broken.record(WORKER, "case.note"), STRANGER).add(WORKER, "case.note")
    good = {
        "one": ("one record", log.segment(1, 1)),
        "hundred": ("a hundred records", log.segment(1, 100)),
        "middle": ("records 5 to 7", log.segment(5, 7)),
        "bad-record": ("a record not signed by its author: the segment is valid all the same",
                       broken.segment()),
    }
    for name, (what, data) in good.items():
        put("valid", f"segment-{name}.jsonl", "segment", what, "ok", data, **told)
    head, lines, end = log.header(1), log.lines, log.closing(1, 3)
    three = b"".join(lines[:3])
    bad = {
        "empty": ("no record", "syntax", head + log.closing(1, 1)),
        "many": ("101 records", "syntax", log.segment(1, 101)),
        "unclosed": ("no closing", "syntax", head + three),
        "headless": ("no header", "syntax", three + end),
        "unended": ("no line end after the closing", "syntax", head + three + end[:-1]),
        "after": ("something after the closing", "syntax", head + three + end + b"\n"),
        "blank": ("an empty line", "syntax", head + lines[0] + b"\n" + lines[1] + lines[2] + end),
        "version": ("of version 2", "version", (head + three + end).replace(b'nt":1', b'nt":2', 1)),
        "first": ("first with a leading zero", "syntax",
                  (head + three + end).replace(b'"first":1', b'"first":01')),
        "nothing": ("nothing", "syntax", b""),
    }
    for name, (what, rule, data) in bad.items():
        put("invalid", f"segment-{name}.jsonl", "segment", what, f"segment.{rule}", data, **told)
    forged_segments(put, log, told)


def forged_segments(put, log, told):
    head, lines, end = log.header(1), log.lines, log.closing(1, 3)
    other = some_log(3, OTHER)
    flipped = lines[1].replace("第1件".encode(), "第2件".encode())
    forged = {
        "body": ("one character changed", "chain", head + lines[0] + flipped + lines[2] + end),
        "order": ("two records swapped", "syntax", head + lines[0] + lines[2] + lines[1] + end),
        "left-out": ("a record left out", "syntax", head + lines[0] + lines[2] + end),
        "other-log": ("a record of another log", "syntax",
                      head + lines[0] + other.lines[1] + lines[2] + end),
        "end": ("end names one record more", "chain", head + b"".join(lines[:3]) + log.closing(1, 4)),
        "end-alone": ("end is one too many", "chain", head + b"".join(lines[:3])
                      + log.closing(1, 3).replace(b'"end":3', b'"end":4')),
        "id": ("closed over another id", "chain",
               head + b"".join(lines[:3]) + log.closing(1, 3, end=ident("x", 64))),
        "prev": ("after another record", "chain",
                 log.header(1, prev=ident("x", 64)) + b"".join(lines[:3]) + end),
        "by-worker": ("closed by a worker, not the node", "signature",
                      log.segment(1, 3, signer=WORKER)),
        "by-other": ("closed by another node", "signature", log.segment(1, 3, signer=OTHER)),
        "closing-of-less": ("the closing of a shorter segment", "chain",
                            head + b"".join(lines[:3]) + log.closing(1, 2)),
    }
    for name, (what, rule, data) in forged.items():
        put("forged", f"segment-{name}.jsonl", "segment", what, f"segment.{rule}", data, **told)


def batches(put):
    log, key = Log(NODE, LEDGER).id, hashlib.sha256(b"sample batch key").digest()
    one, two = (hashlib.sha256(word).digest()[:16] for word in (b"one", b"two"))
    first, second = compact({"title": "路灯坏了"}), compact({"title": "井盖丢了", "text": "村口"})
    items = item(4, one, first) + item(6, two, second)
    hashes = {"4": keyed_hash(one, first), "6": keyed_hash(two, second)}
    told = {"key": key.hex(), "log": log, "first": 3, "last": 6, "audience": "village",
            "hashes": hashes}

    def say(folder, name, what, rule, data, **changed):
        put(folder, f"batch-{name}.bin", "batch", what, rule, data, **{**told, **changed})

    whole, packed = batch(log, 3, 6, items, key), zlib.compress(items, 9)
    bomb = zlib.compress(b" " * ((8 << 20) + 1), 9)
    torn = compact({"a": 1})[:-1] + b',"a":2}'
    say("valid", "two", "contents of records 4 and 6", "ok", whole)
    say("valid", "township", "what is for the township alone", "ok",
        batch(log, 3, 6, items, key, b"township"), audience="township")
    say("valid", "none", "nothing, as where all of it was erased", "ok", batch(log, 3, 6, b"", key),
        hashes={})
    say("forged", "audience", "what is for the township, passed off as the village's", "content.missing",
        batch(log, 3, 6, items, key, b"township").replace(b'"township"', b'"village"'))
    bad = {
        "first": ("of another first", batch(log, 2, 6, items, key)),
        "last": ("of another last", batch(log, 3, 7, items, key)),
        "audience": ("for another audience", batch(log, 3, 6, items, key, b"hub")),
        "log": ("of another log", batch(ident("x"), 3, 6, items, key)),
        "cut": ("cut short", whole[:-1]),
        "header": ("a header alone", whole[:whole.index(b"\n") + 1]),
        "bomb": ("unpacks to 8 MiB and a byte", batch(log, 3, 6, b"", key, packed=bomb)),
        "trailing": ("something after the packed items", batch(log, 3, 6, b"", key, packed=packed + b"x")),
        "torn": ("packed items cut short", batch(log, 3, 6, b"", key, packed=packed[:-5])),
        "unpacked": ("items not packed", batch(log, 3, 6, b"", key, packed=items)),
        "missing": ("no item for record 6", batch(log, 3, 6, item(4, one, first), key)),
        "unended": ("an item without line end", batch(log, 3, 6, items[:-1], key)),
        "nothing": ("nothing", b""),
    }
    for name, (what, data) in bad.items():
        say("invalid", name, what, "content.missing", data)
    say("invalid", "twice", "a content object with a name twice", "content.hash",
        batch(log, 3, 6, item(4, one, torn) + item(6, two, second), key),
        hashes={**hashes, "4": keyed_hash(one, torn)})
    flipped = whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:]
    say("forged", "sealed", "one bit of the sealed part", "content.missing", flipped)
    say("forged", "key", "sealed with another key", "content.missing",
        batch(log, 3, 6, items, hashlib.sha256(b"another").digest()))
    say("forged", "swapped", "two contents swapped", "content.hash",
        batch(log, 3, 6, item(4, two, second) + item(6, one, first), key))
    say("forged", "words", "other words under the same content key", "content.hash",
        batch(log, 3, 6, item(4, one, compact({"title": "没坏"})) + item(6, two, second), key))


def keys(put):
    log, key = Log(NODE, LEDGER).id, hashlib.sha256(b"sample batch key").digest()
    ours, hubs = seal(NODE.box, key), seal(HUB.box, key)
    told = {"box": NODE.box_secret.hex(), "log": log, "first": 12, "audience": "village",
            "key": key.hex()}
    whole = keys_file(log, 12, {NODE.box[:16]: ours, HUB.box[:16]: hubs})
    put("valid", "keys-two.json", "keys", "sealed to two receivers", "ok", whole, **told)
    both = keys_file(log, 12, {NODE.box[:16]: ours, HUB.box[:16]: hubs}, {HUB.box[:16]: hubs})
    put("valid", "keys-both.json", "keys", "of a village's batch and the township's", "ok", both, **told)
    put("valid", "keys-township.json", "keys", "the hub's, of what is for the township alone", "ok", both,
        **{**told, "box": HUB.box_secret.hex(), "audience": "township"})
    put("forged", "keys-township.json", "keys", "a village reads with what is the township's", "keys",
        keys_file(log, 12, {NODE.box[:16]: ours}, {NODE.box[:16]: hubs}), **{**told, "audience": "township"})
    put("invalid", "keys-audience.json", "keys", "for the township, and not for us", "keys", both,
        **{**told, "audience": "township"})
    bad = {
        "others": ("not sealed to us", keys_file(log, 12, {HUB.box[:16]: hubs})),
        "wrong": ("sealed to another in our place", keys_file(log, 12, {NODE.box[:16]: hubs})),
        "short": ("a sealed key too short", keys_file(log, 12, {NODE.box[:16]: ours[:104]})),
        "canonical": ("base64 that is not canonical",
                      keys_file(log, 12, {NODE.box[:16]: ours[:-2] + "h="})),
        "log": ("of another log", keys_file(ident("x"), 12, {NODE.box[:16]: ours})),
        "first": ("of another segment", keys_file(log, 13, {NODE.box[:16]: ours})),
        "version": ("of version 2", whole.replace(b'"keys":1', b'"keys":2')),
        "unended": ("no line end", whole[:-1]),
        "order": ("members in another order",
                  b'{"log":"%s","keys":1,' % log.encode() + whole[whole.index(b'"first"'):]),
        "twice": ("one receiver twice", keys_file(log, 12, {NODE.box[:16]: ours}).replace(
            b'"to":{', b'"to":{"%s":"%s",' % (NODE.box[:16].encode(), ours.encode()))),
    }
    for name, (what, data) in bad.items():
        put("invalid", f"keys-{name}.json", "keys", what, "keys", data, **told)
    epoch = b'{"epoch":1,"log":"%s","n":%s}\n'
    for name, n in (("zero", b"0"), ("three", b"3")):
        put("valid", f"epoch-{name}.json", "epoch", f"{name} erasures", "ok",
            epoch % (log.encode(), n), log=log, n=int(n))
    for name, what, data in (
            ("less", "less than none", epoch % (log.encode(), b"-1")),
            ("log", "of another log", epoch % (ident("x").encode(), b"0")),
            ("fraction", "a fraction", epoch % (log.encode(), b"1.5")),
            ("unended", "no line end", (epoch % (log.encode(), b"0"))[:-1])):
        put("invalid", f"epoch-{name}.json", "epoch", what, "keys.epoch", data, log=log)


def acknowledgements(put):
    log, other = Log(NODE, LEDGER).id, Log(OTHER, LEDGER).id
    place, told = [7, ident("place", 64)], {"node": NODE.public}
    listed = [[3, "waiting", "author.unknown"], [5, "refused", "author.revoked"]]
    good = {
        "plain": ("nothing received yet", ack(NODE, log, 1, place)),
        "full": ("a head and two exceptions",
                 ack(NODE, log, 2**53, place, {other: [9, ident("there", 64)]}, {other: listed})),
        "none": ("nothing of a log", ack(NODE, log, 3, place, {other: [0, ident("hash", 64)]})),
        "most": ("1,000 exceptions",
                 ack(NODE, log, 4, place, {}, {other: [[n, "refused", "r" * 31]
                                                       for n in range(1, 1001)]})),
        "condition": ("what a node says of itself", ack(NODE, log, 6, place, program="0.1.0", disk="low")),
        "condition-odd": ("the same in other forms, which says nothing", ack(NODE, log, 7, place, program=[1], disk="x" * 300)),
        "later": ("a member of a newer version", ack(NODE, log, 5, place, later=[1])),
    }
    for name, (what, data) in good.items():
        put("valid", f"ack-{name}.json", "ack", what, "ok", data, **told)
    whole = ack(NODE, log, 9, place, {other: place}, {other: listed})
    raw = whole[1:whole.rindex(b',"')]
    bad = {
        "n-zero": ("n 0", ack(NODE, log, 0, place)),
        "head": ("a head that is no place", ack(NODE, log, 1, [7])),
        "heads": ("heads of a log that is none", ack(NODE, log, 1, place, {"x": place})),
        "order": ("exceptions not rising", ack(NODE, log, 1, place, {}, {other: listed[::-1]})),
        "equal": ("an exception twice", ack(NODE, log, 1, place, {}, {other: listed[:1] * 2})),
        "kind": ("an exception of another kind",
                 ack(NODE, log, 1, place, {}, {other: [[3, "lost", "x"]]})),
        "rule": ("a rule of 32 letters",
                 ack(NODE, log, 1, place, {}, {other: [[3, "waiting", "r" * 32]]})),
        "many": ("1,001 exceptions", ack(NODE, log, 1, place, {}, {
            other: [[n, "refused", "r"] for n in range(1, 1002)]})),
        "time": ("no time", ack(NODE, log, 1, place, time="now")),
        "unended": ("no line end", whole[:-1]),
        "after": ("a second line", whole + b"\n"),
        "twice": ("head twice", ack_line(raw[:-1] + b',"head":[1,"' + b"0" * 64 + b'"]}', NODE)),
    }
    for name, (what, data) in bad.items():
        put("invalid", f"ack-{name}.json", "ack", what, "ack.syntax", data, **told)
    forged = {
        "body": ("a greater head", whole.replace(b'"head":[7', b'"head":[8')),
        "signer": ("signed by another node", ack_line(raw, OTHER)),
        "n": ("a greater n", whole.replace(b'"n":9', b'"n":10')),
    }
    for name, (what, data) in forged.items():
        put("forged", f"ack-{name}.json", "ack", what, "ack.signature", data, **told)


def invitations(put):
    whole = {"invitation": 1, "township": "青山镇", "village": "河口村", "code": "HKC", "letter": "A",
             "ledger": LEDGER, "url": "ssh://hub.invalid/HKC.git", "hub": HUB.public, "box": HUB.box,
             "recovery": ident("recovery", 64), "pins": [], "word": ident("word")}
    put("valid", "invitation-whole.json", "invitation", "whole", "ok", compact(whole) + b"\n")
    longest = {**whole, "township": "镇" * 66 + "ab", "code": "x" * 8, "letter": "ABC",
               "url": "u" * 1023, "later": 1}
    put("valid", "invitation-longest.json", "invitation", "texts as long as they may be", "ok",
        compact(longest) + b"\n")
    pin = ident("pin", 64)
    https = {**whole, "url": "https://hub.invalid:8443/ledger/" + LEDGER, "pins": [pin]}
    put("valid", "invitation-https.json", "invitation", "an https road, pinned", "ok",
        compact(https) + b"\n")
    put("valid", "invitation-https-unpinned.json", "invitation", "an https road without pins", "ok",
        compact({**https, "pins": []}) + b"\n")
    put("valid", "invitation-https-longest.json", "invitation", "as many pins as there may be", "ok",
        compact({**https, "url": "https://" + "h" * (1023 - 8 - 4 * 65), "pins": [pin] * 4}) + b"\n")
    put("valid", "invitation-ssh-pinned.json", "invitation", "an ssh road, its host key pinned", "ok",
        compact({**whole, "pins": [pin]}) + b"\n")
    roads = {"five": ("five pins", {"pins": [pin] * 5}), "short": ("a short pin", {"pins": [pin[1:]]}),
             "capital": ("a pin in capitals", {"pins": [pin.upper()]}),
             "number": ("a pin that is a number", {"pins": [5]}),
             "elsewhere": ("a pin on another road", {"url": "file:///HKC.git"}),
             "inside": ("a pin in the address", {"url": https["url"] + "#" + pin}),
             "beside": ("a pin in an ssh address", {"url": whole["url"] + "#" + pin}),
             "long": ("too long with its pin", {"url": "https://" + "h" * (1023 - 8 - 64)})}
    for name, (what, change) in roads.items():
        put("invalid", f"invitation-pins-{name}.json", "invitation", what, "invitation",
            compact({**https, **change}) + b"\n")
    changes = {"township": "镇" * 67, "village": "", "code": "x" * 9, "letter": "a", "ledger": "00",
               "url": "u" * 1024, "hub": HUB.public.upper(), "box": 5, "recovery": "",
               "pins": "none", "word": ident("word") + "00", "invitation": 2}
    for name, value in changes.items():
        put("invalid", f"invitation-{name}.json", "invitation", f"another {name}", "invitation",
            compact({**whole, name: value}) + b"\n")
    for name in whole:
        left = {member: value for member, value in whole.items() if member != name}
        put("invalid", f"invitation-without-{name}.json", "invitation", f"no {name}", "invitation",
            compact(left) + b"\n")


def paths(put):
    good = [[1, "jsonl", "1/1.jsonl"], [7, "village", "1/7.village"], [10, "json", "2/1/10.json"],
            [1234, "jsonl", "4/1/2/3/1234.jsonl"], [99999, "jsonl", "5/9/9/9/9/99999.jsonl"],
            [2**53, "json", "16/9/0/0/7/1/9/9/2/5/4/7/4/0/9/9/9007199254740992.json"]]
    put("valid", "paths.json", "paths", "first, ending, path", "ok", compact(good) + b"\n")
    bad = ["", "1", "1.jsonl", "1/0.jsonl", "1/01.jsonl", "2/10.jsonl", "2/1/10", "2/1/10.", "2/1//10.json",
           "/2/1/10.json", "./2/1/10.json", "2/1/../1/10.json", "2/2/10.json", "3/1/10.json",
           "2/1/10.JSON", "2/1/10.js0n", "2/1/10.json/", "2/1/10.a.json", "02/1/10.json",
           "1/7.abcdefghijklmnopq", "17/9/9/9/9/9/9/9/9/9/9/9/9/9/9/9/9/99999999999999999.json",
           "16/9/0/0/7/1/9/9/2/5/4/7/4/0/9/9/9007199254740993.json", "1/-7.json", "ack.json"]
    put("invalid", "paths.json", "paths", "none of these is a path of ours", "paths",
        compact(bad) + b"\n")
