"""Writes what the program never would, with keys out of a copy of a node's store:
the other side of FORMAT.md, made from its words alone. Used by attacks.sh, lying.sh
and future.sh."""
import base64
import hashlib
import hmac
import json
import os
import sqlite3
import subprocess
import time
import zlib

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt
from nacl.public import PublicKey, SealedBox
from nacl.signing import SigningKey


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def path_of(first, ending):
    digits = str(first)
    return "/".join([str(len(digits)), *digits[:-1], digits]) + "." + ending


def log_hash(node, incarnation, ledger):
    return sha(b"yizhan-log-v1\n", f"{node}\n{incarnation}\n{ledger}\n".encode())


class Key:
    """A signing key, a worker's or a node's."""

    def __init__(self, seed=None):
        self.key = SigningKey(seed or os.urandom(32))
        self.hex = bytes(self.key.verify_key).hex()

    def sign(self, *parts):
        return base64.b64encode(self.key.sign(b"".join(parts)).signature).decode()

    def ssh_file(self, path):
        """The same key as ssh-keygen keeps one, for git to sign commits with."""
        def field(*items):
            return b"".join(len(i).to_bytes(4, "big") + i for i in items)
        public = bytes(self.key.verify_key)
        blob = field(b"ssh-ed25519", public)
        private = b"\0\0\0\1\0\0\0\1" + field(
            b"ssh-ed25519", public, bytes(self.key) + public, b"")
        private += bytes(range(1, 1 + -len(private) % 8))
        whole = (b"openssh-key-v1\0" + field(b"none", b"none", b"") + b"\0\0\0\1" +
                 field(blob, private))
        text = base64.encodebytes(whole).decode()
        with open(path, "w", opener=lambda p, f: os.open(p, f, 0o600)) as out:
            out.write("-----BEGIN OPENSSH PRIVATE KEY-----\n" + text +
                      "-----END OPENSSH PRIVATE KEY-----\n")


class Store:
    """What a node holds, read from a copy of its store."""

    def __init__(self, path):
        self.db = sqlite3.connect(path)

    def secret(self, name):
        return self.one("SELECT value FROM secret WHERE name=?", name)

    def node(self):
        return Key(self.secret("node.seed"))

    def worker(self):
        return Key(self.one("SELECT sealed FROM worker WHERE locked=0 ORDER BY n LIMIT 1"))

    def one(self, sql, *args):
        return self.db.execute(sql, args).fetchone()[0]

    def head(self, log):
        return self.db.execute("SELECT head_seq, head_id FROM log WHERE id=?",
                               (bytes.fromhex(log),)).fetchone()


class Log:
    """A log in the making, from a place on."""

    def __init__(self, log, seq, last, node):
        self.log, self.seq, self.last, self.node = log, seq, last, node
        self.begin()

    def begin(self):
        self.first, self.prev, self.lines, self.items = self.seq + 1, self.last, [], []

    def add(self, by, rest, content=None, version=1, sign=True):
        """One record. rest: its members after `by`. content: sealed in the batch."""
        rest = dict(rest)
        self.seq += 1
        if content is not None:
            key, words = os.urandom(16), compact(content)
            digest = hmac.new(key, words, "sha256").hexdigest()
            rest["content"] = {"village": digest}
            self.items.append(b'[%d,"%s",%s]\n' % (self.seq, key.hex().encode(), words))
        head = b'{"v":%d,"log":"%s","seq":%d,"by":"%s",' % (
            version, self.log.encode(), self.seq, by.hex.encode())
        record = head + compact(rest)[1:]
        self.last = sha(b"yizhan-record-v1\n", self.last.hex().encode(), b"\n", record)
        said = self.last.hex().encode() if sign else b"0" * 64
        signature = by.sign(b"yizhan-sign-record-v1\n", said, b"\n")
        self.lines.append(b"[" + record + b',"' + signature.encode() + b'"]\n')
        return self.last.hex()

    def segment(self, version=1):
        out = b'{"segment":%d,"log":"%s","first":%d,"prev":"%s"}\n' % (
            version, self.log.encode(), self.first, self.prev.hex().encode())
        out += b"".join(self.lines)
        signature = self.node.sign(
            b"yizhan-sign-segment-v1\n",
            f"{self.log}\n{self.first}\n{self.prev.hex()}\n{self.seq}\n{self.last.hex()}\n".encode())
        return out + b'{"end":%d,"id":"%s","sig":"%s"}\n' % (
            self.seq, self.last.hex().encode(), signature.encode())

    def batch(self, receivers):
        """The batch file and its keys file, wrapped to these box keys."""
        key, nonce = os.urandom(32), os.urandom(24)
        header = b'{"batch":1,"log":"%s","first":%d,"last":%d,"audience":"village"}\n' % (
            self.log.encode(), self.first, self.seq)
        sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(
            zlib.compress(b"".join(self.items)), header, nonce, key)
        wrapped = {r.hex()[:16]: base64.b64encode(SealedBox(PublicKey(r)).encrypt(key)).decode()
                   for r in receivers}
        keys = compact({"keys": 1, "log": self.log, "first": self.first,
                        "batches": {"village": {"to": wrapped}}}) + b"\n"
        return header + nonce + sealed, keys

    def files(self, receivers):
        """Files for log/ and for keys/, of the segment so far; the next one begins."""
        log, keys = {path_of(self.first, "jsonl"): self.segment()}, {}
        if self.items:
            log[path_of(self.first, "village")], keys[path_of(self.first, "json")] = \
                self.batch(receivers)
        self.begin()
        return log, keys


def git(repository, *args, data=None, env=None):
    return subprocess.run(["git", "-C", repository, *args], input=data, check=True,
                          stdout=subprocess.PIPE,
                          env={**os.environ, **(env or {})}).stdout


def commit(repository, ref, files, ssh_key=None, message="records\n", parent="", mode="100644",
           name="0123456789abcdef"):
    """Adds (None: removes) files on top of a branch, with plain git; moves the branch.
    parent: "" the branch's tip, None none."""
    index = os.path.join(repository, "forged.index")
    env = {"GIT_INDEX_FILE": os.path.abspath(index)}
    for who in ("AUTHOR", "COMMITTER"):
        env |= {f"GIT_{who}_NAME": "yizhan", f"GIT_{who}_EMAIL": f"{name}@yizhan.invalid",
                f"GIT_{who}_DATE": f"{int(time.time())} +0000"}
    if parent == "":
        tip = subprocess.run(["git", "-C", repository, "rev-parse", "-q", "--verify", ref],
                             stdout=subprocess.PIPE, check=False).stdout.decode().strip()
        parent = tip or None
    git(repository, "read-tree", parent if parent else "--empty", env=env)
    lines = []
    for path, data in files.items():
        oid = data if mode == "160000" or data is None else git(
            repository, "hash-object", "-w", "--stdin", data=data).decode().strip()
        lines.append(f"{mode} {oid}\t{path}\n" if oid else f"0 {'0' * 40}\t{path}\n")
    git(repository, "update-index", "--index-info", data="".join(lines).encode(), env=env)
    tree = git(repository, "write-tree", env=env).decode().strip()
    sign = ["-c", "gpg.format=ssh", "-c", f"user.signingkey={os.path.abspath(ssh_key)}"] if ssh_key else []
    made = git(repository, *sign, "commit-tree", *(["-S"] if ssh_key else []),
               *(["-p", parent] if parent else []), tree, data=message.encode(), env=env)
    os.unlink(index)
    oid = made.decode().strip()
    git(repository, "update-ref", ref, oid)
    return oid
