"""A case from its set of records: sync/FORMAT.md §14, as plainly as it can be said.

Sets of records are bits of an integer, by the records' places in the order.
"""
import heapq

import deadlines
import records
import settled

FIVE_YEARS = 5 * 366 * 86400 * 1000
ENDED = {"refused", "closed", "merged", "void"}
SETTLED = {"resolved", "followed-up"}
BEFORE_RESOLVED = {"registered", "accepted", "assigned", "returned", "in-hand"}
STATES = ["registered", "accepted", "refused", "assigned", "returned", "in-hand", "resolved", "followed-up",
          "closed", "merged", "void"]
ANY = set(STATES)
FIELDS = ["title", "text", "category", "channel", "urgency", "place", "resident", "phone", "household"]
# type: in these states, leads to, plain members, content members; a name with ? may be absent
TABLE = {
    "open": (set(), "registered", "number history? class? about?",
             "title text? category? channel? urgency? place? resident? phone? household? source? anonymous?"),
    "accept": ({"registered"}, "accepted", "", "text?"),
    "refuse": ({"registered"}, "refused", "", "reason turn_to?"),
    "assign": (ANY - ENDED, "assigned", "worker? office? ledger?", "to"),
    "sign": ({"assigned"}, "in-hand", "", ""),
    "return": ({"assigned"}, "returned", "", "reason"),
    "note": (ANY, None, "", "text"),
    "contact": (ANY, None, "", "text"),
    "visit": (ANY, None, "", "text?"),
    "attach": (ANY, None, "pieces", "name media size key"),
    "escalate": (ANY - ENDED, None, "", "reason"),
    "supervise": (ANY, None, "", "text?"),
    "pause": (ANY - ENDED, None, "", "reason"),
    "resume": (ANY - ENDED, None, "", "text?"),
    "resolve": (ANY - ENDED - SETTLED, "resolved", "", "text"),
    "followup": (SETTLED | {"merged"}, "followed-up", "result solved?", "text?"),
    "close": (SETTLED | {"refused"}, "closed", "no_follow_up?", "reason?"),
    "reopen": (SETTLED | {"refused", "closed"}, "in-hand", "", "reason?"),
    "void": (ANY - ENDED - SETTLED, "void", "", "reason"),
    "edit": (ANY, None, "class?", "fields?"),
    "merge": (ANY - ENDED, "merged", "into", "text?"),
    "refer": (ANY - ENDED, None, "ledger?", "to reason"),
    "extend": (ANY - ENDED, None, "days", "reason"),
    "settle": (ANY, None, "state? class?", "fields?"),
}
ANSWERS = ["unreachable", "satisfied", "partly", "reopened", "dissatisfied"]  # from weak to strong


def order(these, ceilings):
    """The records in the case's order, the places of what each one's writer knew, the opening, the stamps as counted."""
    here = {r.id: r for r in these}
    opening = min((r.id for r in these if r.type == "case.open" and not r.case), default=None)
    heads, counted = {}, {}
    for r in these:
        heads[r.id] = [h for h in r.heads or [] if h in here] if r.id != opening else []
        before = [o for o in these if o.log.id == r.log.id and o.seq < r.seq]
        if before and r.id != opening:  # whoever writes in a log knows what it holds
            heads[r.id].append(max(before, key=lambda o: (o.seq, o.id)).id)
        if not heads[r.id] and r.id != opening and opening:
            heads[r.id] = [opening]
    waits = {id: set(h) for id, h in heads.items()}
    ready, out = [], []

    def push(id):
        stamp = here[id].stamp
        carried = here[id].carried
        if carried and carried.ceiling is not None:
            stamp = min(stamp, (carried.ceiling, 0))
        for log, seq, ms in ceilings:
            if here[id].log.id == log and here[id].seq >= seq:
                stamp = min(stamp, (ms, 0))
        if heads[id]:
            ms, count = newest = max(counted[h] for h in heads[id])
            stamp = max(newest, min(stamp, (ms + FIVE_YEARS, count)))
        counted[id] = stamp
        heapq.heappush(ready, (stamp, id))

    for id in here:
        if not waits[id]:
            push(id)
    while ready:
        _, id = heapq.heappop(ready)
        out.append(here[id])
        for other in here:
            if id in waits[other]:
                waits[other].discard(id)
                if not waits[other]:
                    push(other)
    place = {r.id: n for n, r in enumerate(out)}
    return out, [[place[h] for h in heads[r.id]] for r in out], opening, [counted[r.id] for r in out]


def known(r, move):
    if move not in TABLE:
        return False
    for members, given in ((TABLE[move][2], r.own), (TABLE[move][3], r.content or {})):
        names = {m.rstrip("?") for m in members.split()}
        needed = {m for m in members.split() if not m.endswith("?")}
        if not set(given) <= names or not needed <= set(given):
            return False
    return True


class Case:
    """A case as it stands. policy(stamp): what was settled then; heads: who is the township's
        head, and since when."""

    def __init__(self, these, ceilings=(), policy=lambda stamp: settled.DEFAULT, heads=()):
        self.policy, self.heads = policy, heads
        self.records, self.parents, opening, self.stamps = order(these, ceilings)
        n = len(self.records)
        self.moves = [r.type.split(".", 1)[1] for r in self.records]
        self.seen, self.effects = [], [None] * n
        self.to, self.flags = [None] * n, set()
        self.about = next((r.about for r in self.records if r.id == opening), None)
        for p in range(n):
            mask = 0
            for q in self.parents[p]:
                mask |= self.seen[q] | 1 << q
            self.seen.append(mask)
            self.judge(p, self.records[p].id == opening)
        self.fold()

    # --- one record -------------------------------------------------------

    def bits(self, mask):
        return [p for p in range(len(self.records)) if mask >> p & 1]

    def counts(self, p):
        return self.effects[p] in ("applied", "conflict")

    def standing(self, places):
        """Those that no other of them has seen."""
        return [p for p in places if not any(self.seen[q] >> p & 1 for q in places)]

    def weight(self, p):
        if self.moves[p] == "reopen" or self.result(p) == "dissatisfied":
            return (3, p)
        if self.moves[p] == "merge":
            return (2, p)
        return (1 if self.records[p].log.hub else 0, p)

    def weigh(self, name):
        return self.weight if name == "state" else lambda p: p

    def said_again(self, p, name):
        """What a settlement says again: of the moves of its state that stood for its writer, of a field of the writes
        of its value that its writer saw, the weightiest."""
        value = self.value(p, name)
        knew = [q for q in self.bits(self.seen[p]) if self.counts(q) and self.writes(q, name)]
        if name == "state":
            knew = self.standing(knew)
        return max((q for q in knew if self.value(q, name) == value), key=self.weigh(name), default=None)

    def gives_way(self, p, others, name):
        """A settlement to another write that had seen what it says again; of two settlements to the weightier."""
        again = self.said_again(p, name) if self.moves[p] == "settle" else None
        return again is not None and any(
            self.seen[q] >> again & 1 and (self.moves[q] != "settle" or self.weight(q) > self.weight(p))
            for q in others if q != p)

    def standing_writes(self, places, name):
        """Those of the writes that stand and do not give way; the one that counts."""
        stand = self.standing(places)
        out = [p for p in stand if not self.gives_way(p, stand, name)]
        return out, max(out, key=self.weigh(name), default=None)

    def result(self, p):
        """The answer that a record gives; "reopened" is none."""
        if self.moves[p] == "followup":
            return self.records[p].result
        return "reopened" if self.moves[p] == "reopen" else None

    def leads_to(self, p):
        move = self.moves[p]
        if move == "followup" and self.records[p].result == "dissatisfied":
            return "in-hand"
        if move == "settle":
            return self.records[p].state
        return TABLE[move][1]

    def allowed(self, p, state):
        move, r = self.moves[p], self.records[p]
        where = TABLE[move][0]
        if move == "followup" and r.log.hub:
            where = where | {"closed"}
        return state in where

    def judge(self, p, opens):
        move, r = self.moves[p], self.records[p]
        self.effects[p] = "none"
        if not known(r, move):
            self.effects[p] = "needs-newer"
            return
        if move == "open":
            if not opens:
                return
        else:
            knew = [q for q in self.bits(self.seen[p]) if self.counts(q)]
            stand, best = self.standing_writes([q for q in knew if self.to[q]], "state")
            state = self.to[best] if stand else "registered"  # without it the opening is not here, or does not count
            stand_states = {self.to[q] for q in stand}
            several = len(stand_states) > 1
            if move == "settle" and r.state:
                if not (several and r.state in stand_states):
                    return
            elif not self.allowed(p, state) and not (several and self.leads_to(p) == state):
                return
            if self.about and self.about == (r.worker if move == "assign" else r.by if move == "followup" else None):
                return
            if self.is_request(p, knew):
                self.effects[p] = "request"
                return
        self.effects[p] = "applied"
        self.to[p] = self.leads_to(p)

    def is_request(self, p, knew):
        """Is it not its writer's to decide, as they knew the case?"""
        move, r = self.moves[p], self.records[p]
        head = bool(r.carried.head) if r.carried else r.log.hub and any(
            (node, w) == (r.log.node, r.by) and since < r.place_at_hub for node, w, since in self.heads)
        if move == "settle":  # it is whose the move would be
            move = {"refused": "refuse", "void": "void", "merged": "merge", "closed": "close"}.get(r.state, move)
        if not head and move == "close" and self.answer(knew) == "dissatisfied":
            return True
        if not head and move == "extend" and self.extends_too_far(p, knew):
            return True
        if r.log.hub or move not in ("refuse", "void", "merge", "extend", "close"):
            return False
        unhappy = sum(self.result(q) == "dissatisfied" for q in knew)
        if unhappy < 2 and not any(self.moves[q] in ("escalate", "refer", "supervise") for q in knew):
            return False
        return move != "close" or self.answer(knew) != "satisfied"

    def extends_too_far(self, p, knew):
        r = self.records[p]
        _, best = self.standing_writes([q for q in knew if self.writes(q, "class")], "class")
        kind = self.value(best, "class") if best is not None else "ordinary"
        last = max((q for q in knew if self.result(q) in ("reopened", "dissatisfied")), default=-1)
        again = any(self.moves[q] == "extend" and q > last for q in knew)
        return again or r.days > self.policy(self.stamps[p])[kind][1]

    def answer_place(self, places):
        """The record with the answer that counts among these; None where there is none."""
        given = [p for p in places if self.result(p)]
        strong = [p for p in given if self.result(p) != "unreachable"]
        stand = [p for p in given if not any(self.seen[q] >> p & 1 for q in strong)]
        best = max(stand, key=lambda p: (ANSWERS.index(self.result(p)), p), default=None)
        if best is not None and self.result(best) == "reopened":
            tried = [p for p in stand if self.result(p) == "unreachable" and self.seen[p] >> best & 1]
            best = max(tried, default=best)
        return best

    def answer(self, places):
        best = self.answer_place(places)
        return self.result(best) if best is not None else None

    # --- all together -----------------------------------------------------

    def fold(self):
        self.fields, self.conflicts, self.by = {}, {}, {}
        self.applied = applied = [p for p in range(len(self.records)) if self.counts(p)]
        for name in ["state", "class", "assigned", *FIELDS]:
            self.register(name, [p for p in applied if self.writes(p, name)])
        self.fields["class"] = self.fields["class"] or "ordinary"
        self.state = self.fields["state"] or "registered"
        for p in applied:
            flag = {"escalate": "escalated", "supervise": "supervised", "reopen": "reopened",
                    "refer": "referred"}.get(self.moves[p])
            self.flags |= {flag} if flag else set()
            if self.result(p) == "dissatisfied":
                self.flags.add("reopened")
        if sum(self.result(p) == "dissatisfied" for p in applied) >= 2:
            self.flags.add("escalated")
        rests = self.standing([p for p in applied if self.moves[p] in ("pause", "resume")])
        if rests and self.moves[max(rests, key=self.weight)] == "pause":
            self.flags.add("paused")
        if self.about and any(self.moves[p] == "open" for p in applied):
            self.flags.add("about-worker")
        if any(self.moves[p] == "open" and "township" in (self.records[p].body.get("content") or {}) for p in applied):
            self.flags.add("township-only")
        if "needs-newer" in self.effects:
            self.flags.add("needs-newer")
        opening = next((r for p, r in enumerate(self.records) if self.moves[p] == "open" and self.counts(p)), None)
        self.opening = opening
        self.number = opening.number if opening else None
        self.id = opening.id if opening else self.records[0].case
        self.opened = opening.at if opening else None
        self.anonymous = bool(opening and (opening.content or {}).get("anonymous"))

    def register(self, name, written):
        stand, best = self.standing_writes(written, name)
        self.by[name] = best
        self.fields[name] = self.value(best, name) if best is not None else None
        values = {self.value(p, name) for p in stand}
        if len(values) > 1:
            self.conflicts[name] = values
        for p in stand:
            if self.value(p, name) != self.fields[name]:
                self.effects[p] = "conflict"

    def beside(self, name, member):
        """What the record that says a field says beside, or the one that a settlement settled on."""
        p = self.by[name]
        while p is not None and self.moves[p] == "settle":
            p = self.said_again(p, name)
        return None if p is None else self.records[p].own.get(member)

    def said(self, p):
        """The fields that a record names."""
        r, content = self.records[p], self.records[p].content or {}
        said = {}
        if self.moves[p] == "assign":
            said = {"assigned": content.get("to")}
        if self.moves[p] == "open":
            said = dict(content)
        if self.moves[p] in ("edit", "settle"):
            said = dict(content.get("fields", {}))
        if "class" in r.own:
            said["class"] = r.own["class"]
        if self.to[p]:
            said["state"] = self.to[p]
        return said

    def writes(self, p, name):
        return name in self.said(p)

    def value(self, p, name):
        return self.said(p).get(name)

    # --- times ------------------------------------------------------------

    def times(self):
        """(answered, rounds, pauses): a round is [from, to or None, extension, stamp], a pause [from, to or None]."""
        answering = ("accept", "refuse", "assign", "sign", "resolve", "merge")
        answered = min((self.records[p].at for p in self.applied if self.moves[p] in answering), default=None)
        rounds, pauses, extended = [], [], {}
        for p in self.applied:
            r, move, to = self.records[p], self.moves[p], self.to[p]
            reopens = self.result(p) in ("reopened", "dissatisfied")
            if move == "open":
                rounds.append([r.at, None, 0, self.stamps[p]])
            elif not rounds:
                continue
            elif reopens and rounds[-1][1] is not None:
                rounds.append([r.at, None, 0, self.stamps[p]])
            elif to in BEFORE_RESOLVED:
                rounds[-1][1] = None
            elif to and rounds[-1][1] is None:
                rounds[-1][1] = max(r.at, rounds[-1][0])
            if move == "extend" and rounds:  # of several apart the one that reaches furthest
                here = (len(rounds), r.days + max((days for q, (n, days) in extended.items()
                                                   if n == len(rounds) and self.seen[p] >> q & 1), default=0))
                extended[p] = here
                rounds[-1][2] = max(rounds[-1][2], here[1])
            if move == "pause" and not (pauses and pauses[-1][1] is None):
                pauses.append([r.at, None])
            if move == "resume" and pauses and pauses[-1][1] is None:
                pauses[-1][1] = max(r.at, pauses[-1][0])
        if rounds and self.state in BEFORE_RESOLVED:
            rounds[-1][1] = None
        elif rounds and rounds[-1][1] is None:
            rounds[-1][1] = max(self.records[self.by["state"]].at, rounds[-1][0])
        if pauses and "paused" in self.flags:
            pauses[-1][1] = None
        elif pauses and pauses[-1][1] is None:
            resumed = max(self.standing([p for p in self.applied if self.moves[p] in ("pause", "resume")]), key=self.weight)
            pauses[-1][1] = max(self.records[resumed].at, pauses[-1][0])
        return answered, rounds, pauses

    def same_matter(self):
        """The id of the case that this one stands for, or None."""
        merges = [p for p in self.applied if self.moves[p] == "merge"]
        if not merges or self.state not in ("merged", "followed-up", "closed"):
            return None
        reopened = any(p > merges[-1] and self.result(p) in ("reopened", "dissatisfied") for p in self.applied)
        return None if reopened else self.records[merges[-1]].into

    def merged_at(self):
        """Where the merge by which it stands for another one is in the order of all cases."""
        p = next(p for p in reversed(self.applied) if self.moves[p] == "merge")
        return self.stamps[p], self.records[p].id

    def asked(self):
        """Is something asked of the township, and not answered?"""
        answers = [p for p in self.applied if self.records[p].log.hub and self.moves[p] not in ("note", "contact", "visit", "attach")]
        asking = [p for p in range(len(self.records)) if self.effects[p] == "request"
                  or p in self.applied and not self.records[p].log.hub and self.moves[p] in ("escalate", "refer")]
        return any(not any(self.seen[q] >> p & 1 for q in answers) for p in asking)


def cases(logs, policies=None):
    """Every case of these logs, by id."""
    ceilings = [(r.of, r.body["from"], r.ceiling) for log in logs if log.hub for r in log.records
                if r.type == "clock.ceiling" and r.counts]
    heads = {(log.node, r.worker, r.place_at_hub) for log in logs if log.hub for r in log.records
             if r.type == "worker.add" and r.counts and "head" in (r.roles or [])}
    policies = policies or settled.Settled(logs)
    sets = {}
    for r in sorted((r for log in logs for r in log.records if r.counts), key=lambda r: (r.log.id, r.seq)):
        if r.type.startswith("case.") and r.type != "case.carry":
            sets.setdefault(r.case or r.id, {})[r.id] = r
    for r in sorted((r for log in logs for r in log.records if r.counts), key=lambda r: (r.log.id, r.seq)):
        line = records.brought(r) if r.type == "case.carry" else None
        if line:
            sets.setdefault(line.case or line.id, {}).setdefault(line.id, line)
    out = {id: Case(list(these.values()), ceilings, policies.at, heads) for id, these in sets.items()}
    for case in out.values():
        case.deadline = deadlines.Deadline(case, policies)
    return out
