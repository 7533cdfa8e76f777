"""Figures and samples: sync/FORMAT.md §14, "Figures" and "Samples"."""
import collections
import hashlib


SHARES = ["response", "resolution", "satisfaction", "on_time", "same_hand"]
COLUMNS = ["unreachable", "anonymous", "refused", "no_follow_up", "overdue", "breached"]
REACHED = ("satisfied", "partly", "dissatisfied")


class Facts:
    """What of a case goes into the figures, at a moment."""

    def __init__(self, case, now_ms):
        d, self.case = case.deadline, case
        answer = case.answer_place(case.applied)
        result = case.result(answer) if answer is not None else None
        result = None if result == "reopened" else result
        resolved = [case.records[p].at for p in case.applied if case.moves[p] == "resolve"]
        answered, last = d.answered, resolved[-1] if resolved else None
        closed = case.state == "closed"
        no_one = result == "unreachable" or result is None and case.anonymous
        unasked = closed and no_one and bool(case.beside("state", "no_follow_up"))
        reached = result in REACHED
        late = answered is None and d.answer_due is not None and now_ms >= d.answer_due
        refused = case.state == "refused" or closed and not resolved and result is None
        goes_on = d.rounds[-1][1] is None
        last_late = goes_on and d.resolve_due is not None and now_ms >= d.resolve_due
        self.shares = {
            "response": (answered is not None and not d.late(answered, d.answer_due), answered is not None or late),
            "resolution": (reached and case.records[answer].solved == "yes", reached),
            "satisfaction": (result == "satisfied", reached or closed and result is None and not case.anonymous
                             and not refused),
            "on_time": (bool(resolved) and not d.late_rounds and not last_late, bool(resolved) or last_late),
            "same_hand": (reached and self.same_hand(case, answer), reached),
        }
        self.columns = {
            "unreachable": result == "unreachable", "anonymous": case.anonymous, "refused": refused,
            "no_follow_up": unasked, "overdue": d.overdue(now_ms), "breached": d.breaches > 0,
        }
        self.minutes = [max(0, (at - case.opened) // 60000) if at is not None else None for at in (answered, last)]
        self.asked_for = case.state in ("followed-up", "closed") and not case.anonymous and not unasked

    @staticmethod
    def same_hand(case, answer):
        resolved = [p for p in case.bits(case.seen[answer]) if case.counts(p) and case.moves[p] == "resolve"]
        return bool(resolved) and case.records[resolved[-1]].by == case.records[answer].by


def median(minutes):
    got = sorted(m for m in minutes if m is not None)
    return got[(len(got) - 1) // 2] if got else None


def in_month(case, month):
    return month is None or case.month == month


def looked_at(cases, month):
    return [c for c in cases if c.opening and not c.opening.history and in_month(c, month)]


def figures(cases, now_ms, month=None):
    """As `stats` has them."""
    cases = looked_at(cases, month)
    facts = [Facts(c, now_ms) for c in cases if c.state not in ("merged", "void")]
    out = {"month": month, "cohort": len(facts), "merged": sum(c.state == "merged" for c in cases),
           "void": sum(c.state == "void" for c in cases)}
    for share in SHARES:
        out[share] = {"numerator": sum(f.shares[share][0] and f.shares[share][1] for f in facts),
                      "denominator": sum(f.shares[share][1] for f in facts)}
    for column in COLUMNS:
        out[column] = sum(f.columns[column] for f in facts)
    out["median_answer_minutes"] = median(f.minutes[0] for f in facts)
    out["median_resolve_minutes"] = median(f.minutes[1] for f in facts)
    return out


def grouped(cases, by, now_ms, month=None):
    """by(case): a key, as a dict of what names it."""
    groups = collections.defaultdict(list)
    for case in looked_at(cases, month):
        groups[tuple(sorted(by(case).items(), key=str))].append(case)
    return [{**dict(key), **figures(group, now_ms, month)} for key, group in groups.items()]


def sample(cases, size, seed, month=None):
    """Ids, in the order drawn."""
    draw = [c for c in looked_at(cases, month) if c.state not in ("merged", "void") and Facts(c, 0).asked_for]
    def asked(case):
        resolved = max((p for p in case.applied if case.moves[p] == "resolve"), default=-1)
        return any(case.moves[p] == "followup" and case.records[p].log.hub and p > resolved for p in case.applied)
    def rank(case):
        return hashlib.sha256(f"yizhan-sample-v1\n{seed}\n{case.id}\n".encode()).digest()
    return [c.id for c in sorted(draw, key=rank) if not asked(c)][:size]
