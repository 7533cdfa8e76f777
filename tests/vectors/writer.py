"""Writes what sync/FORMAT.md describes, for test vectors: keys from fixed words, nothing random.

Sample data alone: no key here belongs to anyone.
"""
import base64
import hashlib
import hmac
import json
import zlib

from nacl import bindings, signing


def digest(*lines):
    return hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class Key:
    """A signing and a box key pair made from a word."""

    def __init__(self, word):
        seed = hashlib.sha256(b"yizhan sample key " + word.encode()).digest()
        self.signing = signing.SigningKey(seed)
        self.public = bytes(self.signing.verify_key).hex()
        self.box_secret = hashlib.sha256(b"yizhan sample box " + word.encode()).digest()
        self.box = bindings.crypto_scalarmult_base(self.box_secret).hex()

    def hash(self):
        """What is pinned of a recovery key."""
        return hashlib.sha256(bytes.fromhex(self.public)).hexdigest()

    def sign(self, *lines):
        message = "".join(line + "\n" for line in lines).encode()
        return base64.b64encode(self.signing.sign(message).signature).decode()


def ident(word, digits=32):
    """A sample incarnation, ledger id or word."""
    return digest("yizhan sample id", word)[:digits]


class Log:
    """One log being written; expect collects what must be said of each record."""

    def __init__(self, node, ledger, incarnation="first"):
        self.node, self.ledger, self.incarnation = node, ledger, ident(incarnation)
        self.hash = digest("yizhan-log-v1", node.public, self.incarnation, ledger)
        self.id = self.hash[:32]
        self.lines, self.ids, self.expect = [], [self.hash], []
        self.clock = 1_700_000_000_000

    def record(self, author, kind, log=None, seq=None, **members):
        """A record object for the log's end, as bytes."""
        self.clock += 1000
        head = '{"v":1,"log":"%s","seq":%d,"by":"%s",' % (
            log or self.id, seq or len(self.ids), author.public)
        rest = {"hlc": [self.clock, 0], "type": kind, **members}
        return head.encode() + compact(rest)[1:]

    def add(self, author, kind, expect="ok", **members):
        return self.add_raw(self.record(author, kind, **members), author, expect)

    def add_raw(self, raw, author, expect="ok", signature=None):
        """Chains and signs these bytes; signature: another one in its place."""
        name = hashlib.sha256(b"yizhan-record-v1\n" + self.ids[-1].encode() + b"\n" + raw).hexdigest()
        signature = signature or author.sign("yizhan-sign-record-v1", name)
        self.lines.append(b"[" + raw + b',"' + signature.encode() + b'"]\n')
        self.ids.append(name)
        self.expect.append(expect)
        return self

    def begin(self, hub, expect="ok", continues=(), **changed):
        members = {"node": self.node.public, "box": self.node.box, "incarnation": self.incarnation,
                   "ledger": self.ledger, "hub": hub, "letter": "A", "continues": list(continues),
                   **changed}
        return self.add(self.node, "log.begin", expect, **members)

    def join(self, word, hub, workers, expect="ok", old=(), mac=None, listed=None):
        """node.join, and the worker.add records that belong to it."""
        keys = [worker.public for worker in workers]
        mac = mac or join_mac(word, self.node.public, self.id, hub, keys)
        self.add(self.node, "node.join", expect, mac=mac, workers=listed or keys, old=list(old))
        for worker in workers:
            self.add(self.node, "worker.add", expect, worker=worker.public)
        return self

    def succeed(self, key, of, until, expect="ok", author=None, claims=None, ledger=None, box=None,
                signed_of=None, signed_until=None, signed_for=None, **more):
        """hub.successor, signed with key; the named arguments say what was signed instead."""
        log = signed_for or self
        sig = key.sign(*successor_text(ledger or log.ledger, signed_of or of, log.node.public,
                                       box or log.node.box, log.id,
                                       until if signed_until is None else signed_until))
        return self.add(author or self.node, "hub.successor", expect, of=of,
                        recovery=claims or key.public, until=until, sig=sig, **more)

    def grant(self, author, node, workers, expect="ok", **more):
        return self.add(author, "roster.grant", expect, node=node.public,
                        workers=[worker.public for worker in workers], **more)

    def revoke(self, author, node, workers, until, expect="ok"):
        return self.add(author, "roster.revoke", expect, node=node.public,
                        workers=[worker.public for worker in workers], until=list(until))

    def place(self, seq=None):
        seq = len(self.lines) if seq is None else seq
        return [self.id, seq, self.ids[seq]]

    def header(self, first, prev=None):
        return b'{"segment":1,"log":"%s","first":%d,"prev":"%s"}\n' % (
            self.id.encode(), first, (prev or self.ids[first - 1]).encode())

    def closing(self, first, last, signer=None, end=None):
        end = end or self.ids[last]
        signature = (signer or self.node).sign("yizhan-sign-segment-v1", self.id, str(first),
                                               self.ids[first - 1], str(last), end)
        return b'{"end":%d,"id":"%s","sig":"%s"}\n' % (last, end.encode(), signature.encode())

    def segment(self, first=1, last=None, signer=None):
        last = last or len(self.lines)
        return self.header(first) + b"".join(self.lines[first - 1:last]) \
            + self.closing(first, last, signer)


def join_mac(word, node, log, hub, workers):
    listed = digest("yizhan-workers-v1", *workers)
    message = "".join(part + "\n" for part in ("yizhan-join-v1", node, log, hub, listed))
    return hmac.new(bytes.fromhex(word), message.encode(), hashlib.sha256).hexdigest()


def successor_text(ledger, of, node, box, log, until):
    listed = digest("yizhan-until-v1", *(f"{name} {seq} {ident}" for name, seq, ident in until))
    return "yizhan-sign-successor-v1", ledger, of, node, box, log, listed


def keyed_hash(key, content):
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def item(seq, key, content):
    return b'[%d,"%s",%s]\n' % (seq, key.hex().encode(), content)


def batch(log, first, last, items, key, audience=b"village", packed=None):
    header = b'{"batch":1,"log":"%s","first":%d,"last":%d,"audience":"%s"}\n' % (
        log.encode(), first, last, audience)
    nonce = hashlib.sha256(b"yizhan sample nonce").digest()[:24]
    packed = zlib.compress(items, 9) if packed is None else packed
    sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(packed, header, nonce, key)
    return header + nonce + sealed


def seal(box, message):
    """A sealed box whose passing key is a sample one, so that the bytes are the same each time."""
    passing = Key("passing")
    nonce = hashlib.blake2b(bytes.fromhex(passing.box) + bytes.fromhex(box), digest_size=24).digest()
    sealed = bindings.crypto_box(message, nonce, bytes.fromhex(box), passing.box_secret)
    return base64.b64encode(bytes.fromhex(passing.box) + sealed).decode()


def keys_file(log, first, wrapped, township=None):
    batches = {"village": {"to": wrapped}}
    if township is not None:
        batches["township"] = {"to": township}
    return b'{"keys":1,"log":"%s","first":%d,"batches":' % (log.encode(), first) \
        + compact(batches) + b"}\n"


def ack(node, log, n, head, heads=None, exceptions=None, time=1_700_000_000_000, **more):
    raw = b'{"ack":1,"log":"%s","n":%d,' % (log.encode(), n) + compact(
        {"time": time, "head": head, "heads": heads or {}, "except": exceptions or {}, **more})[1:]
    return ack_line(raw, node)


def ack_line(raw, node):
    signature = node.sign("yizhan-sign-ack-v1", hashlib.sha256(raw).hexdigest())
    return b"[" + raw + b',"' + signature.encode() + b'"]\n'
