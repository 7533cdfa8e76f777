"""Vectors of whole ledgers: segments in the order they came, and what must be said of each
segment, of each record once all are there, and of acknowledgements.

A record's expectation stands where it is written (expect=...); "ok" where there is none.
"""
from writer import Key, Log, ack, digest, ident, join_mac

HUB, IMPOSTOR = Key("hub"), Key("another hub")
RECOVERY, HEIR, GRANDCHILD = Key("recovery"), Key("successor"), Key("successor's successor")
A, B = Key("village A"), Key("village B")
CHIEF, CLERK = Key("chief"), Key("clerk")
W1, W2, STRANGER = Key("worker 1"), Key("worker 2"), Key("stranger")
LEDGER, ELSEWHERE = ident("ledger"), ident("elsewhere")
WORD, WORD2 = ident("word"), ident("another word")
H = HUB.public
ALL = ["administrator", "head", "clerk", "auditor"]


class Story:
    def __init__(self, words=(), hub=H, recovery=None):
        self.words, self.segments, self.logs, self.acks = list(words), [], {}, []
        self.hub, self.recovery = hub, recovery

    def take(self, log, first=1, last=None, expect="ok", data=None, kept=True):
        """A segment comes. kept: its log's records are then judged."""
        text = (data or log.segment(first, last)).decode()
        self.segments.append({"text": text, "expect": expect})
        if kept:
            self.logs[log.id] = log
        return self

    def told(self):
        pinned = {} if self.recovery is None else {"recovery": self.recovery.hash()}
        return {"ledger": LEDGER, "hub": self.hub, **pinned, "words": self.words,
                "segments": self.segments,
                "logs": {name: log.expect for name, log in self.logs.items()}, "acks": self.acks}


def hub_log(ledger=LEDGER, incarnation="first", continues=()):
    return Log(HUB, ledger, incarnation).begin(H, continues=continues) \
        .add(HUB, "worker.add", worker=CHIEF.public, roles=ALL) \
        .add(HUB, "worker.add", worker=CLERK.public, roles=["clerk"])


def village_log(node=A, workers=(W1,), expect="ok", word=WORD, incarnation="first"):
    return Log(node, LEDGER, incarnation).begin(H, expect).join(word, H, workers, expect)


def open_case(log, author=W1, expect="ok"):
    return log.add(author, "case.open", expect, title="x")


def make(put):
    for part in (joining, rights, revoking, ending, old_logs, incarnations, newer, moved, at_one_place,
                 false_joins, false_hubs, receipts, successors, false_successors, former_hubs, carrying):
        for folder, name, what, story in part():
            put.put_scenario(folder, f"story-{name}", what, story.told())


def joining():
    hub, village = hub_log(), open_case(village_log())
    hub.grant(HUB, A, [W1], joined=village.id)
    yield "valid", "join", "a village joins, its work counts", \
        Story([WORD]).take(hub, 1, 3).take(village).take(hub, 4)

    village = open_case(village_log(expect="log.grant"), expect="log.grant")
    yield "valid", "join-waiting", "what a joining village wrote waits for the grant", \
        Story([WORD]).take(hub_log()).take(village)

    for granted in (False, True):
        hub, village = hub_log(), open_case(village_log())
        hub.grant(HUB, A, [W1])
        village.add(W1, "worker.add", worker=W2.public)
        open_case(village, W2, "ok" if granted else "author.unknown")
        open_case(village, W1)
        story = Story().take(hub).take(village)
        if granted:
            hub.grant(CHIEF, A, [W2])
            story.take(hub, 5)
        yield "valid", "later-worker" + ("-granted" if granted else ""), \
            "a worker added later counts once granted; who comes after is not held back", story

    hub, village = hub_log(), village_log()
    hub.grant(HUB, A, [W1])
    open_case(village, STRANGER)
    open_case(village, STRANGER, "author.unknown")
    hub.add(CHIEF, "quarantine.release", place=village.place(4))
    yield "valid", "release", "one record of an unknown author is released, the next is not", \
        Story().take(village).take(hub)

    hub, village = hub_log(), village_log()
    hub.grant(HUB, A, [W1])
    village.add_raw(village.record(W1, "case.open"), STRANGER, "record.signature")
    village.add_raw(village.record(W1, "case.open")[:-1] + b',"x":1.5}', W1, "record.syntax")
    open_case(village)
    yield "forged", "bad-record", "a record that is not its author's, one that is no JSON; the next counts", \
        Story().take(hub).take(village)


def rights():
    hub, village = hub_log(), village_log()
    hub.grant(HUB, A, [W1])
    open_case(village, A, "author.rights")
    village.add(W1, "log.begin", "author.rights")
    village.add(A, "log.begin", "author.rights")
    village.add(A, "node.join", "author.rights")
    village.grant(W1, A, [STRANGER], "author.rights")
    village.grant(A, A, [STRANGER], "author.rights")
    village.add(A, "quarantine.release", "author.rights", place=village.place(4))
    village.add(W1, "clock.ceiling", "author.rights", of=village.id)
    village.add(W1, "hub.anything", "author.rights")
    village.add(A, "hub.recovery", "author.rights", box=A.box)
    village.grant(STRANGER, A, [STRANGER], "author.unknown")
    open_case(village, STRANGER, "author.unknown")
    yield "forged", "village-rights", "a village's node and worker write what only others may", \
        Story().take(hub).take(village)

    hub, village = hub_log(), village_log()
    hub.grant(HUB, A, [W1])
    open_case(village)
    opened = village.ids[-1]
    village.add(W1, "village.erase", of=opened).add(W1, "hub.erase", "author.rights", of=opened)
    village.add(A, "village.erase", "author.rights", of=opened)
    hub.add(CLERK, "hub.erase", "author.rights", of=opened).add(CHIEF, "hub.erase", of=opened)
    yield "forged", "erase-rights", "a village asks for erasing; it is the hub's administrator's to do", \
        Story().take(hub).take(village)

    hub, village = hub_log(), village_log(expect="log.grant")
    hub.grant(CLERK, A, [W1], "author.rights").add(CLERK, "worker.add", "author.rights", worker=W2.public)
    open_case(hub, HUB, "author.rights")
    open_case(hub, STRANGER, "author.unknown")
    hub.grant(STRANGER, A, [W1], "author.unknown")
    hub.add(CHIEF, "log.begin", "author.rights")
    hub.add(HUB, "node.join", "author.rights")
    open_case(hub, CLERK)
    yield "forged", "hub-rights", "a hub's clerk grants: it has no effect", \
        Story().take(hub).take(village)

    hub = hub_log()
    hub.grant(HUB, A, [W1]).grant(HUB, B, [W2])
    village, other = village_log(), village_log(B, (W2,), word=WORD2)
    open_case(other, W1, "author.unknown")
    open_case(other, CHIEF, "author.unknown")
    open_case(hub, W1, "author.unknown")
    yield "forged", "other-node", "workers sign on nodes that they are not granted on", \
        Story().take(hub).take(village).take(other)


def revoking():
    hub, village = hub_log(), open_case(village_log())
    hub.grant(HUB, A, [W1, W2])
    until = village.place()
    open_case(village, W1, "author.revoked")
    open_case(village, W2)
    second = Log(A, LEDGER, "second").begin(H)
    open_case(second, W1, "author.revoked")
    hub.revoke(CHIEF, A, [W1], [until]).grant(CHIEF, A, [W1])
    yield "forged", "revoked-worker", "a revoked worker writes on: past the bound, in another log; " \
        "a later grant does not bring the key back", Story().take(hub).take(village).take(second)

    hub, village = hub_log(), open_case(village_log())
    hub.grant(HUB, A, [W1])
    until = village.place()
    open_case(village, W1, "author.revoked")
    village.add(A, "worker.add", "author.revoked", worker=W2.public)
    second = Log(A, LEDGER, "second").begin(H, "author.revoked")
    hub.revoke(HUB, A, [], [until])
    yield "forged", "revoked-node", "a revoked node writes on and begins anew", \
        Story().take(hub).take(village).take(second, expect="ok")

    hub, village = hub_log(), open_case(village_log(), expect="author.revoked")
    hub.grant(HUB, A, [W1])
    hub.revoke(HUB, A, [W1], [[village.id, 4, ident("another", 64)]])
    yield "forged", "revoked-elsewhere", "a revocation names another record at its bound", \
        Story().take(hub).take(village)

    hub, village = hub_log(), village_log(expect="log.grant")
    until = hub.place()
    hub.grant(CHIEF, A, [W1], "author.revoked")
    open_case(hub, CHIEF, "author.revoked")
    hub.revoke(HUB, HUB, [CHIEF], [until])
    yield "forged", "revoked-chief", "what a stolen administrator's key granted counts no more", \
        Story().take(hub).take(village)

    hub = hub_log()
    hub.revoke(CHIEF, HUB, [], []).revoke(CHIEF, HUB, [HUB], [])
    hub.add(HUB, "worker.add", worker=W1.public)
    yield "valid", "revoked-hub", "a hub's own key is not revoked in its ledger", Story().take(hub)


def ending():
    hub, village = hub_log(), village_log(workers=(W1, W2))
    hub.grant(HUB, A, [W1, W2])
    open_case(village, W2)
    village.add(W1, "worker.end", worker=W2.public)
    open_case(village, W2, "author.revoked")
    village.add(W2, "worker.end", "author.revoked", worker=W1.public)
    village.add(W2, "worker.add", "author.revoked", worker=W2.public)
    open_case(village, W1)
    hub.grant(HUB, A, [W2])
    yield "valid", "end", "a worker ends at home: what was counts, what comes later does not, for good", \
        Story().take(hub).take(village)

    hub, village = hub_log(), village_log(workers=(W1, W2))
    hub.grant(HUB, A, [W1, W2]).grant(HUB, B, [W2])
    open_case(village, W2)
    village.add(W2, "worker.end", worker=W2.public)
    open_case(village, W2, "author.revoked")
    village.add(A, "worker.end", worker=W1.public).add(A, "worker.end", worker=A.public)
    open_case(village, W1, "author.revoked")
    village.add(A, "worker.add", worker=W1.public)
    other = open_case(village_log(B, (W2,), word=WORD2), W2)
    other.add(W2, "worker.end", worker=W1.public)
    yield "valid", "end-self", "who ends their own right; a node ends the last; another node is not touched", \
        Story().take(hub).take(village).take(other)

    hub, village = hub_log(), village_log()
    hub.grant(HUB, A, [W1]).grant(HUB, B, [W2])
    open_case(village)
    other = village_log(B, (W2,), word=WORD2)
    other.add(W2, "worker.end", worker=W1.public).add(B, "worker.end", worker=W1.public)
    other.add(W1, "worker.end", "author.unknown", worker=W2.public)
    village.add(W2, "worker.end", "author.unknown", worker=W1.public)
    village.add(HUB, "worker.end", "author.unknown", worker=W1.public)
    village.add(W1, "worker.end", worker=W2.public, later=1)
    hub.add(W1, "worker.end", "author.unknown", worker=CHIEF.public)
    hub.add(CLERK, "worker.end", "author.rights", worker=CHIEF.public)
    hub.add(CHIEF, "worker.end", worker=W1.public)
    open_case(village)
    open_case(other, W2)
    yield "forged", "end-elsewhere", "a worker.end of another node's worker, by who has no right there", \
        Story().take(hub).take(other).take(village)

    hub, village = hub_log(), village_log(expect="log.grant")
    hub.add(CHIEF, "worker.end", worker=CLERK.public)
    open_case(hub, CLERK, "author.revoked")
    hub.add(HUB, "worker.end", worker=CHIEF.public)
    hub.grant(CHIEF, A, [W1], "author.revoked").add(HUB, "worker.end", worker=HUB.public)
    hub.add(HUB, "worker.add", worker=W1.public)
    yield "valid", "end-hub", "an administrator ends a clerk, the hub's node the administrator", \
        Story().take(hub).take(village)

    hub, first = hub_log(), village_log(workers=(W1, W2))
    hub.grant(HUB, A, [W1, W2])
    open_case(first, W2)
    place = first.place()
    open_case(first, W2, "author.revoked")
    second = Log(A, LEDGER, "second").begin(H, continues=[place])
    open_case(second, W2)
    second.add(W1, "worker.end", worker=W2.public)
    open_case(second, W2, "author.revoked")
    third = Log(A, LEDGER, "third").begin(H, continues=[second.place(2)])
    open_case(third, W2, "author.revoked")
    third.add(W2, "worker.end", worker=W1.public)
    open_case(third, W1, "author.revoked")
    open_case(first, W1, "author.revoked")
    yield "valid", "end-incarnation", "an end covers what the log continues up to the heads it names, no other", \
        Story().take(hub).take(first).take(second).take(third)

    old = Log(A, ELSEWHERE).begin("").add(A, "worker.add", worker=W1.public)
    old.add(W1, "worker.add", worker=W2.public)
    open_case(old, W2)
    place = old.place()
    village = Log(A, LEDGER).begin(H).join(WORD, H, [W1, W2], old=[place])
    village.add(W1, "worker.end", worker=W2.public)
    open_case(village, W2, "author.revoked")
    hub = hub_log().grant(HUB, A, [W1, W2], joined=village.id, old=[place])
    yield "valid", "end-old-log", "an end says nothing of the time before the village joined", \
        Story([WORD]).take(hub, 1, 3).take(village).take(old).take(hub, 4)


def old_logs():
    old = Log(A, ELSEWHERE).begin("").add(A, "worker.add", worker=W1.public)
    old.add(W1, "worker.add", worker=W2.public)
    open_case(old)
    open_case(old, W2)
    open_case(old, STRANGER, "author.unknown")
    place = old.place()
    open_case(old, W1, "author.revoked")
    village = Log(A, LEDGER).begin(H).join(WORD, H, [W1], old=[place])
    open_case(village)
    open_case(village, W2, "author.unknown")
    hub = hub_log().grant(HUB, A, [W1], joined=village.id, old=[place])
    yield "valid", "old-log", "a village that worked alone: its old log counts up to the place named", \
        Story([WORD]).take(hub, 1, 3).take(village).take(old).take(hub, 4)

    old = Log(A, ELSEWHERE).begin("", "log.grant").add(A, "worker.add", "log.grant", worker=W1.public)
    hub = hub_log().grant(HUB, A, [W1])
    yield "forged", "old-log-unnamed", "a log of another ledger that no grant names", \
        Story().take(hub).take(old)


def incarnations():
    hub, village = hub_log(), open_case(village_log())
    hub.grant(HUB, A, [W1])
    second = Log(A, LEDGER, "second").begin(H, continues=[village.place()])
    open_case(second)
    yield "valid", "incarnation", "a granted node begins anew without a grant", \
        Story().take(hub).take(village).take(second)

    hub, village = hub_log(), open_case(village_log())
    hub.grant(HUB, A, [W1])
    heir = hub_log(incarnation="second", continues=[hub.place(3)])
    story = Story().take(hub).take(village).take(heir)
    told = {village.id: village.place()[1:]}
    story.acks = [{"text": ack(HUB, hub.id, 8, hub.place()[1:], told).decode(), "expect": "ack.log"},
                  {"text": ack(HUB, heir.id, 1, heir.place()[1:], told).decode(), "expect": "ok"}]
    yield "valid", "superseded-hub", "a restored hub: the grants of its former log count, its receipts do not", \
        story


def newer():
    hub, village = hub_log(), village_log(expect="log.grant")
    hub.grant(HUB, A, [W1], later=1)
    hub.add(HUB, "worker.add", worker=W2.public, roles=["later"])
    hub.add(HUB, "roster.later", x=1)
    open_case(hub, W2, "author.unknown")
    yield "valid", "newer", "a grant with a member, a role of a newer version: without effect yet", \
        Story().take(hub).take(village)


def moved():
    """Records and logs where they were not written."""
    hub, village = hub_log(), open_case(village_log())
    hub.grant(HUB, A, [W1]).grant(HUB, B, [W1])
    other = village_log(B, (W1,), word=WORD2)
    raw, signature = village.lines[3][1:].rsplit(b',"', 1)
    signature = signature[:88].decode()
    other.add_raw(raw.replace(village.id.encode(), other.id.encode()), W1, "record.signature", signature)
    other.add_raw(raw.replace(b'"seq":4', b'"seq":5').replace(village.id.encode(), other.id.encode()),
                  W1, "record.signature", signature)
    yield "forged", "moved-record", "a record put into another log, and to another place", \
        Story().take(hub).take(village).take(other)

    hub = hub_log().grant(HUB, A, [W1])
    away = Log(A, ELSEWHERE).begin(H, "log.grant").add(A, "worker.add", "log.grant", worker=W1.public)
    open_case(away, W1, "log.grant")
    yield "forged", "moved-log", "a granted node's log of another ledger", Story().take(hub).take(away)

    hub, village = hub_log(), village_log(expect="log.grant")
    away = hub_log(ELSEWHERE).grant(HUB, A, [W1])
    away.expect = ["log.id"] * len(away.expect)
    yield "forged", "moved-hub-log", "the hub's log of another ledger, with a grant that is none here", \
        Story().take(hub).take(village).take(away)

    village = open_case(village_log())
    data = village.segment().replace(LEDGER.encode(), ELSEWHERE.encode())
    hub = hub_log().grant(HUB, A, [W1])
    yield "forged", "moved-ledger", "another ledger written into a log's first record", \
        Story().take(hub).take(village, data=data, expect="segment.chain", kept=False)

    false = Log(A, ELSEWHERE)
    false.begin(H, ledger=LEDGER)
    yield "forged", "log-id", "a first record that does not hash to its log id", \
        Story().take(hub).take(false, expect="log.id", kept=False)

    false = Log(A, LEDGER)
    false.add(W1, "log.begin", node=A.public, box=A.box, incarnation=false.incarnation,
              ledger=LEDGER, hub=H, letter="A", continues=[])
    yield "forged", "log-begin-author", "a first record by another than the node it names", \
        Story().take(hub).take(false, expect="log.id", kept=False)

    headless = open_case(Log(A, LEDGER))
    yield "forged", "log-begin", "a log that does not begin with log.begin", \
        Story().take(hub).take(headless, expect="log.id", kept=False)


def at_one_place():
    hub, village = hub_log(), open_case(village_log())
    hub.grant(HUB, A, [W1])
    fork = village_log()
    fork.add(W1, "case.open", title="y")
    yield "forged", "fork", "two records at one place: the first to come counts", \
        Story().take(hub).take(village).take(fork, 4, expect="log.fork", kept=False) \
        .take(village, 4, kept=False)

    open_case(village)
    yield "forged", "no-node", "a segment closed by a worker", \
        Story().take(hub).take(village, 1, 4, kept=False) \
        .take(village, 5, data=village.segment(5, signer=W1), expect="segment.signature", kept=False) \
        .take(village, 5)

    village = open_case(open_case(village_log()))
    yield "valid", "gap", "a segment before its time", \
        Story().take(hub).take(village, 5, expect="segment.gap", kept=False).take(village, 1, 4) \
        .take(village, 5)

    yield "forged", "prev", "a segment after another record", \
        Story().take(hub).take(village, 1, 4, kept=False) \
        .take(village, 5, expect="log.fork", data=unlinked(village), kept=False).take(village, 5)


def unlinked(village):
    """A well closed segment 5 that does not go on from record 4."""
    other = village_log()
    other.add(W1, "case.open", title="z")
    open_case(other)
    return other.segment(5)


def false_joins():
    first = village_log(expect="log.grant")
    again = village_log(B, (W2,), "join.used")
    yield "forged", "word-twice", "an enrolment word used twice", \
        Story([WORD]).take(hub_log()).take(first).take(again)

    copied = Log(B, LEDGER).begin(H, "join.mac")
    mac = join_mac(WORD, A.public, first.id, H, [W1.public])
    copied.join(WORD, H, [W1], "join.mac", mac=mac)
    yield "forged", "word-copied", "a join proof copied to another node's log", \
        Story([WORD]).take(hub_log()).take(copied).take(first)

    for name, told in (("more", [W1, W2]), ("other", [STRANGER])):
        log = Log(A, LEDGER).begin(H, "join.mac")
        mac = join_mac(WORD, A.public, log.id, H, [W1.public])
        log.join(WORD, H, told, "join.mac", mac=mac)
        yield "forged", f"join-{name}", "other workers than the proof is over", \
            Story([WORD]).take(hub_log()).take(log)

    log = Log(A, LEDGER).begin(H, "join.mac")
    log.join(WORD, H, [W2], "join.mac", listed=[W1.public],
             mac=join_mac(WORD, A.public, log.id, H, [W1.public]))
    yield "forged", "join-added", "another worker is added than is listed", \
        Story([WORD]).take(hub_log()).take(log)

    unknown = village_log(A, (W1,), "join.mac", WORD2)
    yield "forged", "word-unknown", "a word of no invitation", \
        Story([WORD]).take(hub_log()).take(unknown)

    other = Log(A, LEDGER).begin(IMPOSTOR.public, "log.id")
    yield "forged", "other-hub", "a village that joined another hub", \
        Story().take(hub_log().grant(HUB, A, [W1])).take(other)


def false_hubs():
    village = village_log(expect="log.grant")
    false = Log(IMPOSTOR, LEDGER).begin(H, "log.grant")
    false.grant(IMPOSTOR, A, [W1], "log.grant")
    false.grant(IMPOSTOR, IMPOSTOR, [W1], "log.grant")
    yield "forged", "impostor", "another key grants as if it were the hub's", \
        Story().take(hub_log()).take(village).take(false)


def receipts():
    hub, village = hub_log(), open_case(village_log())
    hub.grant(HUB, A, [W1])
    ours, theirs = village.place()[1:], hub.place()[1:]
    other = Log(HUB, ELSEWHERE)
    false = [4, digest("another record")]
    story = Story().take(hub).take(village)
    cases = [
        ("ok", ack(HUB, hub.id, 3, theirs, {village.id: ours})),
        ("ok", ack(A, village.id, 3, ours, {hub.id: theirs})),
        ("ack.signature", ack(IMPOSTOR, hub.id, 4, theirs, {village.id: ours})),
        ("ack.signature", ack(A, hub.id, 4, theirs, {village.id: ours})),
        ("ack.log", ack(IMPOSTOR, Log(IMPOSTOR, LEDGER).id, 4, theirs, {village.id: ours})),
        ("ack.log", ack(HUB, Log(HUB, LEDGER, "second").id, 4, theirs, {village.id: ours})),
        ("ack.log", ack(HUB, other.id, 4, theirs, {village.id: ours})),
        ("ack.fork", ack(HUB, hub.id, 4, theirs, {village.id: false})),
        ("ok", ack(HUB, hub.id, 4, theirs, {village.id: [99, false[1]]})),
    ]
    story.acks = [{"text": text.decode(), "expect": expect} for expect, text in cases]
    yield "forged", "receipts", "receipts of another hub, node, incarnation, ledger; of another record", story


def heir_log(hub, until=None, node=HEIR, of=H, key=RECOVERY, expect="ok", **more):
    """The log of a hub's successor; hub: the log that still counts, up to its present end."""
    log = Log(node, LEDGER).begin(node.public, expect)
    log.succeed(key, of, [hub.place()] if until is None else until, expect, **more)
    return log.add(node, "worker.add", expect, worker=W2.public, roles=ALL)


def successors():
    hub, village = hub_log(), open_case(village_log())
    hub.grant(HUB, A, [W1])
    heir = heir_log(hub).grant(W2, A, [STRANGER])
    open_case(heir, CHIEF, "author.unknown")
    open_case(heir, W2)
    open_case(village, STRANGER)
    later = Log(A, LEDGER, "second").begin(HEIR.public, continues=[village.place()])
    open_case(hub, CHIEF, "author.revoked")
    hub.grant(HUB, B, [STRANGER], "author.revoked")
    again = Log(HUB, LEDGER, "second").begin(H, "author.revoked", continues=[heir.place()])
    story = Story(recovery=RECOVERY).take(hub).take(village).take(heir).take(later).take(again)
    told = {village.id: village.place()[1:]}
    story.acks = [{"text": ack(HUB, hub.id, 8, hub.place()[1:], told).decode(), "expect": "ack.log"},
                  {"text": ack(HUB, again.id, 8, again.place()[1:], told).decode(), "expect": "ack.log"},
                  {"text": ack(HEIR, heir.id, 1, heir.place()[1:], told).decode(), "expect": "ok"}]
    yield "valid", "successor", "a hub's successor: what the former hub signed up to the places named " \
        "counts, nothing after, and its receipts are void", story

    hub, village = hub_log(), open_case(village_log())
    hub.grant(HUB, A, [W1])
    heir = heir_log(hub).grant(HEIR, A, [STRANGER])
    next_heir = heir_log(heir, node=GRANDCHILD, of=HEIR.public)
    open_case(heir, W2, "author.revoked")
    open_case(village, STRANGER)
    for pinned, name in ((H, "successor-of-successor"), (GRANDCHILD.public, "successor-pinned")):
        yield "valid", name, "a successor's successor, " + (
            "as the first hub was pinned" if pinned == H else "which alone was pinned, and came first"), \
            Story(hub=pinned, recovery=RECOVERY).take(next_heir).take(heir).take(village).take(hub)

    hub, first, second = hub_log(), hub_log(incarnation="a"), hub_log(incarnation="b")
    first.grant(HUB, A, [W1])
    village = open_case(village_log())
    heir = heir_log(hub, [hub.place(), first.place(), second.place()])
    yield "valid", "successor-unites", "a hub restored twice, whose successor names all its logs: all count", \
        Story(recovery=RECOVERY).take(hub).take(second).take(first).take(village).take(heir)


def false_successors():
    def story(heir, *others, recovery=RECOVERY):
        told = Story(recovery=recovery).take(hub).take(village).take(heir)
        for other in others:
            told.take(other)
        return told

    hub, village = hub_log(), open_case(village_log())
    hub.grant(HUB, A, [W1])
    no = {"expect": "log.id"}
    yield "forged", "successor-key", "a successor named with another key than the one pinned", \
        story(heir_log(hub, key=IMPOSTOR, **no))
    yield "forged", "successor-signature", "the pinned key stands there, another one signed", \
        story(heir_log(hub, key=IMPOSTOR, claims=RECOVERY.public, **no))
    yield "forged", "successor-unpinned", "no recovery key was pinned", \
        story(heir_log(hub, **no), recovery=None)
    yield "forged", "successor-ledger", "a successor of the hub in another ledger", \
        story(heir_log(hub, ledger=ELSEWHERE, **no))
    yield "forged", "successor-of-other", "a successor of another hub", \
        story(heir_log(hub, of=IMPOSTOR.public, **no))
    yield "forged", "successor-of", "signed for another hub, changed to this one", \
        story(heir_log(hub, signed_of=IMPOSTOR.public, **no))
    yield "forged", "successor-box", "another encryption key than the one signed", \
        story(heir_log(hub, box=IMPOSTOR.box, **no))
    yield "forged", "successor-until", "another place up to which the former hub counts than was signed", \
        story(heir_log(hub, signed_until=[], **no))
    yield "forged", "successor-copied", "the successor's record, copied into another node's log", \
        story(heir_log(hub, node=IMPOSTOR, signed_for=Log(HEIR, LEDGER), box=HEIR.box, **no))
    yield "forged", "successor-more", "a member of a newer version beside: without effect yet", \
        story(heir_log(hub, later=1, **no))

    late = Log(HEIR, LEDGER).begin(HEIR.public, "log.id") \
        .add(HEIR, "worker.add", "log.id", worker=W2.public, roles=ALL) \
        .succeed(RECOVERY, H, [hub.place()], "log.id")
    yield "forged", "successor-late", "named in the third record", story(late)
    by = Log(HEIR, LEDGER).begin(HEIR.public, "log.id") \
        .succeed(RECOVERY, H, [hub.place()], "log.id", author=W2)
    yield "forged", "successor-author", "named by a worker", story(by)

    heir = heir_log(hub)
    yield "forged", "successor-twice", "two successors of one hub: the one received first counts", \
        story(heir, heir_log(hub, node=IMPOSTOR, expect="log.fork"))
    again = Log(HEIR, LEDGER, "second").begin(HEIR.public, continues=[heir.place()])
    again.succeed(RECOVERY, H, [], "author.rights", signed_for=heir)
    yield "forged", "successor-again", "the record, copied into another log of the successor's", \
        story(heir, again)
    for node, expect in ((A, "author.rights"), (HUB, "author.rights")):
        hub, village = hub_log(), open_case(village_log())
        hub.grant(HUB, A, [W1])
        log = hub if node == HUB else village
        log.succeed(RECOVERY, H, [hub.place()], expect)
        yield "forged", "successor-by-" + ("hub" if node == HUB else "village"), \
            "one who is no new hub copies the record into a log", story(heir_log(hub))


def former_hubs():
    hub, village = hub_log(), open_case(village_log())
    hub.grant(HUB, A, [W1])
    place = hub.place()
    hub.revoke(HUB, A, [W1], [], "author.revoked")
    hub.add(HUB, "worker.add", "author.revoked", worker=STRANGER.public, roles=ALL)
    heir = heir_log(hub, [place])
    heir.add(HEIR, "quarantine.release", place=hub.place(6))
    hub.expect[5] = "ok"
    yield "forged", "former-hub", "a former hub goes on: it revokes no one; one record is released", \
        Story(recovery=RECOVERY).take(hub).take(village).take(heir)

    hub, village = hub_log(), open_case(village_log(), expect="log.grant")
    village.expect = ["log.grant"] * len(village.expect)
    hub.grant(HUB, A, [W1], "author.revoked")
    yield "forged", "former-hub-other", "the successor names another record at the bound", \
        Story(recovery=RECOVERY).take(hub).take(village).take(
            heir_log(hub, [[hub.id, 4, ident("another", 64)]]))


def carry(log, author, expect="ok"):
    """A line of another ledger: who may write one here is all that is judged."""
    other = open_case(Log(B, ELSEWHERE, "first").begin(H).join(WORD2, H, (W2,)), W2)
    return log.add(author, "case.carry", expect, at=other.clock, case=other.ids[-1], heads=[], of=other.id,
                   place=4, prev=other.ids[-2], line=other.lines[-1].decode().strip(), node=B.public)


def carrying():
    hub, village = hub_log(), village_log()
    hub.grant(HUB, A, [W1])
    carry(carry(hub, HUB), CHIEF)
    carry(hub, CLERK, "author.rights")
    carry(carry(village, W1, "author.rights"), A, "author.rights")
    open_case(village)
    yield "forged", "carry-rights", "only a hub's node and administrator carry from ledger to ledger", \
        Story().take(hub).take(village)
