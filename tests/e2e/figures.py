"""Figures over cases: sync/FORMAT.md §14, "Figures", as plainly as it can be said.

    figures.py PROGRAM NODE...   works them out of `export --format jsonl` alone and compares with what
                                 `stats` prints. (tests/judge/ works them out of the records.)
"""
import collections
import datetime
import json
import os
import statistics
import subprocess
import sys
import time

ZONE = datetime.timezone(datetime.timedelta(hours=8))
OPEN = {"registered", "accepted", "assigned", "returned", "in-hand"}
REACHED = {"satisfied", "partly", "dissatisfied"}
DIMENSIONS = ["category", "village", "worker", "office"]


def past(ms, due):
    return ms is not None and due is not None and ms >= due


class Row:
    """What figures need of a case. Times in ms, None: not so."""

    def __init__(self, **facts):
        self.__dict__.update(facts)

    @property
    def reached(self):
        return self.result in REACHED

    @property
    def refused(self):
        return self.state == "refused" or self.state == "closed" and self.resolved is None and self.result is None

    @property
    def unasked(self):
        """Closed as one whom no one can ask, which they are: nobody knows who, or tried in vain."""
        return self.state == "closed" and self.no_follow_up and (
            self.result == "unreachable" or self.result is None and self.anonymous)

    @property
    def month(self):
        return datetime.datetime.fromtimestamp(self.opened / 1000, ZONE).strftime("%Y-%m")


def share(of, counted):
    """Those of them of which it is so, out of all."""
    of = list(of)
    return {"numerator": sum(map(counted, of)), "denominator": len(of)}


def median(pairs):
    minutes = [max(0, to - begin) // 60000 for begin, to in pairs if to is not None]
    return statistics.median_low(minutes) if minutes else None


def figures(rows, now):
    rows = [r for r in rows if not r.imported]
    cohort = [r for r in rows if r.state not in ("merged", "void")]
    reached = [r for r in cohort if r.reached]
    unheard = [r for r in cohort if r.state == "closed" and r.result is None and not r.refused
               and not r.anonymous]
    in_time = {id(r): not past(now if r.answered is None else r.answered, r.answer_due) for r in cohort}
    late = {id(r): r.state in OPEN and past(now, r.resolve_due) for r in cohort}
    breaches = {id(r): r.breaches - past(r.answered, r.answer_due) for r in cohort}
    return {
        "cohort": len(cohort),
        "merged": sum(r.state == "merged" for r in rows),
        "void": sum(r.state == "void" for r in rows),
        "response": share((r for r in cohort if r.answered is not None or not in_time[id(r)]), lambda r: in_time[id(r)]),
        "resolution": share(reached, lambda r: r.solved == "yes"),
        "satisfaction": share(reached + unheard, lambda r: r.result == "satisfied"),
        "on_time": share((r for r in cohort if r.resolved is not None or late[id(r)]),
                         lambda r: not late[id(r)] and breaches[id(r)] == 0),
        "same_hand": share(reached, lambda r: r.same_hand),
        "unreachable": sum(r.result == "unreachable" for r in cohort),
        "anonymous": sum(r.anonymous for r in cohort),
        "refused": sum(r.refused for r in cohort),
        "no_follow_up": sum(r.unasked for r in cohort),
        "overdue": sum(past(now, r.due) for r in cohort),
        "breached": sum(r.breaches > 0 for r in cohort),
        "median_answer_minutes": median((r.opened, r.answered) for r in cohort),
        "median_resolve_minutes": median((r.opened, r.resolved) for r in cohort),
    }


def keys(row, dimension):
    """The members that name a case's group."""
    if dimension == "worker":
        return {"village": row.village, "worker": row.opened_by}
    if dimension == "office":
        return {"office": row.assigned if row.office else None}
    return {dimension: getattr(row, dimension)}


def stats(rows, now, month=None, dimension=None):
    """What `stats` prints."""
    rows = [r for r in rows if month in (None, r.month)]
    if dimension is None:
        return {"month": month, **figures(rows, now)}
    groups = collections.defaultdict(list)
    for r in rows:
        groups[tuple(keys(r, dimension).items())].append(r)
    order = sorted(groups, key=lambda k: [(v is None, (v or "").encode()) for _, v in k])
    return [{**dict(k), "month": month, **figures(groups[k], now)} for k in order]


# --- rows ----------------------------------------------------------------------


def ms(text):
    return None if text is None else round(datetime.datetime.fromisoformat(text).timestamp() * 1000)


def exported(line):
    """A line of `export --format jsonl`. What its history says must be what stands beside it."""
    c = json.loads(line)
    row = Row(**{k: c[k] for k in ("state", "result", "solved", "same_hand", "anonymous", "no_follow_up", "imported",
                                   "category", "village", "opened_by", "office", "assigned", "breaches")},
              **{k: ms(c[k]) for k in ("opened", "answered", "resolved", "due", "answer_due", "resolve_due")})
    counts = [h for h in c["history"] if h["effect"] in ("applied", "conflict")]
    answers = {"case.accept", "case.refuse", "case.assign", "case.sign", "case.resolve", "case.merge"}
    resolved = [h for h in counts if h["type"] == "case.resolve"]
    assert row.answered == min((ms(h["at"]) for h in counts if h["type"] in answers), default=None), c
    assert row.resolved == (ms(resolved[-1]["at"]) if resolved else None), c
    assert row.opened_by == counts[0]["by"] and row.opened == ms(counts[0]["at"]), c
    assert row.imported == bool(counts[0]["body"].get("history")), c
    return row


class Node:
    def __init__(self, program, dir):
        self.program, self.dir, self.wrong = program, dir, []
        self.now_ms = int(os.environ.get("YIZHAN_TEST_NOW", time.time() * 1000))

    def say(self, *args):
        return subprocess.run([self.program, "--dir", self.dir, *args], capture_output=True, text=True, check=True).stdout

    def json(self, *args):
        return json.loads(self.say("--json", *args))

    def same(self, what, ours, theirs):
        if ours != theirs:
            self.wrong.append(f"{what}: we find {ours!r}, it says {theirs!r}")


def compare(node):
    rows = [exported(line) for line in node.say("export", "--format", "jsonl").splitlines()]
    for month in [None, *sorted({r.month for r in rows}), "1999-01"]:
        for dimension in [None, *DIMENSIONS]:
            args = [*(["--month", month] if month else []), *(["--by", dimension] if dimension else [])]
            ours, theirs = stats(rows, node.now_ms, month, dimension), node.json("stats", *args)
            if dimension is None:
                ours, theirs = [ours], [theirs]
            node.same(f"groups of {args}", len(ours), len(theirs))
            for mine, other in zip(ours, theirs):
                for key in mine.keys() | other.keys():
                    node.same(f"{args} {mine.get(dimension)} {key}", mine.get(key, "-"), other.get(key, "-"))
    return len(rows)


if __name__ == "__main__":
    nodes = [Node(sys.argv[1], dir) for dir in sys.argv[2:]]
    for node in nodes:
        print(f"{node.dir}: {compare(node)} cases, {len(node.wrong)} differences", *node.wrong[:20], sep="\n")
    sys.exit(any(node.wrong for node in nodes))
