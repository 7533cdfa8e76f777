"""lie.py HUB-STORE NODE-STORE REPOSITORY LOG CASE LIE: pushes one segment in this node's
name, on top of what the hub has: an honest note, what LIE says, an honest note. Prints
the seq of the record that LIE made."""
import sys
import time

import forge

hub, node, repository, log, case, lie, *more = sys.argv[1:]
known, own = forge.Store(hub), forge.Store(node)
key, worker, stranger = own.node(), own.worker(), forge.Key()
seq, last = known.head(log)
if lie == "fork":  # in the place of the last record
    seq, last = known.db.execute("SELECT seq, id FROM record WHERE seq=? AND log=(SELECT n FROM log"
                                 " WHERE id=?)", (seq - 3, bytes.fromhex(log))).fetchone()
boxes = [own.one("SELECT hub_box FROM ledger WHERE joined=1"),
         own.one("SELECT box FROM log WHERE own=1 LIMIT 1")]
now = int(time.time() * 1000)
if lie == "far_future":  # beside what the hub's clock is to follow
    now += 7200000
segment = forge.Log(log, seq, last, key)


def members(kind, **others):
    return {"hlc": [now, len(segment.lines)], "type": kind, **others}


def note(text, by=worker, hlc=None, sign=True, version=1, kind="case.note", content=None, **others):
    rest = members(kind, case=case, heads=[case], at=now, **others)
    if hlc:
        rest["hlc"] = hlc
    return segment.add(by, rest, content or {"text": text}, version=version, sign=sign)


def trust(kind, by, **others):
    segment.add(by, members(kind, **others))


def other_content():
    note("gift")
    segment.items[-1] = segment.items[-1].replace(b"gift", b"debt")


def grant(by):
    trust("roster.grant", by, node=key.hex, workers=[stranger.hex], old=[])


def words(kind, content, **others):
    segment.add(worker, members(kind, at=now, **others), content)


def carry(by):
    """The other village's case, its line as it was signed, carried by one who is no hub."""
    line, seq, log, node, before = known.db.execute(
        "SELECT r.line, r.seq, l.id, l.node, (SELECT p.id FROM record p WHERE p.log=r.log AND p.seq=r.seq-1),"
        " r.n FROM record r JOIN log l ON l.n=r.log WHERE r.type='case.open' AND r.id<>? ORDER BY r.n LIMIT 1",
        (bytes.fromhex(case),)).fetchone()[:5]
    of = forge.sha(b"yizhan-record-v1\n", before.hex().encode(), b"\n", line[1:-92].encode()).hex()
    trust("case.carry", by, at=now, case=of, heads=[], of=log.hex(), place=seq, prev=before.hex(), line=line,
          node=node.hex(), hub=True, head=True)


def unseen():
    """Asks the township, then decides as if it had not; asks for days again and again; each names the opening
    alone. The last one's stamp lies before what it knew."""
    note("", kind="case.escalate", content={"reason": "x"})
    note("", kind="case.extend", days=5, content={"reason": "x"})
    note("", kind="case.extend", days=5, content={"reason": "x"})
    note("", kind="case.refuse", content={"reason": "x"}, hlc=[0, 0])


LIES = {
    "unseen": unseen,
    "carry": lambda: carry(worker),
    "carry_by_node": lambda: carry(key),
    "notice": lambda: words("notice.post", {"title": "no more", "text": "tax"}, notice="ab" * 16),
    "household_people": lambda: words("household.add", {"name": "odd", "people": {"0": "x"}}),
    "household_long": lambda: words("household.add", {"name": "x" * 201}),
    "household_newer": lambda: words("household.add", {"name": "odd"}, stars=5),
    "household_nowhere": lambda: words("household.visit", {"text": "x"}, household="12" * 32),
    "household_theirs": lambda: words("household.edit", {"fields": {"name": "mine"}}, household=more[1]),
    "household_odd_edit": lambda: words("household.edit", {"fields": {"name": None}}, household=more[2]),
    "household_huge": lambda: words("household.add", {"name": "big", "note": "x" * 1000000,
                                                      "people": ["p" * 200] * 100}),
    "long_title": lambda: note("", kind="case.edit", content={"fields": {"title": "长" * 100000}}),
    "erase": lambda: words("village.erase", {"reason": "x"}, of=case),
    "stranger": lambda: note("who", by=stranger),
    "elsewhere": lambda: note("v2", by=forge.Store(more[0]).worker()),
    "signature": lambda: note("unsigned", sign=False),
    "grant": lambda: grant(worker),
    "grant_by_node": lambda: grant(key),
    "note_by_node": lambda: note("node", by=key),
    "release": lambda: trust("quarantine.release", key, place=[log, 1, "0" * 64]),
    "ceiling": lambda: trust("clock.ceiling", worker, of=log, **{"from": 1}, ceiling=1),
    "begin": lambda: trust("log.begin", key, node=key.hex),
    "other_content": other_content,
    "far_future": lambda: note("2500", hlc=[9007199254740991, 0]),
    "far_past": lambda: note("1970", hlc=[0, 0]),
    "version": lambda: note("v2", version=2),
    "unknown_type": lambda: note("new", kind="case.praise"),
    "unknown_area": lambda: trust("weather.report", worker, sky="blue"),
    "unknown_field": lambda: note("new", stars=5),
    "unknown_content": lambda: note("", content={"text": "new", "voice": "old"}),
    "unknown_value": lambda: note("", kind="case.followup", result="delighted", content={"text": "x"}),
    "unwrapped": lambda: note("sealed to nobody"),
    "fork": lambda: note("another story"),
    "overlap": lambda: note("twice"),
    "no_closing": lambda: note("closed by another"),
}
note("honest before " + lie)
LIES[lie]()
lied = segment.seq
note("honest after " + lie)
if lie == "overlap":  # the last record once more, in a segment that reaches into the one before
    place = "FROM record WHERE seq=? AND log=(SELECT n FROM log WHERE id=?)"
    line, = known.db.execute("SELECT line " + place, (seq, bytes.fromhex(log))).fetchone()
    segment.prev, = known.db.execute("SELECT id " + place, (seq - 1, bytes.fromhex(log))).fetchone()
    segment.first -= 1
    segment.lines.insert(0, line.encode() + b"\n")
if lie == "unwrapped":
    boxes = boxes[1:]
if lie == "no_closing":
    segment.node = stranger
key.ssh_file("liar")
log_files, key_files = segment.files(boxes)
forge.commit(repository, f"refs/heads/keys/{log}", key_files, "liar", name=key.hex[:16])
if lie == "fork":
    forge.git(repository, "update-ref", f"refs/heads/log/{log}", f"refs/heads/log/{log}~1")
forge.commit(repository, f"refs/heads/log/{log}", log_files, "liar", name=key.hex[:16])
print(lied)
