"""Judges the logs of one ledger by sync/FORMAT.md, sections 5, 8, 12 and 13.

Segments go in in the order they came; judge() then says of every record whether it counts.
Where there is no hub (a village alone) a node's own worker.add records entitle.
"""
from dataclasses import dataclass, field

from forms import (Record, Refused, is_far_place, is_hex, join_mac, log_hash, need, read_segment,
                   successor_holds)

WAITING = {"segment.version", "segment.gap", "log.grant", "join.mac", "join.used",
           "author.unknown", "content.missing", "content.hash"}
HUB_ROLES = ("administrator", "head", "clerk", "auditor")


@dataclass
class Log:
    id: str
    node: str
    begin: dict
    hash: str
    records: list = field(default_factory=list)
    rule: str = ""  # why the log as a whole waits or is refused; empty where it counts

    def head(self):
        return self.records[-1].seq if self.records else 0

    def id_at(self, seq):
        return self.hash if seq == 0 else self.records[seq - 1].id


@dataclass
class Verdict:
    record: Record
    status: str = "ok"  # ok, waiting, refused, unknown (needs a newer version)
    rule: str = ""


class Ledger:
    def __init__(self, ledger, hub, words=(), recovery=""):
        self.ledger, self.pinned, self.recovery = ledger, hub, recovery
        self.line = [hub]  # hubs, each the successor of the one before (§12)
        self.successions = {}  # node → its hub.successor's members, in the order received
        self.words = list(words)
        self.used = {}  # invitation word → log that used it first
        self.logs = {}
        self.joins = {}  # log → what its join is worth, where words are known
        self.forget()

    @property
    def hub(self):
        return self.line[-1]

    def forget(self):
        self.hub_workers = {}  # (hub, key) → roles
        self.grants = {}  # node → set of worker keys
        self.old = {}  # log → (seq, id) up to which it counts
        self.revoked = {}  # (node, worker or "") → [{log: (seq, id)}]
        self.ended = {}  # (node, worker) → {log of the worker.end: {log: (seq, id)}}
        self.released = set()

    # --- what comes in ---

    def take(self, data):
        """One segment: added to its log, or Refused with the rule of §13."""
        seg = read_segment(data)
        log = self.logs.get(seg.log)
        if log is None:
            need(seg.first == 1, "segment.gap", "its log has not begun here")
            log = self.begin(seg)
        need(seg.first <= log.head() + 1, "segment.gap", "what comes before has not come")
        need(seg.first > 1 or seg.prev == log.hash, "segment.chain", "does not begin at the log's hash")
        seg.check_closing(log.node)
        need(seg.prev == log.id_at(seg.first - 1), "log.fork", "goes on from another record")
        for record in seg.records:
            need(record.seq > log.head() or log.id_at(record.seq) == record.id, "log.fork",
                 f"another record stands at {record.seq}")
        if seg.log not in self.logs:
            self.logs[seg.log] = log
            self.join(log, seg.records)
        log.records += [r for r in seg.records if r.seq > log.head()]
        return seg

    def begin(self, seg):
        need(seg.prev[:32] == seg.log, "segment.chain", "does not begin at the log's hash")
        first = seg.records[0]
        try:
            m = first.check().members
        except Refused as error:
            raise Refused("log.id", f"its first record does not count: {error.why}") from None
        need(m["type"] == "log.begin" and m.get("node") == first.by
             and is_hex(m.get("incarnation"), 32) and is_hex(m.get("ledger"), 32), "log.id",
             "its first record is no log.begin")
        full = log_hash(first.by, m["incarnation"], m["ledger"])
        need(full == seg.prev, "log.id", "its first record does not hash to the log id")
        return Log(seg.log, first.by, m, full)

    def join(self, log, records):
        """Whether the log's node.join counts: only where the invitations' words are known."""
        if len(records) < 2 or not self.words:
            return
        members = peek(records[1])
        if members.get("type") != "node.join":
            return
        workers = members.get("workers", [])
        added = [m.get("worker") for m in map(peek, records[2:2 + len(workers)])
                 if m.get("type") == "worker.add"]
        word = next((w for w in self.words if members.get("mac")
                     == join_mac(w, log.node, log.id, log.begin.get("hub", ""), workers)), None)
        if word is None or added != workers or log.begin["ledger"] != self.ledger:
            self.joins[log.id] = "join.mac"
        elif self.used.setdefault(word, log.id) != log.id:
            self.joins[log.id] = "join.used"

    # --- the roster (§12) ---

    def read_line(self):
        """Who the hub is: the pinned one, back to whom it succeeded, on to who succeeded it."""
        self.successions, self.line = {}, [self.pinned]
        for log in self.logs.values():
            if (said := self.succession(log)) is not None:
                self.successions.setdefault(log.node, said)
        while (said := self.successions.get(self.line[0])) and said["of"] not in self.line:
            self.line.insert(0, said["of"])
        while (heir := next((node for node, said in self.successions.items()
                             if said["of"] == self.hub), None)) and heir not in self.line:
            self.line.append(heir)

    def succession(self, log):
        """The second record of a log of a hub that was named with the pinned recovery key."""
        m = peek(log.records[1]) if len(log.records) > 1 else {}
        if m.get("type") == "hub.successor" and log.records[1].by == log.node \
                and log.begin["ledger"] == self.ledger and log.begin.get("hub") == log.node \
                and known(m) and successor_holds(m, log.begin, log.id, self.recovery):
            return m
        return None

    def follows(self, log):
        """Is this the log that makes its node a hub of the line?"""
        said = self.succession(log)
        return said is not None and log.node in self.line[1:] \
            and self.line[self.line.index(log.node) - 1] == said["of"]

    def hub_logs(self):
        return [log for hub in self.line for log in self.logs_of(hub)]

    def logs_of(self, hub):
        """A hub's logs, the superseded before what supersedes them; of two heirs the first. Of
        a former hub all: its successor says how far each counts."""
        logs = [log for log in self.logs.values() if log.node == hub
                and log.begin["ledger"] == self.ledger and log.begin.get("hub") in self.line]
        if hub != self.hub:
            return logs
        found, last = [], None
        while True:
            heirs = [log for log in logs if log not in found and
                     (last is None and not named(log) or last is not None and last.id in named(log))]
            if not heirs:
                return found or logs[:1]
            last = heirs[0]
            found.append(last)

    def read_roster(self):
        """In the order of the hub's logs; a revocation that counted counts from the start."""
        revocations = {}
        self.read_line()
        while True:
            self.forget()
            before = len(revocations)
            for log, record in revocations.values():
                self.revoke(log, record)
            for log in self.hub_logs():
                for record in log.records:
                    verdict = self.judge_in_hub(log, record)
                    if verdict.status != "ok" or record.id in revocations:
                        continue
                    if record.members["type"] in ("roster.revoke", "worker.end"):
                        revocations[record.id] = log, record
                    self.apply(log, record.members)
            if len(revocations) == before:
                return self.read_ends()

    def read_ends(self):
        """The worker.end records of villages, each log's in its own order."""
        hubs = self.hub_logs()
        for log in self.logs.values():
            log.rule = self.log_rule(log, hubs)
            for record in log.records if log not in hubs else ():
                if peek(record).get("type") == "worker.end" \
                        and self.judge_record(log, record, hubs).status == "ok":
                    self.end(log, record)

    def end(self, log, record):
        until = {name: (last, ident) for name, last, ident in log.begin["continues"]}
        earlier = self.ended.setdefault((log.node, record.members["worker"]), {})
        if log.node != record.members["worker"]:
            earlier.setdefault(log.id, {**until, log.id: (record.seq + 1, "")})

    def revoke(self, log, record):
        m = record.members
        if m["type"] == "worker.end":
            self.end(log, record)
            return
        until = {name: (last, ident) for name, last, ident in m["until"]}
        for worker in m["workers"] or [""]:
            if m["node"] not in self.line or worker not in ("", m["node"]):
                self.revoked.setdefault((m["node"], worker), []).append(until)

    def apply(self, log, m):
        if m["type"] == "worker.add":
            self.hub_workers.setdefault((log.node, m["worker"]), set()).update(m.get("roles") or ["clerk"])
        elif m["type"] == "roster.grant":
            self.grants.setdefault(m["node"], set()).update(m["workers"])
            for log, last, ident in m.get("old", []):
                self.old[log] = (last, ident)
        elif m["type"] == "quarantine.release":
            self.released.add((m["place"][0], m["place"][1], m["place"][2]))

    # --- judging (§13) ---

    def judge(self):
        """log id → one Verdict a record."""
        self.read_roster()
        hubs = self.hub_logs()
        found = {}
        for log in self.logs.values():
            log.rule = self.log_rule(log, hubs)
            found[log.id] = [self.judge_record(log, record, hubs) for record in log.records]
        return found

    def log_rule(self, log, hubs):
        if log in hubs:
            return ""
        here = log.begin["ledger"] == self.ledger
        if log.node in self.line:
            return "log.fork" if here and log.begin.get("hub") in self.line else "log.id"
        if here and log.begin.get("hub", "") not in self.line:
            said = self.succession(log)
            return "log.fork" if said is not None and said["of"] in self.line else "log.id"
        if here and not self.hub or log.node in self.grants and (here or log.id in self.old):
            return ""
        return self.joins.get(log.id, "log.grant")

    def judge_record(self, log, record, hubs):
        if log in hubs:
            return self.judge_in_hub(log, record)
        return self.judge_one(log, record, lambda: self.village_author(log, record))

    def judge_in_hub(self, log, record):
        return self.judge_one(log, record, lambda: self.hub_author(log, record))

    def judge_one(self, log, record, author):
        try:
            record.check()
            if (log.id, record.seq, record.id) not in self.released:
                author()
        except Refused as error:
            return Verdict(record, status_of(error.rule), error.rule)
        return Verdict(record, "ok" if known(record.members) else "unknown")

    def hub_author(self, log, record):
        by_node = record.by == log.node
        roles = self.hub_workers.get((log.node, record.by))
        need(by_node or roles is not None, "author.unknown", "no worker of the hub")
        self.not_revoked(log, record)
        self.not_succeeded(log, record)
        if record.members["type"] == "hub.successor":
            need(by_node and record.seq == 2 and self.follows(log), "author.rights",
                 "makes no one the hub")
            return
        check_type(log, record, True, by_node or "administrator" in roles)

    def village_author(self, log, record):
        need(not log.rule, log.rule, "the log as a whole does not count")
        workers = set(self.grants.get(log.node, ()))
        if log.begin["ledger"] != self.ledger:
            need(within(record, *self.old[log.id]), "author.revoked", "past an old log's end")
        if log.begin["ledger"] != self.ledger or not self.hub:
            workers |= {m.get("worker") for m in map(peek, log.records)
                        if m.get("type") == "worker.add"}
        need(record.by == log.node or record.by in workers, "author.unknown",
             "not granted on this node")
        self.not_revoked(log, record)
        check_type(log, record, False, False)

    def not_revoked(self, log, record):
        for until in self.revoked.get((log.node, record.by), []) \
                + self.revoked.get((log.node, ""), []):
            need(log.id in until and within(record, *until[log.id]), "author.revoked",
                 "past a revocation")
        for place, until in self.ended.get((log.node, record.by), {}).items():
            if record.members["type"] == "worker.end" and place != log.id \
                    or self.of_before(log) and not self.of_before(self.logs[place]):
                continue
            need(log.id in until and within(record, *until[log.id]), "author.revoked",
                 "past this worker's end")

    def of_before(self, log):
        """Is it of a ledger from before its node joined?"""
        return log.begin["ledger"] != self.ledger

    def not_succeeded(self, log, record):
        if log.node == self.hub:
            return
        heir = self.line[self.line.index(log.node) + 1]
        until = {name: (last, ident) for name, last, ident in self.successions[heir]["until"]}
        need(log.id in until and within(record, *until[log.id]), "author.revoked",
             "past what its successor names")

    # --- acknowledgements (§8) ---

    def check_ack(self, ack):
        log = self.logs.get(ack.log)
        need(log and not log.rule and log.begin["ledger"] == self.ledger, "ack.log",
             "its log is none that counts in this ledger")
        ack.check(log.node)
        hubs = self.hub_logs()
        need(log not in hubs or log is hubs[-1], "ack.log", "its log is superseded")
        for name, (seq, ident) in [(ack.log, ack.members["head"]), *ack.members["heads"].items()]:
            known_log = self.logs.get(name)
            if known_log and seq <= known_log.head():
                need(known_log.id_at(seq) == ident, "ack.fork", f"says another id of {name} at {seq}")


def named(log):
    """The logs that this one's log.begin continues."""
    return {place[0] for place in log.begin.get("continues", []) if is_far_place(place)}


def peek(record):
    """A record's members where it is well signed and well formed, else nothing."""
    try:
        return record.check().members
    except Refused:
        return {}


def status_of(rule):
    return "waiting" if rule in WAITING else "refused"


def within(record, seq, ident):
    return record.seq < seq or record.seq == seq and record.id == ident


def check_type(log, record, at_hub, admin):
    """Whether one of this standing may write a record of this type here."""
    kind, by_node = record.members["type"], record.by == log.node
    rules = kind.startswith(("roster.", "quarantine.", "clock.", "hub.")) or kind.endswith(".carry")
    if kind.startswith(("log.", "node.")):
        fits = by_node and (kind == "log.begin" and record.seq == 1
                            or kind == "node.join" and record.seq == 2 and not at_hub)
    elif kind == "hub.successor":
        fits = False
    elif rules:
        fits = at_hub and admin
    elif kind in ("worker.add", "worker.end"):
        fits = admin or not at_hub
    else:
        fits = not by_node
    need(fits, "author.rights", f"may not write {kind} here")


SHAPES = {
    "log.begin": {"node": 64, "box": 64, "incarnation": 32, "ledger": 32, "hub": "hub",
                  "letter": str, "continues": "places"},
    "node.join": {"mac": 64, "workers": "keys", "old": "places"},
    "worker.add": {"worker": 64, "roles?": "roles"},
    "worker.end": {"worker": 64},
    "roster.grant": {"node": 64, "joined?": 32, "old?": "places", "workers": "keys"},
    "roster.revoke": {"node": 64, "workers": "keys", "until": "places"},
    "quarantine.release": {"place": "place"},
    "hub.successor": {"of": 64, "recovery": 64, "until": "places", "sig": str},
    "hub.recovery": {"box": 64},
    "clock.ceiling": {"of": 32, "from": int, "ceiling": int},
}
LISTS = {"keys": lambda key: is_hex(key, 64), "places": is_far_place,
         "roles": lambda role: role in HUB_ROLES}
LIST_MAX = 1000
COMMON = {"v", "log", "seq", "by", "hlc", "type", "case", "heads", "content"}


def known(m):
    """Whether a trust record's members are those its type knows; other types are not ours."""
    shape = SHAPES.get(m["type"])
    if shape is None:
        return True
    names = {name.rstrip("?") for name in shape}
    return set(m) <= names | COMMON and all(
        fits(m.get(name.rstrip("?")), want, name.endswith("?")) for name, want in shape.items())


def fits(value, want, optional):
    if value is None:
        return optional
    if isinstance(want, int):
        return is_hex(value, want)
    if want == "hub":
        return value == "" or is_hex(value, 64)
    if want == "place":
        return is_far_place(value)
    if want in LISTS:
        return isinstance(value, list) and len(value) <= LIST_MAX and all(map(LISTS[want], value))
    return isinstance(value, want) and type(value) is not bool
