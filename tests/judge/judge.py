"""An independent, plain calculation over the exported records, compared with all that nodes print.

    judge.py PROGRAM NODE...     reads each node's records by `log --content`, works out every case, list
                                 and figure from them by sync/FORMAT.md, and says where a node differs
"""
import concurrent.futures
import datetime
import json
import os
import subprocess
import sys
import time

import figures
import fold
import households
import notices
import records
import settled


def moment(ms, zone="+08:00"):
    """As the program writes a time: the township's zone, whole seconds."""
    if ms is None:
        return None
    t = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=ms) + settled.offset(zone)
    return t.replace(microsecond=0).isoformat() + zone


def called(ledger):
    """What each key is called in a ledger, and with namesakes told apart: sync/FORMAT.md §12, "Names"."""
    said, bearers = {}, {}
    for log in ledger:
        for r in log.records:
            name = (r.content or {}).get("name")
            if not r.counts or not isinstance(name, str) or len(name.encode()) > 200:
                continue
            if r.type == "log.begin":
                rank, key = 2, r.by
            elif r.type == "worker.add":
                rank, key = int(log.hub), r.worker
            elif r.type == "case.carry" and log.hub and records.brought(r):
                rank, key = 1, records.brought(r).by
            else:
                continue
            said.setdefault(key, []).append((rank, r.stamp, r.id, name))
            if rank < 2:
                bearers.setdefault(name, set()).add(key)
    names = {key: max(these)[-1] for key, these in said.items()}
    return names, {key: f"{name} ({key[:8]})" if len(bearers.get(name, ())) > 1 else name for key, name in names.items()}


class Node:
    """What a node prints, and what we make of its records."""

    def __init__(self, program, dir, env=None):
        self.program, self.dir, self.wrong = program, dir, []
        self.env = {**os.environ, **(env or {})}
        if dir is None:
            return
        self.now_ms = int(self.env.get("YIZHAN_TEST_NOW", time.time() * 1000))
        logs = records.read(self.say("log", "--content").splitlines())
        self.status = self.json("status")
        home = {log.node for log in logs if log.node.startswith(self.status["node"])}
        self.ledgers = records.judge(logs, home)
        self.logs = logs
        self.cases, self.households = {}, {}
        for ledger in self.ledgers.values():
            self.settled = settled.Settled(ledger)  # the same in all of a hub's
            cases = fold.cases(ledger, self.settled)
            code = self.code_of(ledger)
            bare, names = called(ledger)
            for case in cases.values():
                case.code = code
                worker = case.beside("assigned", "worker")
                case.given = names.get(worker, case.fields["assigned"])  # as people are shown it
                case.given_bare = bare.get(worker)
                case.worker = names.get(case.opening.by, case.opening.by) if case.opening else None
                here = case.opening and not case.opening.carried
                if here or case.id not in self.cases:  # in several ledgers: listed once, where its opening stands itself
                    self.cases[case.id] = case
            self.households.update(households.households(ledger, cases.values()))
        for case in self.cases.values():
            case.month = str(settled.date(case.opened, self.settled.zone))[:7] if case.opening else None

    def code_of(self, ledger):
        """What the village of a ledger is called in case numbers now; the hub's own ledger has the hub's."""
        said = [r for log in ledger for r in log.records if r.type == "hub.village" and r.counts and r.content]
        if said:
            return max(said, key=lambda r: r.place_at_hub).content["code"]
        begins = [log.records[0].content or {} for log in ledger if not log.hub]
        return next((b["code"] for b in begins if "code" in b), self.status["code"])

    def moment(self, ms):
        return moment(ms, self.settled.zone)

    def say(self, *args):
        run = subprocess.run([self.program, "--dir", self.dir, *args], env=self.env, capture_output=True, text=True,
                             check=True)
        return run.stdout

    def has(self, command, option):
        """Does this version know it?"""
        run = subprocess.run([self.program, "help", *command.split()], env={**self.env, "YIZHAN_LANG": "en"},
                             capture_output=True, text=True)
        return run.returncode == 0 and run.stdout.startswith(f"Usage: yizhan {command}") and option in run.stdout

    def json(self, *args):
        return json.loads(self.say("--json", *args))

    def same(self, what, ours, theirs):
        if isinstance(ours, str) and ours.startswith(records.MARK):
            return  # sealed apart: shown as it was said to who can open it, and to nobody else
        if ours != theirs:
            self.wrong.append(f"{self.dir}: {what}: we find {ours!r}, it says {theirs!r}")


def check_records(node):
    for log in node.logs:
        for r in log.records:
            node.same(f"{r.type} {r.log.id}/{r.seq} counts", r.counts, r.rule is None)


def summary(node, case):
    """A case as `case list` has it."""
    f = case.fields
    return {"case": case.number, "id": case.id, "title": f["title"], "category": f["category"], "state": case.state,
            "flags": sorted(case.flags), "channel": f["channel"], "urgency": f["urgency"],
            "opened": node.moment(case.opened), "assigned": case.given,
            "resident": None if case.anonymous else f["resident"], "conflict_count": len(case.conflicts)}


def compare_case(node, case, shown, masked=False):
    ours = summary(node, case)
    if masked and ours["resident"]:
        ours["resident"] = ours["resident"][0] + "**"
    if "class" in shown:
        ours |= {"class": case.fields["class"], "requested": case.asked()}
    if "provisional" in shown:
        ours |= {"due": node.moment(case.deadline.due), "overdue": case.deadline.overdue(node.now_ms),
                 "provisional": case.deadline.provisional}
    theirs = {key: shown[key] for key in ours}
    theirs["flags"] = sorted(theirs["flags"])
    for key in ours:
        node.same(f"{case.number} {key}", ours[key], theirs[key])


def check_cases(node):
    listed = {c["id"]: c for c in node.json("case", "list", "--limit", "0")}
    node.same("which cases are listed", sorted(node.cases), sorted(listed))
    for id in sorted(set(node.cases) & set(listed)):
        compare_case(node, node.cases[id], listed[id], node.status["role"] == "hub")


def matters(node):
    """Of the cases that stand for another one: for which. Of a circle the last merge gives way."""
    into = {c.id: c.same_matter() for c in node.cases.values()}
    into = {id: to for id, to in into.items() if to in node.cases}
    for id in sorted(into):
        way = [id]
        while way[-1] in into and into[way[-1]] not in way:
            way.append(into[way[-1]])
        if way[-1] in into:
            circle = way[way.index(into[way[-1]]):]
            del into[max(circle, key=lambda member: node.cases[member].merged_at())]
    return into


def leads_to(into, id, wanted):
    """Does a case stand for that one, by way of others maybe?"""
    while id in into:
        id = into[id]
        if id == wanted:
            return True
    return False


def number_of(node, id):
    return node.cases[id].number if id in node.cases else id


def check_histories(node):
    """Every record of every case: where it stands, and its effect; and what it is the same matter as."""
    into = matters(node)
    for line in node.say("export", "--format", "jsonl").splitlines():
        shown = json.loads(line)
        case = node.cases.get(shown["id"])
        if case is None:
            continue
        compare_case(node, case, shown)
        for key in ("text", "place", "phone", "household"):
            node.same(f"{case.number} {key}", case.fields[key], shown[key])
        if "matter" in shown:
            merged = sorted(node.cases[id].number for id in into if leads_to(into, id, case.id))
            node.same(f"{case.number} matter", [number_of(node, case.same_matter()), merged],
                      [shown["merged_into"], sorted(shown["matter"])])
        if "breaches" in shown:
            node.same(f"{case.number} breaches", [case.deadline.breaches, case.deadline.of],
                      [shown["breaches"], shown["due_of"]])
        node.same(f"{case.number} anonymous", case.anonymous, shown["anonymous"])
        node.same(f"{case.number} order", [r.id for r in case.records], [h["record"] for h in shown["history"]])
        node.same(f"{case.number} effects", case.effects, [h["effect"] for h in shown["history"]])
        node.same(f"{case.number} conflicts", {k: v for k, v in case.conflicts.items()},
                  {c["field"]: {v["value"] for v in c["values"]} for c in shown["conflicts"]})


def check_lists(node):
    """By state, by matter, since a day."""
    for state in fold.STATES:
        node.same(f"cases {state}", sorted(c.id for c in node.cases.values() if c.state == state),
                  sorted(c["id"] for c in node.json("case", "list", "--limit", "0", "--status", state)))
    for matter in sorted({c.fields["category"] for c in node.cases.values()} - {None}):
        node.same(f"cases about {matter}", sorted(c.id for c in node.cases.values() if c.fields["category"] == matter),
                  sorted(c["id"] for c in node.json("case", "list", "--limit", "0", "--category", matter)))


def check_households(node):
    shown = {h["id"]: h for gone in ([], ["--gone"]) for h in node.json("household", "list", *gone)}
    node.same("which households", sorted(node.households), sorted(shown))
    for id in set(shown) & set(node.households):
        if (node.households[id].fields["name"] or "").startswith(records.MARK):
            continue  # whose cases they are is known by names, opened
        h, other = node.households[id], shown[id]
        ours = {"name": h.fields["name"], "place": h.fields["place"], "people": h.fields["people"] or [],
                "gone": h.gone, "last_visit": node.moment(h.last_visit), "visits": len(h.times), "open_cases": h.open_cases}
        if node.status["role"] == "hub":
            ours["name"] = ours["name"] and ours["name"][0] + "**"
            ours["people"] = [name[0] + "**" for name in ours["people"]]
        node.same(f"household {h.fields['name']}", ours, {key: other[key] for key in ours})
        more = node.json("household", "show", id)
        node.same(f"household {h.fields['name']} more", [h.fields["phone"], h.fields["note"], sorted(map(node.moment, h.times)),
                                                        sorted(node.cases[c].number for c in h.cases)],
                  [more["phone"], more["note"], sorted(v["at"] for v in more["visits"]), sorted(c["case"] for c in more["cases"])])
    for days in (30, 90, 180):
        ours = [h for h in node.households.values() if not h.gone and h.not_visited(days, node.now_ms)]
        node.same(f"not visited for {days} days", sorted(h.id for h in ours),
                  sorted(h["id"] for h in node.json("household", "list", "--not-visited", str(days))))


def check_settled(node):
    now = node.settled.policies[-1][1]
    node.same("settings", now, node.json("settings", "show"))
    node.same("holidays", [{"date": str(day), "off": off} for day, off in sorted(node.settled.days.items())],
              node.json("holiday", "list"))


def check_due(node):
    """Overdue and due-soon lists."""
    zone = node.settled.zone
    today = settled.date(node.now_ms, zone)
    overdue = {c.id for c in node.cases.values() if c.deadline.overdue(node.now_ms)}
    node.same("overdue", sorted(overdue), sorted(c["id"] for c in node.json("case", "list", "--limit", "0", "--overdue")))
    for days in (0, 7, 30):
        until = settled.midnight(today + datetime.timedelta(days=days), zone)
        soon = {c.id for c in node.cases.values() if c.deadline.due and node.now_ms < c.deadline.due <= until}
        say = ["case", "list", "--limit", "0", "--due-within", str(days)]
        node.same(f"due within {days} days", sorted(soon), sorted(c["id"] for c in node.json(*say)))
        node.same(f"overdue or due within {days} days", sorted(soon | overdue),
                  sorted(c["id"] for c in node.json(*say, "--overdue")))


def check_status(node):
    node.same("cases in status", len(node.cases), node.status["cases"])


def check_notices(node):
    ours = notices.notices(node.logs)
    shown = {n["id"]: n for n in node.json("notice", "list")}
    node.same("notices", sorted(ours), sorted(shown))
    hub = node.status["role"] == "hub"
    acks = notices.acknowledgements(node.dir) if hub else {}
    nodes = {ledger: {log.id for log in logs if not log.hub and log.entitled} for ledger, logs in node.ledgers.items()}
    codes = {ledger: node.code_of(logs) for ledger, logs in node.ledgers.items()}
    for id in set(ours) & set(shown):
        notice, more = ours[id], node.json("notice", "show", id)
        node.same(f"notice {notice.title}", [notice.title, notice.text, node.moment(notice.at)],
                  [more["title"], more["text"], more["at"]])
        if hub:
            node.same(f"who has {notice.title}", {codes[k]: v for k, v in notice.received(acks, nodes).items() if k in codes},
                      {v["code"]: v["received"] for v in more["villages"]})


def check_more_lists(node):
    """What was asked of the township, by flag, by whom it was given to, by village, by matter."""
    def ids(*options):
        return sorted(c["id"] for c in node.json("case", "list", "--limit", "0", *options))

    def ours(fits):
        return sorted(c.id for c in node.cases.values() if fits(c))

    node.same("asked of the township", ours(lambda c: c.asked()), ids("--requested"))
    for flag in ("escalated", "reopened", "paused", "supervised", "referred", "about-worker", "township-only"):
        node.same(f"cases {flag}", ours(lambda c: flag in c.flags), ids("--flag", flag))
    for whom in sorted({x for c in node.cases.values() for x in (c.given, c.given_bare)} - {None}):
        node.same(f"given to {whom}", ours(lambda c: whom in (c.given, c.given_bare)), ids("--assigned", whom))
    if node.status["role"] == "hub":
        for code in sorted({c.code for c in node.cases.values()}):
            node.same(f"of {code}", ours(lambda c: c.code == code), ids("--village", code))
    into = matters(node)
    asked = {id: 1 + sum(leads_to(into, other, id) for other in into) for id in node.cases if id not in into}
    node.same("by matter", asked, {c["id"]: c["people"] for c in node.json("case", "list", "--limit", "0", "--matter")})


def office(case):
    return case.fields["assigned"] if case.beside("assigned", "office") else None


def check_figures(node):
    """Of all time and of each month, whole and by each group."""
    groups = {"category": lambda c: {"category": c.fields["category"]}, "village": lambda c: {"village": c.code},
              "worker": lambda c: {"village": c.code, "worker": c.worker}, "office": lambda c: {"office": office(c)}}
    cases = node.cases.values()
    months = sorted({c.month for c in cases if c.opening})
    for month in [None, *months]:
        say = ["stats", *(["--month", month] if month else [])]
        node.same(f"figures of {month}", figures.figures(cases, node.now_ms, month), node.json(*say))
        for name, by in groups.items() if month in (None, *months[-2:]) else ():
            node.same(f"figures of {month} by {name}", sorted(figures.grouped(cases, by, node.now_ms, month), key=str_sorted),
                      sorted(node.json(*say, "--by", name), key=str_sorted))


def str_sorted(group):
    return str(sorted((k, str(v)) for k, v in group.items()))


def check_sample(node):
    if node.status["role"] == "hub":
        for size, seed in ((5, 1), (1000, 2026)):
            node.same(f"sample of {size} by {seed}", figures.sample(node.cases.values(), size, seed),
                      [c["id"] for c in node.json("hub", "sample", str(size), "--seed", str(seed))])


# What a version does not have yet is not looked at.
LATER = [("case list", "--matter", check_more_lists), ("stats", "", check_figures), ("hub sample", "", check_sample), ("notice list", "", check_notices), ("case list", "--overdue", check_due)]  # what the program does not have yet is not looked at
CHECKS = [check_records, check_status, check_cases, check_histories, check_lists, check_households, check_settled]


def compare(nodes):
    """Says what differs; how much."""
    later = [check for command, option, check in LATER if nodes[0].has(command, option)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda node: [check(node) for check in CHECKS + later], nodes))
    for node in nodes:
        print(f"{node.dir}: {sum(len(log.records) for log in node.logs)} records, {len(node.cases)} cases, "
              f"{sum(bool(c.conflicts) for c in node.cases.values())} in conflict, {len(node.wrong)} differences", flush=True)
    for difference in [d for node in nodes for d in node.wrong[:20]]:
        print(difference)
    return sum(len(node.wrong) for node in nodes)


if __name__ == "__main__":
    sys.exit(compare([Node(sys.argv[1], dir) for dir in sys.argv[2:]]) > 0)
