"""Reads the forms of sync/FORMAT.md, sections 1 to 8 and 12: bytes in, values out, or Refused.

Every reader looks at sizes and form first, at signatures second, and parses last.
"""
import base64
import binascii
import hashlib
import hmac
import json
import re
import zlib
from dataclasses import dataclass, field

from nacl import bindings, exceptions, signing

RECORD_MAX = 64 << 10
CONTENT_MAX = 1 << 20
FILE_MAX = 4 << 20
UNPACKED_MAX = 8 << 20
ACK_MAX = 256 << 10
KEYS_MAX = 64 << 10
INVITATION_MAX = 16 << 10
RECORDS_MAX = 100
HEADS_MAX = 64
AUDIENCES_MAX = 4
EXCEPTIONS_MAX = 1000
NUMBER_MAX = 2**53

HEX32, HEX64 = rb"([0-9a-f]{32})", rb"([0-9a-f]{64})"
SEQ, SIG = rb"([1-9][0-9]{0,15})", rb"([A-Za-z0-9+/]{86}==)"
NAME = rb"([a-z]{1,16})"

RECORD = re.compile(rb'\{"v":1,"log":"' + HEX32 + rb'","seq":' + SEQ + rb',"by":"' + HEX64
                    + rb'",[^\n]*\}')
RECORD_LINE = re.compile(rb'\[(\{[^\n]*\}),"' + SIG + rb'"\]\n')
HEADER = re.compile(rb'\{"segment":1,"log":"' + HEX32 + rb'","first":' + SEQ + rb',"prev":"'
                    + HEX64 + rb'"\}\n')
CLOSING = re.compile(rb'\{"end":' + SEQ + rb',"id":"' + HEX64 + rb'","sig":"' + SIG + rb'"\}\n')
BATCH = re.compile(rb'\{"batch":1,"log":"' + HEX32 + rb'","first":' + SEQ + rb',"last":' + SEQ
                   + rb',"audience":"' + NAME + rb'"\}\n')
ITEM = re.compile(rb"\[" + SEQ + rb',"' + HEX32 + rb'",(\{[^\n]*\})\]\n')
KEYS = re.compile(rb'\{"keys":1,"log":"' + HEX32 + rb'","first":' + SEQ
                  + rb',"batches":\{[^\n]*\}\}\n')
ACK_LINE = re.compile(rb'\[(\{"ack":1,"log":"' + HEX32 + rb'","n":' + SEQ + rb',[^\n]*\}),"'
                      + SIG + rb'"\]\n')
PATH = re.compile(r"(?:[0-9]+/)+([1-9][0-9]{0,15})\.([a-z]{1,16})")
EPOCH = re.compile(rb'\{"epoch":1,"log":"' + HEX32 + rb'","n":(0|[1-9][0-9]{0,15})\}\n')
OTHER = rb":(?:[2-9]|[1-9][0-9]{1,15}),"
NEWER, NEWER_RECORD = re.compile(rb'\{"segment"' + OTHER), re.compile(rb'\[\{"v"' + OTHER)


class Refused(Exception):
    """What came does not count: the rule it breaks, and in what way."""

    def __init__(self, rule, why):
        super().__init__(f"{rule}: {why}")
        self.rule, self.why = rule, why


def need(holds, rule, why):
    if not holds:
        raise Refused(rule, why)


def sha(*parts):
    return hashlib.sha256("".join(p + "\n" for p in parts).encode()).hexdigest()


# --- JSON (§1) ---

def scan(text, rule):
    """Nesting, before a parser may recurse over the text."""
    depth, inside, escaped = 0, False, False
    for byte in text:
        if inside:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                inside = False
        elif byte == 0x22:
            inside = True
        elif byte in b"[{":
            depth += 1
            need(depth <= 8, rule, "nested too deep")
        elif byte in b"]}":
            depth -= 1


def good_string(text, rule):
    for char in text:
        code = ord(char)
        need(not 0xD800 <= code <= 0xDFFF, rule, "a surrogate alone")
        need(char in "\n\t" or (code >= 0x20 and not 0x7F <= code <= 0x9F), rule,
             "a control character")


def good_object(pairs, rule):
    names = [name for name, _ in pairs]
    need(len(set(names)) == len(names), rule, "a name twice")
    for name in names:
        need(all(" " <= char <= "~" for char in name), rule, "a name that is not ASCII")
    return dict(pairs)


def good_integer(text, rule):
    need(len(text) <= 17 and abs(int(text)) <= NUMBER_MAX, rule, "a number too large")
    return int(text)


def no_fraction(text, rule):
    raise Refused(rule, f"{text[:20]} is no integer")


def good_values(value, rule):
    if isinstance(value, str):
        good_string(value, rule)
    elif isinstance(value, (list, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            good_values(inner, rule)
    return value


def read_json(raw, rule, most):
    need(len(raw) <= most, rule, "too large")
    scan(raw, rule)
    try:
        value = json.loads(raw.decode("utf-8"),
                           object_pairs_hook=lambda pairs: good_object(pairs, rule),
                           parse_int=lambda text: good_integer(text, rule),
                           parse_float=lambda text: no_fraction(text, rule),
                           parse_constant=lambda text: no_fraction(text, rule))
    except (ValueError, RecursionError) as error:
        raise Refused(rule, f"not JSON: {error}") from None
    return good_values(value, rule)


def is_hex(value, digits):
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{%d}" % digits, value) is not None


def is_number(value, least=0, most=NUMBER_MAX):
    return type(value) is int and least <= value <= most


def is_place(value):
    """[seq, id]"""
    return (isinstance(value, list) and len(value) == 2 and is_number(value[0])
            and is_hex(value[1], 64))


def is_far_place(value):
    """[log, seq, id]"""
    return isinstance(value, list) and len(value) == 3 and is_hex(value[0], 32) \
        and is_place(value[1:])


# --- keys and signatures (§2) ---

def unbase64(text, rule):
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(rule, "not base64") from None
    text = text.encode() if isinstance(text, str) else text
    need(base64.b64encode(value) == text, rule, "base64 that is not canonical")
    return value


def signed(key, signature, *lines):
    message = "".join(line + "\n" for line in lines).encode()
    try:
        signing.VerifyKey(bytes.fromhex(key)).verify(message, signature)
    except (exceptions.CryptoError, ValueError, TypeError):
        return False
    return True


def log_hash(node, incarnation, ledger):
    return sha("yizhan-log-v1", node, incarnation, ledger)


# --- records and segments (§4, §5) ---

@dataclass
class Record:
    raw: bytes
    log: str
    seq: int
    by: str
    sig: bytes
    id: str
    members: dict = field(default_factory=dict)

    def check(self):
        """The author's signature, then what the record says."""
        if self.members:
            return self
        need(signed(self.by, self.sig, "yizhan-sign-record-v1", self.id), "record.signature",
             "not signed by its author")
        members = read_json(self.raw, "record.syntax", RECORD_MAX)
        check_members(members)
        self.members = members
        return self


def check_members(m):
    rule = "record.syntax"
    hlc = m.get("hlc")
    need(isinstance(hlc, list) and len(hlc) == 2 and is_number(hlc[0])
         and is_number(hlc[1], 0, 2**20 - 1), rule, "hlc is no stamp")
    need(isinstance(m.get("type"), str) and re.fullmatch(r"[a-z.-]{1,40}", m["type"]), rule,
         "type is no name")
    need("case" not in m or is_hex(m["case"], 64), rule, "case is no id")
    if "heads" in m:
        heads = m["heads"]
        need(isinstance(heads, list) and len(heads) <= HEADS_MAX, rule, "heads are no short array")
        need(all(is_hex(head, 64) for head in heads), rule, "a head is no id")
        need(len(set(heads)) == len(heads), rule, "a head twice")
    if "content" in m:
        content = m["content"]
        need(isinstance(content, dict) and len(content) <= AUDIENCES_MAX, rule,
             "content is no small object")
        need(all(re.fullmatch(r"[a-z]{1,16}", name) for name in content), rule,
             "an audience's name is none")
        need(all(is_hex(value, 64) for value in content.values()), rule, "a keyed hash is none")


def read_record(line, prev, rule="segment.syntax"):
    """One record line, with the id before it. Its signature is left to check()."""
    need(not NEWER_RECORD.match(line), "segment.version", "a record of a newer version")
    form = RECORD_LINE.fullmatch(line)
    need(form, rule, "a line that is no record line")
    raw = form[1]
    need(len(raw) <= RECORD_MAX, rule, "a record too large")
    head = RECORD.fullmatch(raw)
    need(head, rule, "a record that does not begin as it must")
    seq = int(head[2])
    need(seq <= NUMBER_MAX, rule, "a seq too large")
    sig = unbase64(form[2], rule)
    digest = hashlib.sha256(b"yizhan-record-v1\n" + prev.encode() + b"\n" + raw).hexdigest()
    return Record(raw, head[1].decode(), seq, head[3].decode(), sig, digest)


@dataclass
class Segment:
    log: str
    first: int
    prev: str
    end: int
    id: str
    sig: bytes
    records: list

    def check_closing(self, node):
        need(signed(node, self.sig, "yizhan-sign-segment-v1", self.log, str(self.first), self.prev,
                    str(self.end), self.id), "segment.signature", "not closed by the log's node")


def read_segment(data):
    """Form and chain. The closing signature is left to check_closing()."""
    rule = "segment.syntax"
    need(len(data) <= FILE_MAX, rule, "too large")
    need(not NEWER.match(data), "segment.version", "of a newer version")
    lines = split_lines(data)
    need(3 <= len(lines) <= RECORDS_MAX + 2, rule, "not 1 to 100 records")
    header, closing = HEADER.fullmatch(lines[0]), CLOSING.fullmatch(lines[-1])
    need(header, rule, "no header")
    need(closing, rule, "no closing")
    log, first, prev = header[1].decode(), int(header[2]), header[3].decode()
    end, last_id, sig = int(closing[1]), closing[2].decode(), unbase64(closing[3], rule)
    records, before = [], prev
    for place, line in enumerate(lines[1:-1]):
        record = read_record(line, before)
        need(record.log == log, rule, "a record of another log")
        need(record.seq == first + place, rule, "a seq that is not one more than the last")
        records.append(record)
        before = record.id
    need(end == records[-1].seq and last_id == before, "segment.chain", "end is not the chain's")
    return Segment(log, first, prev, end, last_id, sig, records)


def split_lines(data):
    parts = data.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


# --- batches and keys (§6, §7) ---

@dataclass
class BatchHeader:
    log: str
    first: int
    last: int
    audience: str
    raw: bytes
    sealed: bytes


def read_batch(data, rule="content.missing"):
    need(len(data) <= FILE_MAX, rule, "a batch too large")
    header = BATCH.match(data)
    need(header, rule, "a batch without its header")
    need(len(data) - header.end() >= 24 + 16, rule, "a batch cut short")
    return BatchHeader(header[1].decode(), int(header[2]), int(header[3]), header[4].decode(),
                       header[0], data[header.end():])


def open_batch(batch, key, rule="content.missing"):
    """The batch's items: seq → (content key, content object's bytes)."""
    nonce, sealed = batch.sealed[:24], batch.sealed[24:]
    try:
        packed = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, batch.raw, nonce, key)
    except exceptions.CryptoError:
        raise Refused(rule, "the batch does not open") from None
    inflate = zlib.decompressobj()
    try:
        text = inflate.decompress(packed, UNPACKED_MAX + 1)
    except zlib.error:
        raise Refused(rule, "the batch is not packed as it must be") from None
    need(len(text) <= UNPACKED_MAX and inflate.eof and not inflate.unused_data, rule,
         "the batch unpacks to too much, or not at its end")
    items, last = {}, 0
    for line in split_lines(text):
        item = ITEM.fullmatch(line)
        need(item and len(item[3]) <= CONTENT_MAX, rule, "a line that is no item")
        seq = int(item[1])
        need(max(last + 1, batch.first) <= seq <= batch.last, rule, "an item out of place")
        items[seq], last = (bytes.fromhex(item[2].decode()), item[3]), seq
    return items


def check_item(items, seq, keyed_hash):
    need(seq in items, "content.missing", "the batch has no item for this record")
    key, content = items[seq]
    need(hmac.compare_digest(hmac.new(key, content, hashlib.sha256).hexdigest(), keyed_hash),
         "content.hash", "the content is not what the record says")
    read_json(content, "content.hash", CONTENT_MAX)


def read_keys(data, rule="keys"):
    """log, first, and audience → short name → sealed batch key."""
    need(len(data) <= KEYS_MAX, rule, "too large")
    form = KEYS.fullmatch(data)
    need(form, rule, "not a keys file")
    value = read_json(data[:-1], rule, KEYS_MAX)
    need(set(value) == {"keys", "log", "first", "batches"}, rule, "a member that is not known")
    found = {}
    for audience, wrapped in value["batches"].items():
        need(re.fullmatch(r"[a-z]{1,16}", audience), rule, "an audience's name is none")
        need(isinstance(wrapped, dict) and isinstance(wrapped.get("to"), dict), rule,
             "a batch's keys are no object")
        found[audience] = {}
        for short, sealed in wrapped["to"].items():
            need(is_hex(short, 16) and isinstance(sealed, str) and sealed.isascii(), rule,
                 "a receiver is none")
            found[audience][short] = unbase64(sealed, rule)
            need(len(found[audience][short]) == 80, rule, "a sealed key of another length")
    return form[1].decode(), int(form[2]), found


def unwrap(wrapped, box_secret):
    """The batch key sealed to this box key, or None."""
    public = bindings.crypto_scalarmult_base(box_secret)
    sealed = wrapped.get(public.hex()[:16])
    if sealed is None:
        return None
    try:
        return bindings.crypto_box_seal_open(sealed, public, box_secret)
    except exceptions.CryptoError:
        return None


def read_epoch(data, log, rule="keys.epoch"):
    form = EPOCH.fullmatch(data)
    need(form and form[1].decode() == log and int(form[2]) <= NUMBER_MAX, rule, "no epoch")
    return int(form[2])


# --- acknowledgements and invitations (§8, §12) ---

@dataclass
class Ack:
    log: str
    n: int
    raw: bytes
    sig: bytes
    members: dict = field(default_factory=dict)

    def check(self, node, rule="ack.syntax"):
        digest = hashlib.sha256(self.raw).hexdigest()
        need(signed(node, self.sig, "yizhan-sign-ack-v1", digest), "ack.signature",
             "not signed by the node of its log")
        self.members = read_json(self.raw, rule, ACK_MAX)
        check_ack(self.members, rule)
        return self


def check_ack(m, rule):
    need(is_number(m.get("time")), rule, "time is none")
    need(is_place(m.get("head")), rule, "head is no place")
    heads, exceptions_by_log = m.get("heads"), m.get("except")
    need(isinstance(heads, dict) and isinstance(exceptions_by_log, dict), rule,
         "heads or except is no object")
    need(all(is_hex(log, 32) and is_place(place) for log, place in heads.items()), rule,
         "a head is no place")
    total = 0
    for log, entries in exceptions_by_log.items():
        need(is_hex(log, 32) and isinstance(entries, list), rule, "an exception is none")
        total += len(entries)
        last = 0
        for entry in entries:
            need(isinstance(entry, list) and len(entry) == 3 and is_number(entry[0], last + 1)
                 and entry[1] in ("waiting", "refused") and isinstance(entry[2], str)
                 and len(entry[2].encode()) <= 31, rule,
                 "an exception is none")
            last = entry[0]
    need(total <= EXCEPTIONS_MAX, rule, "too many exceptions")


def read_ack(line, rule="ack.syntax"):
    need(len(line) <= ACK_MAX, rule, "too large")
    form = ACK_LINE.fullmatch(line)
    need(form and int(form[3]) <= NUMBER_MAX, rule, "not an acknowledgement")
    return Ack(form[2].decode(), int(form[3]), form[1], unbase64(form[4], rule))


def read_invitation(data, rule="invitation"):
    need(len(data) <= INVITATION_MAX, rule, "too large")
    value = read_json(data, rule, INVITATION_MAX)
    need(isinstance(value, dict) and value.get("invitation") == 1, rule, "no invitation")
    for name, most in (("township", 200), ("village", 200), ("code", 8), ("letter", 3),
                       ("url", 1023)):
        need(isinstance(value.get(name), str) and 0 < len(value[name].encode()) <= most, rule,
             f"{name} is no text of this length")
    need(re.fullmatch("[A-Z]+", value["letter"]), rule, "letter is none")
    for name, digits in (("ledger", 32), ("hub", 64), ("box", 64), ("recovery", 64), ("word", 32)):
        need(is_hex(value.get(name), digits), rule, f"{name} is not {digits} hex digits")
    pins, server = value.get("pins"), value["url"].startswith(("https://", "ssh://"))
    need(isinstance(pins, list) and len(pins) <= 4 and all(is_hex(p, 64) for p in pins), rule,
         "pins are no array of at most four hashes")
    need(server or not pins, rule, "pins where there is no server")
    need(not server or "#" not in value["url"], rule, "pins in the address")
    need(len(value["url"].encode()) + 65 * len(pins) <= 1023, rule, "address and pins are too long")
    return value


def join_mac(word, node, log, hub, workers):
    listed = sha("yizhan-workers-v1", *workers)
    message = "".join(part + "\n" for part in ("yizhan-join-v1", node, log, hub, listed))
    return hmac.new(bytes.fromhex(word), message.encode(), hashlib.sha256).hexdigest()


def successor_holds(m, begin, log, recovery):
    """Is a hub.successor signed with the recovery key of this hash, for the log that begins so?"""
    if sha_of_key(m["recovery"]) != recovery:
        return False
    until = sha("yizhan-until-v1", *(f"{name} {seq} {ident}" for name, seq, ident in m["until"]))
    try:
        signature = base64.b64decode(m["sig"], validate=True)
    except (binascii.Error, ValueError):
        return False
    return base64.b64encode(signature).decode() == m["sig"] and signed(
        m["recovery"], signature, "yizhan-sign-successor-v1", begin["ledger"], m["of"],
        begin["node"], begin["box"], log, until)


def sha_of_key(key):
    return hashlib.sha256(bytes.fromhex(key)).hexdigest()


def path_of(first, ending):
    digits = str(first)
    return "/".join([str(len(digits)), *digits[:-1], digits + ending])


def keys_place_of(path, log, rule="commit.tree"):
    """In keys/: whose segment's keys stand at a path, and its first; another's are below its id."""
    form = re.fullmatch(r"([0-9a-f]{32})/(.*)", path)
    need(not form or form[1] != log, rule, f"{path} is below its own log's id")
    first, ending = place_of(form[2] if form else path, rule)
    need(ending == "json", rule, f"{path} is none of this branch")
    return form[1] if form else log, first


def place_of_other(path, log, rule="commit.tree"):
    """In log/: another log, the first and audience of the batch that takes its batch's place."""
    form = re.fullmatch(r"([0-9a-f]{32})/(.*)", path)
    need(form and form[1] != log, rule, f"{path} is not below another log's id")
    first, ending = place_of(form[2], rule)
    need(not ending.startswith("json"), rule, f"{path} is no batch")
    return form[1], first, ending


def place_of(path, rule="commit.tree"):
    """first and ending of a path of ours."""
    form = PATH.fullmatch(path)
    need(form and int(form[1]) <= NUMBER_MAX and path == path_of(int(form[1]), "." + form[2]), rule,
         f"{path} is no path of ours")
    return int(form[1]), form[2]
