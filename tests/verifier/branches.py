"""Walks a ledger's git repository by sync/FORMAT.md, sections 7, 9, 10 and 11."""
import base64
import hashlib
import json
import os
import re
import subprocess
import tempfile

from nacl import bindings

from forms import (ACK_MAX, FILE_MAX, KEYS_MAX, Refused, check_item, is_hex, keys_place_of, need,
                   open_batch, path_of, place_of, place_of_other, read_ack, read_batch, read_epoch, read_keys, read_segment, unwrap)
from ledger import peek

REF = re.compile(r"refs/heads/(log|keys|files)/([0-9a-f]{32})")
ENVIRONMENT = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "HOME": "/nonexistent",
               "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}
COMMIT = re.compile(
    rb"tree [0-9a-f]+\n(?:parent ([0-9a-f]+)\n)?"
    rb"author yizhan <([0-9a-f]{16})@yizhan\.invalid> [0-9]+ \+0000\n"
    rb"committer yizhan <([0-9a-f]{16})@yizhan\.invalid> [0-9]+ \+0000\n"
    rb"gpgsig -----BEGIN SSH SIGNATURE-----\n(?: [^\n]*\n)+"
    rb"\n(records|batch|keys|acknowledgement|pieces)(?: ([0-9]+)(?:-([0-9]+))?)?\n")


def allowed_signer(node):
    blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + bytes.fromhex(node)
    return (f'{node[:16]}@yizhan.invalid namespaces="git" ssh-ed25519 '
            f"{base64.b64encode(blob).decode()}\n")


class Repository:
    def __init__(self, path):
        self.path = path

    def git(self, *arguments, fails=False):
        done = subprocess.run(["git", "--git-dir", self.path, *arguments], env=ENVIRONMENT,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode and not fails:
            raise SystemExit(f"git {arguments[0]}: {done.stderr.decode(errors='replace')}")
        return done

    def tips(self, findings):
        """(log, keys or files, log id) → commit"""
        found = {}
        for line in self.git("for-each-ref", "--format=%(refname) %(objectname) %(objecttype)",
                             "refs/heads").stdout.decode().splitlines():
            name, commit, kind = line.split(" ")
            form = REF.fullmatch(name)
            if form and kind == "commit":
                found[form[1], form[2]] = commit
            else:
                findings.append(("", name, "commit.tree", "no branch of a ledger"))
        return found

    def blob(self, name, most=FILE_MAX):
        """A file's bytes, None where there is none or it is larger than it may be."""
        size = self.git("cat-file", "-s", name, fails=True)
        if size.returncode or int(size.stdout) > most:
            return None
        return self.git("cat-file", "blob", name).stdout

    def commits(self, tip):
        return self.git("rev-list", "--reverse", "--topo-order", tip).stdout.decode().split()

    def entries(self, *arguments):
        """What `ls-tree -z` or `diff-tree -z` says, as lists of words and a path."""
        fields = self.git(*arguments).stdout.split(b"\0")[:-1]
        return [field.decode("utf-8", "replace") for field in fields]

    def signed_by(self, node, commits):
        with tempfile.NamedTemporaryFile("w", suffix=".signers") as signers:
            signers.write(allowed_signer(node))
            signers.flush()
            settings = ("gpg.format=ssh", f"gpg.ssh.allowedSignersFile={signers.name}",
                        "gpg.ssh.program=ssh-keygen", "gpg.ssh.revocationFile=",
                        "gpg.minTrustLevel=fully")
            options = [part for setting in settings for part in ("-c", setting)]
            return self.git(*options, "verify-commit", *commits, fails=True).returncode == 0


PIECE = re.compile(r"([0-9a-f]{2})/([0-9a-f]{62})")
PIECE_MAX = 262144 + 16


class Walk:
    """Puts what a ledger's branches hold into a Ledger; contents are looked at on the way."""

    def __init__(self, repo, ledger, tips, box, findings):
        self.repo, self.ledger, self.tips = repo, ledger, tips
        self.box, self.findings = box, findings
        self.erased = set()  # ids of cases and households whose words are
        self.whole = []  # (tip, segment, endings, keys) of which the contents are still to be looked at
        self.named = set()  # pieces that records name
        self.wrapped = {}  # log → first → [(whose, audience → receivers' sealed keys)]
        self.in_place = {}  # log → first → audience → batches in place of its own: of its node, or the hub

    def run(self):
        logs = sorted(log for kind, log in self.tips if kind == "log")
        nodes = {log: self.node_of(self.tips["log", log]) for log in logs}
        for log in logs:
            self.keys(log, nodes[log])
        for log in sorted(logs, key=lambda name: nodes[name] != self.ledger.hub):
            self.log(log, nodes)
        self.note_erased()
        for part in self.whole:
            self.contents(*part)
        for log in logs:
            self.pieces(log, nodes[log])
        for kind, log in self.tips:
            if log not in nodes:
                self.say(log, f"{kind}/{log}", "log.id", f"{kind} of a log that is not here")

    def say(self, log, where, rule, why):
        self.findings.append((log, where, rule, why))

    def node_of(self, tip):
        """The key that the log's first record names; checked when the segment is taken."""
        data = self.repo.blob(f"{self.repo.commits(tip)[0]}:1/1.jsonl")
        try:
            return read_segment(data).records[0].check().members.get("node", "") if data else ""
        except Refused:
            return ""

    def log(self, log, nodes):
        tip = self.good_tip("log", log, nodes[log])
        if tip is None:
            return
        keys = self.wrapped.get(log, {})
        last = 0
        files = self.files(log, tip)
        for path in [path for path in files if path[:33].endswith("/") and len(path) > 33]:
            other, first, audience = place_of_other(path, log)
            if nodes[log] in (self.ledger.hub, nodes.get(other)):
                self.in_place.setdefault(other, {}).setdefault(first, {}).setdefault(
                    audience, []).append(self.repo.blob(f"{tip}:{path}"))
            files.remove(path)
        for first, endings in sorted(self.by_first(log, files).items()):
            try:
                segment = self.segment(log, tip, first, endings, last)
                last = segment.end
                self.whole.append((tip, segment, endings, keys.get(first, [])))
            except Refused as error:
                self.say(log, f"segment {first}", error.rule, error.why)

    def segment(self, log, tip, first, endings, last):
        need("jsonl" in endings, "commit.tree", "a batch without its segment")
        data = self.repo.blob(f"{tip}:{path_of(first, '.jsonl')}")
        need(data is not None, "segment.syntax", "too large")
        segment = read_segment(data)
        need(segment.log == log and segment.first == first, "segment.syntax",
             "not the segment of this path")
        need(first == last + 1, "segment.gap", "does not go on from the segment before")
        self.ledger.take(data)
        return segment

    def contents(self, tip, segment, endings, wrapped):
        """Whether each record's content is there, and is what the record says."""
        batches = {}
        for audience in endings - {"jsonl"}:
            data = self.repo.blob(f"{tip}:{path_of(segment.first, '.' + audience)}")
            try:
                need(data is not None, "content.missing", "a batch too large")
                batch = read_batch(data)
                need((batch.log, batch.first, batch.last, batch.audience)
                     == (segment.log, segment.first, segment.end, audience), "content.missing",
                     "a batch of other records")
                batches[audience] = self.opened_in_place(batch, wrapped)
            except Refused as error:
                self.say(segment.log, f"batch {segment.first}.{audience}", error.rule, error.why)
        for record in segment.records:
            try:
                self.note_pieces(record.check())
                if not self.is_erased(record):
                    self.content(record, batches)
            except Refused as error:
                if error.rule.startswith("content."):
                    self.say(segment.log, record.seq, error.rule, error.why)

    def note_erased(self):
        """What a hub says; of one that is none any more more may be said than counts. And what a village that
        worked alone says of what it opened in that time; any other village only asks."""
        self.ledger.read_line()
        for log in self.ledger.logs.values():
            opened = self.opened_alone(log)
            for members in map(peek, log.records):
                kind, of = members.get("type"), members.get("of")
                if is_hex(of, 64) and (log.node in self.ledger.line and kind == "hub.erase"
                                       or kind == "village.erase" and of in opened):
                    self.erased.add(of)

    def opened_alone(self, log):
        """Ids of what a log's node wrote before it joined; nothing where the log is of a later time."""
        return {record.id for other in self.ledger.logs.values() for record in other.records
                if self.alone(log) and (other.node, other.begin["ledger"]) == (log.node, log.begin["ledger"])}

    def alone(self, log):
        """Is it of the time before its node joined?"""
        return self.ledger.of_before(log) or not self.ledger.hub

    def is_erased(self, record):
        members = record.members
        return bool({record.id, members.get("case"), members.get("household")} & self.erased)

    def content(self, record, batches):
        for audience, keyed_hash in record.members.get("content", {}).items():
            need(audience in batches, "content.missing", "its batch is not here")
            if batches[audience] is not None:
                check_item(batches[audience], record.seq, keyed_hash)

    def opened_in_place(self, batch, wrapped):
        """As it is, or as its own node or the hub sealed it anew in another log."""
        try:
            return self.opened(batch, wrapped)
        except Refused:
            for data in self.in_place.get(batch.log, {}).get(batch.first, {}).get(batch.audience, []):
                other = read_batch(data)
                if (other.log, other.first, other.last) != (batch.log, batch.first, batch.last):
                    continue
                try:
                    return self.opened(other, wrapped)
                except Refused:
                    pass
            raise

    def opened(self, batch, wrapped):
        """The batch's items; None where it was sealed to others, or no box key was given."""
        if self.box is None:
            return None
        if batch.audience == "township" and not self.is_hubs(self.box):
            return None
        # The author's first, then what others wrapped anew: the first that opens it.
        why = Refused("content.missing", "the batch's key was not sealed to this box key")
        for _, audiences in sorted(wrapped, key=lambda entry: entry[0] != batch.log):
            key = unwrap(audiences.get(batch.audience, {}), self.box)
            try:
                if key is not None:
                    return open_batch(batch, key)
            except Refused as error:
                why = error
        raise why

    def is_hubs(self, box):
        """Is it the box of the hub that this ledger has? Its logs are walked first."""
        public = bindings.crypto_scalarmult_base(box).hex()
        return any(log.node == self.ledger.hub and log.begin["box"] == public
                   for log in self.ledger.logs.values())

    def keys(self, log, node):
        """What a keys/ branch holds, into self.wrapped."""
        if ("keys", log) not in self.tips:
            return
        tip = self.good_tip("keys", log, node)
        if tip is None:
            return
        for path in self.files(log, tip):
            data = self.repo.blob(f"{tip}:{path}", KEYS_MAX)
            try:
                need(data is not None, "keys", "too large")
                if path == "epoch.json":
                    read_epoch(data, log)
                    continue
                named, first, batches = read_keys(data)
                need((named, first) == keys_place_of(path, log), "keys", "of another segment")
                self.wrapped.setdefault(named, {}).setdefault(first, []).append((log, batches))
            except Refused as error:
                self.say(log, f"keys/ {path}", error.rule, error.why)
        if self.repo.blob(f"{tip}:epoch.json") is None:
            self.say(log, "keys/ epoch.json", "keys.epoch", "there is none")

    def pieces(self, log, node):
        """What a files/ branch holds: each piece is what its name says, and some record here names it."""
        if ("files", log) not in self.tips:
            return
        tip = self.good_tip("files", log, node)
        for path in self.files(log, tip) if tip else ():
            try:
                data = self.repo.blob(f"{tip}:{path}", PIECE_MAX)
                name = path.replace("/", "")
                need(data is not None, "commit.tree", "a piece too large")
                need(hashlib.sha256(data).hexdigest() == name, "piece.hash", "not what its name says")
                need(name in self.named, "piece.unknown", "no record names it")
            except Refused as error:
                self.say(log, f"files/ {path}", error.rule, error.why)

    def note_pieces(self, record):
        """What a record names, or the line that it carries."""
        members = record.members
        if str(members.get("type", "")).endswith(".carry") and isinstance(members.get("line"), str):
            try:
                members = json.loads(members["line"])[0]
            except (ValueError, IndexError, KeyError):
                return
        pieces = members.get("pieces") if isinstance(members, dict) else None
        if isinstance(pieces, list):
            self.named.update(piece for piece in pieces if isinstance(piece, str))

    # --- commits and trees ---

    def good_tip(self, kind, log, node):
        """The newest commit that counts, with all before it; None: none does."""
        commits = self.repo.commits(self.tips[kind, log])
        if kind == "keys" and node and self.repo.signed_by(self.ledger.hub, commits[:1]):
            node = self.ledger.hub  # in the place of a node that is gone
        whole = bool(node) and self.repo.signed_by(node, commits)
        good = None
        for commit in commits:
            try:
                need(whole or node and self.repo.signed_by(node, [commit]), "commit.signature",
                     "not signed by the log's node")
                form = self.commit_form(commit, good, node, kind)
                self.commit_changes(commit, kind, form, log, node)
            except Refused as error:
                self.say(log, f"{kind}/ {commit}", error.rule, error.why)
                break
            good = commit
        return good

    def commit_form(self, commit, parent, node, kind):
        raw = self.repo.git("cat-file", "commit", commit).stdout
        form = COMMIT.fullmatch(raw)
        need(form, "commit.signature", "not the form of a commit here")
        need((form[1] or b"").decode() == (parent or ""), "commit.tree", "not one line of commits")
        short = node[:16].encode()
        need(form[2] == short and form[3] == short, "commit.signature", "another author")
        allowed = {"log": (b"records", b"batch", b"acknowledgement"), "keys": (b"keys", b"acknowledgement"), "files": (b"pieces",)}
        need(form[4] in allowed[kind], "commit.tree", "another message")
        return form

    def commit_changes(self, commit, kind, form, log, node):
        fields = self.repo.entries("diff-tree", "-r", "--root", "--no-commit-id", "--no-renames",
                                   "-z", commit)
        added, sealed_anew = {}, False
        for head, path in zip(fields[::2], fields[1::2]):
            _, mode, _, _, status = head.split(" ")
            need(mode == "100644", "commit.tree", f"{path} is no plain file, or was deleted")
            replaced = "ack.json" if kind == "log" else "epoch.json"
            if path == replaced:
                continue
            if kind == "keys":
                keys_place_of(path, log)
                continue
            if kind == "files":
                need(PIECE.fullmatch(path), "commit.tree", f"{path} is no piece's")
                continue
            if path[32:33] == "/":
                place_of_other(path, log)
                sealed_anew = True
                continue
            first, ending = place_of(path)
            need(ending != "json", "commit.tree", f"{path} is none of this branch")
            need(status == "A" or ending != "jsonl", "commit.tree", f"{path} was changed")
            if status != "A":
                sealed_anew = True
                continue
            added.setdefault(first, set()).add(ending)
        if kind == "log":
            need(len(added) <= (0 if sealed_anew else 1), "commit.tree", "more than one segment")
            for first, endings in added.items():
                need("jsonl" in endings, "commit.tree", "a batch without its segment")
                need(form[5] and int(form[5]) == first, "commit.tree", "the message says other records")

    def files(self, log, tip):
        """Paths of a good tip's files. Folders without files would not be ours."""
        paths, folders = [], set()
        for entry in self.repo.entries("ls-tree", "-r", "-t", "-z", "--full-tree", tip):
            head, path = entry.split("\t", 1)
            if head.startswith("040000 tree"):
                folders.add(path)
            else:
                paths.append(path)
        parents = {path.rsplit("/", n)[0] for path in paths for n in range(1, path.count("/") + 1)}
        if folders - parents:
            self.say(log, sorted(folders - parents)[0], "commit.tree", "an empty folder")
        return paths

    def by_first(self, log, paths):
        found = {}
        for path in paths:
            if path == "ack.json":
                continue
            first, ending = place_of(path)
            found.setdefault(first, set()).add(ending)
        return found


def check_acks(repo, ledger, tips, findings):
    """Each branch's ack.json, once the roster is known."""
    for (kind, log), tip in sorted(tips.items()):
        if kind != "log" or log not in ledger.logs:
            continue
        if not repo.entries("ls-tree", "-z", tip, "ack.json"):
            continue
        data = repo.blob(f"{tip}:ack.json", ACK_MAX)
        try:
            need(data is not None, "ack.syntax", "too large")
            ack = read_ack(data)
            need(ack.log == log, "ack.log", "of another log")
            ledger.check_ack(ack)
        except Refused as error:
            findings.append((log, "ack.json", error.rule, error.why))


def check_union(repo, others, hub, findings):
    """The township's union: each log's tree below its id, commits by the hub (§11)."""
    commits = repo.git("rev-list", "--first-parent", "refs/heads/main").stdout.decode().split()
    if not repo.signed_by(hub, commits):
        findings.append(("", "refs/heads/main", "commit.signature", "not signed by the hub"))
    trees = {}
    for other in others:
        for (kind, log), tip in other.tips([]).items():
            if kind == "log":
                trees.setdefault(log, set()).update(
                    other.git("rev-parse", f"{commit}^{{tree}}").stdout.decode().strip()
                    for commit in other.commits(tip))
    for entry in repo.entries("ls-tree", "-z", "refs/heads/main"):
        head, name = entry.split("\t", 1)
        if head.split(" ")[2] not in trees.get(name, ()):
            findings.append((name, "refs/heads/main", "commit.tree", "no tree of this log's branch"))
    return len(commits)
