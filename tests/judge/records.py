"""Records as `yizhan log --content` prints them, and which of them count: sync/FORMAT.md §4, §12, §13.

Written from that page alone. Chains and signatures are tests/verifier/'s; here they are taken as they are.
"""
import dataclasses
import hashlib
import hmac
import json

GENERAL = {"v", "log", "seq", "by", "hlc", "type", "case", "heads", "content", "at"}
HUBS_OWN = ("roster.", "quarantine.", "clock.", "hub.")
NODES_OWN = ("log.", "node.")
IDENTITY = {"case.open": {"resident", "phone", "household"}, "case.edit": {"resident", "phone", "household"},
            "case.settle": {"resident", "phone", "household"}, "case.attach": {"name", "key"},
            "household.add": {"name", "phone", "people"}, "household.edit": {"name", "phone", "people"}}
MARK = "\x01"


def placed(type, content):
    """A content with what is sealed apart (§19) in its places, marked."""
    sealed = content.get("sealed") if isinstance(content, dict) else None
    if not isinstance(sealed, dict) or not sealed or not set(sealed) <= IDENTITY.get(type, set()):
        return content
    fields = type in ("case.edit", "case.settle", "household.edit")
    places = content.get("fields", {}) if fields else content
    if set(places) & set(sealed):
        return content
    content = {k: v for k, v in content.items() if k != "sealed"}
    marked = {name: MARK + text for name, text in sealed.items()}
    return content | ({"fields": places | marked} if fields else marked)


@dataclasses.dataclass
class Record:
    id: str
    body: dict
    content: dict | None  # what it says; None: nothing, or not readable
    lacks: set  # audiences for whom it names content that is not here
    rule: str | None  # what the program says: why it does not count
    log: "Log" = None
    counts: bool = False  # what we say
    carried: "Record" = None  # the record that carries it, where it stands in another ledger

    def __getattr__(self, name):
        return self.body.get(name)

    @property
    def missing(self):
        return bool(self.lacks - (set() if self.log.at_hub else {"township"}))

    @property
    def stamp(self):
        return tuple(self.body["hlc"])

    @property
    def place_at_hub(self):
        """In the hub's order."""
        return (*self.log.place, self.seq)

    @property
    def own(self):
        return {k: v for k, v in self.body.items() if k not in GENERAL}


@dataclasses.dataclass
class Log:
    id: str
    node: str
    ledger: str
    records: list
    hub: bool = False
    at_hub: bool = False  # the reader is the hub of its ledger
    place: tuple = ()  # among the hub's logs of its ledger


def log_hash(begin):
    text = "\n".join(["yizhan-log-v1", begin["node"], begin["incarnation"], begin["ledger"], ""])
    return hashlib.sha256(text.encode()).hexdigest()


def read(lines):
    """[Log] of what a node printed."""
    logs = {}
    for line in lines:
        body, _, content, rule = json.loads(line)
        raw = line[1:end_of_object(line)]
        log = logs.get(body["log"])
        if log is None:
            log = logs[body["log"]] = Log(body["log"], body["node"], body["ledger"], [])
            before = log_hash(body)
        else:
            before = log.records[-1].id
        assert body["seq"] == len(log.records) + 1, line
        id = hashlib.sha256(f"yizhan-record-v1\n{before}\n{raw}".encode()).hexdigest()
        for audience, words in content.items():
            content[audience] = placed(body["type"], words)
        named = set(body.get("content", {}))
        log.records.append(Record(id, body, content.get("village", content.get("township")),
                                  named - set(content), rule, log))
    return list(logs.values())


def brought(carry):
    """What a record that ends in .carry brings; None where it is not what it has to be."""
    words = carry.content or {}
    try:
        line = carry.line
        body = json.loads(line)[0]
        raw = line[1:end_of_object(line)]
        id = hashlib.sha256(f"yizhan-record-v1\n{carry.prev}\n{raw}".encode()).hexdigest()
        content = placed(body["type"], json.loads(words["content"])) if "content" in words else None
        if "content" in words:
            mac = hmac.new(bytes.fromhex(words["key"]), words["content"].encode(), "sha256").hexdigest()
            if mac not in body["content"].values():
                return None
    except (ValueError, KeyError, IndexError, TypeError):
        return None
    area = body["type"].split(".")[0] + ".carry"
    if carry.type != area or body["type"].endswith(".carry") or carry.case != body.get("case", id):
        return None
    if (body["log"], body["seq"]) != (carry.of, carry.place):
        return None
    log = Log(carry.of, carry.node, None, [], bool(carry.hub))
    return Record(id, body, content, set(), None, log, True, carry)


def end_of_object(line):
    """Where the record that begins at 1 ends: it is what the first JSON value takes."""
    _, end = json.JSONDecoder().raw_decode(line, 1)
    return end


class Roster:
    """Who may sign, in one ledger, at one reader."""

    def __init__(self, logs, hub_key, home):
        self.hub_key, self.home = hub_key, home
        self.pairs, self.hub_workers, self.ends, self.released, self.old = set(), {}, [], set(), {}
        for log in logs:
            log.hub = bool(hub_key) and log.node == hub_key
            log.at_hub = hub_key in home
        self.worker_ends = []
        for log in sorted(logs, key=lambda log: not log.hub):
            for r in log.records:
                self.take(log, r)
        for log in logs:
            for r in log.records:
                if r.type == "worker.end" and self.counts(r):
                    self.take_end(log, r)

    def take(self, log, r):
        if r.type == "worker.add" and log.hub:
            self.hub_workers.setdefault(r.worker, set()).update(r.roles or ["clerk"])
            self.pairs.add((r.worker, log.node))
        elif r.type == "worker.add" and log.node in self.home:
            self.pairs.add((r.worker, log.node))
        elif r.type == "roster.grant" and log.hub:
            self.pairs |= {(w, r.node) for w in r.workers}
            self.pairs.add((r.node, r.node))
            self.old.update({place[0]: place[1] for place in r.old or []})
        elif r.type == "roster.revoke" and log.hub:
            self.ends.append((r.node, set(r.workers), {p[0]: p[1] for p in r.until}))
        elif r.type == "quarantine.release" and log.hub:
            self.released.add((r.place[0], r.place[1]))

    def take_end(self, log, r):
        """A worker's end counts where it itself does; it says nothing of old logs unless it stands in one, nor
        of another end in another log."""
        places = {p[0]: p[1] for p in log.records[0].continues} | {log.id: r.seq}
        if r.worker != log.node:
            self.worker_ends.append((log, r.worker, places))

    def revoked(self, r):
        for node, workers, until in self.ends:
            if r.log.node == node and (not workers or r.by in workers) and r.seq > until.get(r.log.id, 0):
                return True
        for log, worker, places in self.worker_ends:
            beside = r.log is not log and (r.log.id in self.old or r.type == "worker.end")
            if r.log.node == log.node and r.by == worker and not beside and r.seq > places.get(r.log.id, 0):
                return True
        return False

    def counts(self, r):
        if (r.log.id, r.seq) in self.released:
            return not r.missing
        node, by, hub = r.log.node, r.by, r.log.hub
        if r.missing or self.revoked(r):
            return False
        if r.type.startswith(HUBS_OWN) or r.type.endswith(".carry"):
            return hub and (by == node or "administrator" in self.hub_workers.get(by, ()))
        if r.type.startswith(NODES_OWN):
            return by == node
        if r.type == "worker.end" and hub and by != node and "administrator" not in self.hub_workers.get(by, ()):
            return False
        if by == node:
            return r.type in ("worker.add", "worker.end")
        if r.log.id in self.old:  # an old log: those whom it added itself count there
            added = {x.worker for x in r.log.records if x.type == "worker.add"}
            return r.seq <= self.old[r.log.id] and (by in added or (by, node) in self.pairs)
        return (by, node) in self.pairs


def order_hubs(logs):
    """The places of a ledger's hub logs: sync/FORMAT.md §4, "Stamp and order"."""
    hubs = {log.id: log for log in logs if log.hub}
    before = {}
    for log in hubs.values():
        named = [p for r in log.records[:2] if r.counts for p in (r.continues or []) + (r.until or [])]
        before[log.id] = {p[0] for p in named} & set(hubs)
    for _ in hubs:
        for id, those in before.items():
            before[id] = those.union(*(before[other] for other in those))
    for id, log in hubs.items():
        later = [other for other in hubs if id in before[other]]
        log.place = (min(hubs[other].records[0].stamp[0] for other in [id, *later]), len(before[id]), id)


def judge(logs, home):
    """Marks what counts at a node; home: the node keys that are its own. The hub's key of a ledger is
    what its logs name; a log of a village alone names none and lies in a ledger of its own."""
    hubs = {}
    for log in logs:
        hub = log.records[0].hub
        if hub:
            hubs[log.ledger] = hub
    joined = {}
    for log in logs:
        for r in log.records:
            for place in r.old or []:
                joined[place[0]] = log.ledger
    ledgers = {}
    for log in logs:
        ledgers.setdefault(joined.get(log.id, log.ledger), []).append(log)
    for ledger, members in ledgers.items():
        roster = Roster(members, hubs.get(ledger, ""), home)
        for log in members:
            log.entitled = not any(node == log.node and not workers for node, workers, _ in roster.ends)
            for r in log.records:
                r.counts = roster.counts(r)
        order_hubs(members)
    return ledgers
