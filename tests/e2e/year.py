"""A township of five villages, from March 2026 to March 2027, by the command line alone.

    year.py PROGRAM CLOCK CASES    plays the story in the current folder; CLOCK is the built clock.c, CASES
                                   how many the villages open, about. Told apart by the seed in $SEED.

What happens is decided by the seed; what a case's state then allows is the program's to say: a move that
it refuses is passed over. At each chapter's end tests/judge/ looks at every node."""
import collections
import datetime
import heapq
import json
import os
import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "judge"))
import fold  # noqa: E402
import judge  # noqa: E402

PROGRAM, CLOCK, CASES = sys.argv[1], sys.argv[2], int(sys.argv[3])
ZONE = datetime.timezone(datetime.timedelta(hours=8))
DAY = 86400
random = random.Random(int(os.environ.get("SEED", "2026")))


def day(text):
    """That day's begin, seconds since 1970."""
    return int(datetime.datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp())


START, END = day("2026-03-02"), day("2027-03-08")


class Refused(Exception):
    """The program did not do it, by its rules."""


class Story:
    """What is to come, by time, and what came of it."""

    def __init__(self):
        self.now, self.n, self.coming = START, 0, []
        self.seen = collections.Counter()
        self.said, self.refused = collections.Counter(), collections.Counter()

    def at(self, when, what, *args):
        heapq.heappush(self.coming, (when, self.n, what, args))
        self.n += 1

    def play(self, until):
        while self.coming and self.coming[0][0] < until:
            self.now, _, what, args = heapq.heappop(self.coming)
            try:
                what(*args)
            except Refused:
                pass
        self.now = until

    def run(self, node, *args, worker=None, may=(0,)):
        """The program's answer in JSON, None where it refused. The clock stands while it runs."""
        env = {**os.environ, "YIZHAN_TEST_NOW": str(self.now * 1000), "LD_PRELOAD": CLOCK}
        who = ["--as", worker] if worker else []
        run = subprocess.run([PROGRAM, "--dir", node, "--json", *who, *args], env=env, capture_output=True, text=True)
        name = " ".join(args[:2] if args[0] in ("case", "hub", "worker", "household", "notice") else args[:1])
        self.said[name] += run.returncode == 0
        self.refused[name] += run.returncode != 0
        if run.returncode in may:
            return json.loads(run.stdout) if run.stdout else {}
        raise SystemExit(f"{PROGRAM} --dir {node} {who} {args} at {self.now}: status {run.returncode}: {run.stderr}")

    def attempt(self, node, *args, worker):
        """What may no longer be allowed, or not be known here (yet, or on another PC): then nothing follows."""
        said = self.run(node, *args, worker=worker, may=(0, 1))
        if "error" in said:
            raise Refused
        return said

    def move(self, node, worker, *args):
        return self.attempt(node, "case", *args, worker=worker)

    def judge(self, chapter, nodes):
        print(f"-- {chapter}", flush=True)
        self.run("hub", "hub", "ingest", worker="镇长")
        nodes = [Node(dir) for dir in nodes]
        if judge.compare(nodes):
            raise SystemExit("a node and the calculation differ")
        for case in (c for node in nodes for c in node.cases.values()):
            d = case.deadline
            self.seen.update([case.state, *case.flags, *case.effects, *case.conflicts, case.fields["class"]])
            self.seen.update({"overdue": d.overdue(self.now * 1000), "provisional": d.provisional, "late": d.breaches > 0,
                              "anonymous": case.anonymous, "answered": d.answered is not None})


moment_of = judge.moment
story = Story()


def Node(dir):
    """What a node's records give, now."""
    return judge.Node(PROGRAM, dir, {"YIZHAN_TEST_NOW": str(story.now * 1000), "LD_PRELOAD": CLOCK})


def has(command, option=""):
    """Does this version know it? Chapters of the story wait for their commands."""
    return Node(None).has(command, option)


SOLVED = has("case solve", "--solved")
CLASSES, MERGE, EXTEND, REFER = (has("case open", "--class"), has("case merge"), has("case extend"), has("case refer"))
MATTERS = ["路灯", "道路", "水电", "低保", "纠纷", "环境"]
OFFICES = ["民政办", "城建办"]
OUTSIDE = ["供电所", "自来水公司"]
OFFLINE = {"v3": ("2026-05-04", "2026-06-29"), "v4": ("2026-09-07", "2026-10-12"), "v2": ("2026-12-14", "2027-01-11")}


# What a year has to come to, at one of the times when it is looked at, to be a test of all of it.
MET = [*fold.STATES, "escalated", "supervised", "reopened", "paused", "referred", "conflict", "request", "overdue",
       "provisional", "late", "anonymous", "complex", "petition"]


class Village:
    def __init__(self, n):
        self.dir, self.code, self.name = f"v{n}", f"V{n}", f"第{n}村"
        self.workers = [f"干部{n}甲", f"干部{n}乙"]
        self.numbers = []

    def worker(self):
        return random.choice(self.workers)


villages = [Village(n) for n in range(1, 6)]


def office_hours(when):
    """Between eight and five of that day."""
    return when - (when - START) % DAY + 8 * 3600 + random.randrange(9 * 3600)


def later(days_from, days_to):
    return office_hours(story.now + DAY * random.randint(days_from, days_to))


# --- a township -------------------------------------------------------------

def found():
    """The hub, four villages that are invited, and one that worked alone before."""
    story.run("hub", "hub", "init", "--township", "青山镇", "--code", "QS", "--worker", "镇长")
    for name in ("办事员", "督查员"):
        story.run("hub", "worker", "add", name, worker="镇长")
    calendar()
    alone = villages[4]
    story.run(alone.dir, "init", "--village", alone.name, "--code", alone.code, "--worker", alone.workers[0])
    story.run(alone.dir, "worker", "add", alone.workers[1], worker=alone.workers[0])
    for _ in range(5):
        open_case(alone)
    for v in villages:
        story.run("hub", "hub", "invite", "--village", v.name, "--code", v.code, "-o", f"{v.dir}.invitation",
                  worker="镇长")
        if v is alone:
            story.at(day("2026-04-13"), join, v)
        else:
            join(v)
    for office in OFFICES:
        story.run("hub", "settings", "set", "--office", office, worker="镇长")
    story.at(day("2026-08-03"), settle_days, "--accept", "2", "--ordinary", "7,3")
    # The township's clocks are put elsewhere, twice: what was due stays due then.
    story.at(day("2026-10-12"), settle_days, "--zone", "+05:45")
    story.at(day("2027-01-18"), settle_days, "--zone", "-03:30")


# What the State Council made of 2026: days off beside weekends, and weekends worked. Of 2027 no one has spoken yet.
OFF = ["01-01", "01-02", *[f"02-{d}" for d in range(16, 21)], "02-23", "04-06", "05-01", "05-04", "05-05", "06-19",
       "09-25", "10-01", "10-02", "10-05", "10-06", "10-07"]
WORKED = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


def calendar():
    for kind, days in (("--off", OFF), ("--work", WORKED)):
        for date in days:
            story.run("hub", "holiday", "add", f"2026-{date}", kind, worker="镇长")

def promote(worker):
    story.run("hub", "hub", "roster", "grant", "QS", worker, "--role", "head", worker="镇长")


def settle_days(*options):
    story.run("hub", "settings", "set", *options, worker="镇长")


def join(v):
    if v is villages[4]:
        story.run(v.dir, "join", f"{v.dir}.invitation")
    else:
        story.run(v.dir, "join", f"{v.dir}.invitation", "--worker", v.workers[0])
        story.run(v.dir, "worker", "add", v.workers[1], worker=v.workers[0])
    v.joined = True
    meet(v)
    if v is not villages[4]:
        story.run("hub", "hub", "roster", "grant", v.code, v.workers[1], worker="镇长")
    meet(v)
    story.at(later(2, 7), contact, v)


def offline(v):
    spans = OFFLINE.get(v.dir)
    return spans and day(spans[0]) <= story.now < day(spans[1])


def meet(v):
    story.run(v.dir, "sync")
    story.run("hub", "hub", "ingest", worker="镇长")
    story.run(v.dir, "sync")


def contact(v):
    if not offline(v):
        story.run(v.dir, "sync")
        if random.random() < 0.7:
            story.run("hub", "hub", "ingest", worker="镇长")
    story.at(later(6, 20) if CASES > 100 else later(10, 45), contact, v)


# --- households -------------------------------------------------------------

def settle_in(v, n):
    """A household is entered in the registry, visited now and then, corrected, and may go."""
    said = story.run(v.dir, "household", "add", f"{n}号", "--place", "村东", "--people", f"户主{n}, 家人{n}", worker=v.worker())
    story.at(later(5, 150), go_and_see, v, said["household"])
    if random.random() < 0.4:
        story.at(later(20, 200), correct, v, said["household"])
    if random.random() < 0.1:
        story.at(later(100, 250), leave, v, said["household"])


def go_and_see(v, id):
    story.attempt(v.dir, "household", "visit", id, "--text", "都好", worker=v.worker())
    story.at(later(30, 250), go_and_see, v, id)


def correct(v, id):
    """At the village, at the hub, or at both: the later counts."""
    if random.random() < 0.7:
        story.attempt(v.dir, "household", "edit", id, "--phone", f"555-02{random.randrange(100):02}", worker=v.worker())
    if random.random() < 0.5:
        story.attempt("hub", "household", "edit", id, "--phone", "", "--note", "独居", worker="办事员")


def leave(v, id):
    story.attempt(v.dir, "household", "edit", id, "--gone", worker=v.worker())
    if random.random() < 0.5:
        story.at(later(20, 60), come_back, v, id)


def come_back(v, id):
    story.attempt(v.dir, "household", "edit", id, "--back", worker=v.worker())


# --- hands that change ------------------------------------------------------

def petition(v):
    """One that is extended, as far as may be and once more in vain, and overdue all the same."""
    said = story.run(v.dir, "case", "open", "--title", "信访：征地补偿", "--class", "petition", "--resident", "老周",
                     "--category", "纠纷", worker=v.workers[0])
    number = said["case"]
    story.at(later(1, 1), story.move, v.dir, v.workers[0], "accept", number)
    story.at(later(20, 25), story.move, v.dir, v.workers[0], "extend", number, "--days", "30", "--reason", "要查档案")
    story.at(later(30, 35), story.move, v.dir, v.workers[0], "extend", number, "--days", "30", "--reason", "还要查")
    story.at(day("2026-08-05") + 9 * 3600, overdue, v, number)


def overdue(v, number):
    """Ninety days after the next working day it is on every list of what is late."""
    assert number in [c["case"] for c in story.run(v.dir, "case", "list", "--overdue", "--limit", "0")]
    case = next(c for c in Node(v.dir).cases.values() if c.number == number)
    assert moment_of(case.deadline.due) == "2026-08-05T00:00:00+08:00", moment_of(case.deadline.due)
    story.at(later(10, 20), resolve, v, number)


def steal(v):
    """The village's PC is stolen, with what it had not sent. The township ends its right; another one takes its
    place and gets the village's cases; what the thief signs with the old one counts nowhere."""
    stolen, node = v.dir, next(log.node for log in Node(v.dir).logs if not log.hub)
    option = ["--stolen"] if has("hub roster revoke", "--stolen") else []
    story.run("hub", "hub", "ingest", worker="镇长")
    said = story.run("hub", "hub", "roster", "revoke", v.code, node, *option, worker="镇长")
    if option:
        known = Node("hub").cases.values()
        assert sorted(said["readable"]["numbers"]) == sorted(c.number for c in known if c.code == v.code), said
    story.run("hub", "hub", "invite", "--pc", v.code, "-o", f"{v.dir}.new.invitation", worker="镇长")
    v.dir = f"{v.dir}new"
    story.run(v.dir, "join", f"{stolen}.new.invitation", "--worker", f"{v.workers[0]}新")
    v.workers = [f"{v.workers[0]}新"]
    meet(v)
    meet(v)
    known = {c["case"] for c in story.run(v.dir, "case", "list", "--limit", "0")}
    assert known >= {c["case"] for c in story.run("hub", "case", "list", "--limit", "0") if c["case"].startswith(v.code)}
    story.at(later(2, 5), thief, stolen)


def thief(stolen):
    worker = story.run(stolen, "worker", "list")[0]["worker"]
    story.run(stolen, "case", "open", "--title", "冒名", worker=worker)
    story.run(stolen, "sync", may=(0, 1, 3))
    story.run("hub", "hub", "ingest", worker="镇长")
    assert "冒名" not in [c["title"] for c in story.run("hub", "case", "list", "--limit", "0")]


def leave_office(v):
    """A worker leaves: at once, with no road; who comes instead signs at once, and is granted in time."""
    gone, stays = v.workers
    node = Node(v.dir)
    key = next(w["key"] for w in story.run(v.dir, "worker", "list") if w["worker"] == gone)
    said = story.run(v.dir, "worker", "revoke", gone, worker=stays)
    assert sorted(said["open_cases"]) == sorted(open_cases_of(node, gone, key)), said
    new = gone[:-1] + "丙"
    story.run(v.dir, "worker", "add", new, worker=stays)
    v.workers = [stays, new]
    story.at(later(10, 30), grant, v, new)


def open_cases_of(node, name, key):
    """Those assigned to a worker, and those that this worker opened and nobody was assigned to."""
    for case in node.cases.values():
        to = case.fields["assigned"]
        if case.state not in fold.ENDED and (to == name or to is None and case.opening.by == key):
            yield case.number


def grant(v, worker):
    """Once the township has heard of who is new."""
    said = story.run("hub", "hub", "roster", "grant", v.code, worker, worker="镇长", may=(0, 1))
    if not said.get("state"):
        story.at(later(5, 15), grant, v, worker)


# --- a case's life ----------------------------------------------------------

def opening(v):
    n = random.randrange(30)
    options = ["--title", f"{random.choice(MATTERS)}问题{random.randrange(1000)}", "--category", random.choice(MATTERS)]
    if random.random() < 0.15:
        options += ["--anonymous"]
    else:
        options += ["--resident", f"{v.name}村民{n}", "--phone", f"555-01{n:02}"]
        if random.random() < 0.5:
            options += ["--household", f"{n % 12}号"]
    if random.random() < 0.5:
        options += ["--text", "经过", "--place", "村口", "--channel", random.choice(["来访", "电话", "入户"])]
    if CLASSES:
        options += ["--class", random.choices(["ordinary", "complex", "petition"], [70, 20, 10])[0]]
    if random.random() < 0.2:
        came = datetime.datetime.fromtimestamp(story.now - random.randrange(5 * DAY), ZONE)
        options += ["--at", came.isoformat()]
    return options


def open_case(v):
    w = v.worker()
    if random.random() < 0.35:
        result = random.choices(["satisfied", "partly", "dissatisfied", "unreachable", None], [60, 10, 8, 8, 14])[0]
        said = story.run(v.dir, "case", "solve", *opening(v), "--done", "当场办好", *(["--result", result] if result else []),
                         *(["--solved", random.choice(["yes", "no"])] if result and SOLVED else []), worker=w)
        if result is None:
            story.at(later(1, 10), follow_up, v, said["case"])
        elif result == "dissatisfied":
            story.at(later(1, 10), resolve, v, said["case"])
    else:
        said = story.run(v.dir, "case", "open", *opening(v), worker=w)
        story.at(later(0, 3), answer, v, said["case"])
    v.numbers.append(said["case"])
    if MERGE and random.random() < 0.08:
        story.at(later(0, 8), merge, v, said["case"])
    if EXTEND and random.random() < 0.15:
        story.at(later(1, 20), extend, v, said["case"], random.choice([2, 3, 5, 15, 30]))
    if REFER and random.random() < 0.1:
        story.at(later(0, 10), refer, v, said["case"])
    if CLASSES and random.random() < 0.05:
        story.at(later(0, 10), reclassify, v, said["case"])


def hand(v, number):
    """Who handles it next: a worker, an office, someone outside; here or at the hub."""
    to = random.choice(v.workers + OFFICES + OUTSIDE)
    story.move(v.dir, v.worker(), "assign", number, "--to", to)
    story.at(later(0, 4), sign, v, number)


def answer(v, number):
    move = random.choices(["accept", "assign", "refuse", "void", "escalate", "nothing"], [56, 20, 8, 4, 8, 4])[0]
    if move == "nothing":
        return
    if move == "accept":
        story.move(v.dir, v.worker(), "accept", number)
        if random.random() < 0.95:
            story.at(later(0, 5), hand, v, number)
    elif move == "assign":
        hand(v, number)
    elif move == "escalate":
        story.move(v.dir, v.worker(), "escalate", number, "--reason", "村里办不了")
        story.at(later(5, 20), township, v, number)
        if random.random() < 0.5:
            story.at(later(5, 20), refuse, v, number)
    else:
        story.move(v.dir, v.worker(), move, number, "--reason", "不是本村的事")
        if move == "refuse" and random.random() < 0.3:
            story.at(later(3, 20), reopen, v, number)


def reclassify(v, number):
    kind = random.choice(["ordinary", "complex", "petition"])
    story.move(v.dir, v.worker(), "edit", number, "--class", kind)
    if random.random() < 0.4:
        story.move("hub", "办事员", "edit", number, "--class", random.choice(["complex", "petition"]))


def merge(v, number):
    """Into one of the last that this village opened."""
    others = [n for n in v.numbers[-6:] if n != number]
    if others:
        story.move(v.dir, v.worker(), "merge", number, "--into", random.choice(others))
        story.at(later(5, 40), follow_up, v, number)


def extend(v, number, days):
    node, worker = random.choice([(v.dir, v.worker()), (v.dir, v.worker()), ("hub", "办事员"), ("hub", "督查员"), ("hub", "镇长")])
    story.move(node, worker, "extend", number, "--days", str(days), "--reason", "要等材料")
    if random.random() < 0.3:
        story.at(later(2, 10), extend, v, number, random.choice([2, 10, 30]))


def refer(v, number):
    """To a body outside, or to another village: that the hub may grant, and then both have the case."""
    if random.random() < 0.3:
        story.move(v.dir, v.worker(), "refer", number, "--to", "县水务局", "--reason", "不在本村")
        story.at(later(5, 20), township, v, number)
        return
    other = random.choice([w for w in villages if w is not v])
    story.move(v.dir, v.worker(), "refer", number, "--to", other.code, "--reason", "在他们村")
    story.at(later(8, 25), hand_over, v, other, number)


def hand_over(v, other, number):
    move = random.choice([["assign", number, "--to", other.code],
                          ["refer", number, "--to", other.code, "--reason", "归他们村"]])
    story.move("hub", "办事员", *move)
    for village, days in ((other, 20), (v, 25), (other, 40)):
        story.at(later(10, days), random.choice([resolve, sign, carry_on]), village, number)
    story.at(later(20, 50), follow_up, random.choice([v, other]), number)


def carry_on(v, number):
    """Any of what those who are not alone in a case do."""
    story.at(later(5, 25), resolve, v, number)
    move = random.choice([["note", "--text", "去看过"], ["visit"], ["edit", "--place", f"{v.name}边上"],
                          ["edit", "--category", random.choice(MATTERS)], ["assign", "--to", random.choice(v.workers)]])
    story.move(v.dir, v.worker(), move[0], number, *move[1:])


def refuse(v, number):
    story.move(v.dir, v.worker(), random.choice(["refuse", "void", "close"]), number, "--reason", "镇里也办不了")


def sign(v, number):
    if random.random() < 0.12:
        story.move(v.dir, v.worker(), "return", number, "--reason", "不归我们管")
        if random.random() < 0.8:  # the others are left lying
            story.at(later(1, 8), hand, v, number)
        return
    story.move(v.dir, v.worker(), "sign", number)
    if random.random() < 0.15:
        story.move(v.dir, v.worker(), "pause", number, "--reason", "等材料")
        story.at(later(5, 30), resume, v, number)
    else:
        story.at(later(1, 12), resolve, v, number)


def resume(v, number):
    story.move(v.dir, v.worker(), "resume", number)
    story.at(later(1, 12), resolve, v, number)


def resolve(v, number):
    if random.random() < 0.3:
        story.move(v.dir, v.worker(), random.choice(["visit", "note", "contact"]), number, "--text", "去看过")
    if random.random() < 0.1:
        story.move(v.dir, v.worker(), "edit", number, "--place", random.choice(["村口", "桥头", "学校"]))
    story.move(v.dir, v.worker(), "resolve", number, "--text", "办好了")
    story.at(later(1, 9), follow_up, v, number)


def follow_up(v, number, node=None):
    result = random.choices(["satisfied", "partly", "dissatisfied", "unreachable"], [62, 13, 13, 12])[0]
    solved = {"satisfied": "yes", "partly": "partly", "dissatisfied": "no"}.get(result)
    options = ["--solved", solved] if solved and random.random() < 0.8 else []
    story.move(v.dir, v.worker(), "followup", number, "--result", result, *options)
    if result == "dissatisfied":
        story.at(later(1, 9), resolve, v, number)
    elif result == "unreachable" and random.random() < 0.5:
        story.at(later(3, 12), follow_up, v, number)
    else:
        story.at(later(0, 5), close, v, number, result)


def close(v, number, result):
    more = [] if result == "satisfied" else ["--reason", "说明过了"]
    if result == "unreachable":
        more = ["--no-follow-up"]
        more += ["--reason", "找不到人"]
    story.move(v.dir, v.worker(), "close", number, *more)
    if random.random() < 0.04:
        story.at(later(5, 60), reopen, v, number)


def reopen(v, number):
    story.move(v.dir, v.worker(), "reopen", number, "--reason", "又坏了")
    story.at(later(1, 12), resolve, v, number)


def township(v, number):
    """The hub's hand in a case that was brought to it."""
    clerk = random.choice(["办事员", "督查员"])
    move = random.choices(["supervise", "assign", "resolve", "refuse", "note", "edit"], [25, 25, 25, 10, 10, 5])[0]
    said = {"supervise": [], "assign": ["--to", random.choice(OFFICES)], "resolve": ["--text", "镇里办好了"],
            "refuse": ["--reason", "不归镇里管"], "note": ["--text", "已转"], "edit": ["--place", "镇上"]}[move]
    story.move("hub", clerk, move, number, *said)
    if move in ("supervise", "assign", "note") and random.random() < 0.5:
        story.at(later(3, 15), township, v, number)
    elif move in ("supervise", "assign"):
        story.at(later(1, 15), resolve, v, number)
    elif move == "resolve":
        story.at(later(3, 15), follow_up, v, number)


def meddle():
    """Now and then the hub does something with any case, whether or not the village is at it too."""
    story.at(later(1, 6), meddle)
    v = random.choice(villages)
    if not v.numbers:
        return
    number = random.choice(v.numbers[-15:])
    if random.random() < 0.4:  # both correct the same, without knowing of each other
        story.move(v.dir, v.worker(), "edit", number, "--urgency", random.choice(["高", "中"]))
        story.move("hub", "督查员", "edit", number, "--urgency", random.choice(["低", "中"]))
    else:
        township(v, number)


def told():
    """What people bring to the township itself, some of it about a worker."""
    story.at(later(3, 8 + 6000 // (60 + CASES)), told)
    v = random.choice(villages)
    about = random.choice(v.workers) if random.random() < 0.4 else None
    number = story.attempt("hub", "hub", "case", "open", "--title", f"来镇里说的事{story.n}", "--village", v.code, "--category",
                           random.choice(MATTERS), "--resident", "来访人", *(["--about", about] if about else []),
                           worker="办事员")["case"]
    if about and random.random() < 0.5:
        other = random.choice([w for w in villages if w is not v])
        story.at(later(1, 5), give, other, number)
    elif random.random() < 0.7:
        story.at(later(1, 5), give, v, number)
    else:
        story.at(later(1, 20), at_hub, number)


def give(v, number):
    """To a village: one about a worker of it is not given."""
    story.at(later(10, 30), at_hub, number)
    story.move("hub", "办事员", "assign", number, "--to", v.code)
    story.at(later(10, 30), carry_on, v, number)


def at_hub(number):
    story.move("hub", "督查员", "resolve", number, "--text", "镇里办了")
    story.move("hub", "办事员", "followup", number, "--result", random.choice(["satisfied", "partly"]), "--solved", "yes")
    story.move("hub", "镇长", "close", number, "--reason", "说明过了")


def rename(v, code):
    story.run("hub", "hub", "village", "rename", v.code, "--name", f"{v.name}（新）", "--code", code, worker="镇长")
    v.code = code


def unite(v, into):
    """A village is merged into another: its cases go on there, under their numbers."""
    story.run("hub", "hub", "village", "merge", v.code, "--into", into.code, worker="镇长")
    meet(v)
    meet(into)
    assert "error" in story.run(v.dir, "case", "open", "--title", "还开", worker=v.workers[0], may=(0, 1))
    known = {c["case"] for c in story.run(into.dir, "case", "list", "--limit", "0")}
    lacking = set(v.numbers) - known
    assert not lacking, f"{into.dir} has not {lacking}"
    nodes.append(v.dir)
    v.dir, v.workers, v.numbers, v.code = into.dir, into.workers, into.numbers, into.code


nodes = []  # those that are no village's any more


def notify():
    to = random.choice([[], [], ["--village", random.choice(villages).code]])
    story.run("hub", "notice", "post", "--title", f"通知{story.n}", "--text", "各村注意", *to, worker="镇长")
    story.at(later(10, 40), notify)


def settle():
    """What was said apart is settled at the hub."""
    story.at(later(25, 35), settle)
    for case in story.run("hub", "case", "list", "--limit", "0"):
        if case["conflict_count"]:
            said = story.run("hub", "case", "show", case["case"])
            conflict = random.choice(said["conflicts"])
            value = random.choice(conflict["values"])["value"]
            story.move("hub", "镇长", "settle", case["case"], "--field", conflict["field"], "--value", value or "")


def main():
    found()
    for _ in range(CASES):
        v = random.choice(villages)
        story.at(office_hours(START + random.randrange(END - START - 10 * DAY)), open_case, v)
    for v in villages:
        for n in range(10 if CASES > 100 else 3):
            story.at(later(1, 120), settle_in, v, n)
    for _ in range(1 + CASES // 100):
        story.at(later(20, 30), meddle)
    story.at(day("2026-06-20"), settle)
    if has("case list", "--overdue"):
        story.at(day("2026-05-06") + 9 * 3600, petition, villages[0])
    if has("notice post"):
        story.at(later(5, 15), notify)
    if has("hub invite", "--pc"):
        story.at(day("2026-10-20") + 9 * 3600, steal, villages[2])
    if has("hub case open"):
        story.at(later(20, 40), told)
    if has("hub village rename"):
        story.at(day("2026-11-24") + 9 * 3600, rename, villages[4], "XC")
    if has("hub village merge"):
        story.at(day("2026-12-08") + 9 * 3600, unite, villages[3], villages[1])
    if has("hub roster grant", "--role"):
        story.at(day("2026-09-01") + 9 * 3600, promote, "督查员")
    if has("worker revoke"):
        story.at(day("2026-09-15") + 9 * 3600, leave_office, villages[0])
    for until in ("2026-07-01", "2026-11-11", "2027-01-04", "2027-03-08"):
        story.play(day(until))
        if until == "2027-03-08":
            for v in villages + villages:
                meet(v)
        story.judge(f"until {until}", ["hub", *dict.fromkeys([v.dir for v in villages] + nodes)])
    lacking = [what for what in MET if not story.seen[what]]
    print("seen:", dict(story.seen))
    if lacking and CASES >= 300:
        raise SystemExit(f"the year never came to this: {lacking}")
    print("done:", dict(story.said))
    print("refused:", {k: v for k, v in story.refused.items() if v})


main()
