"""A second reckoning of deadlines, day by day, from what a node exports (FORMAT.md §14).

    deadlines.py LOG CASES NOW_MS

LOG: `yizhan log`; CASES: `yizhan export --format jsonl`. Prints one line a case: number, due, what it is of,
overdue, provisional, breaches."""
import datetime
import json
import sys

ZONE = datetime.timezone(datetime.timedelta(hours=8))
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
DEFAULTS = {"accept": 1, "ordinary": [5, 5], "complex": [15, 15], "petition": [60, 30]}
GOES_ON = {"registered", "accepted", "assigned", "returned", "in-hand"}
STATES = {"case.accept": "accepted", "case.refuse": "refused", "case.assign": "assigned", "case.sign": "in-hand",
          "case.return": "returned", "case.resolve": "resolved", "case.close": "closed", "case.void": "void",
          "case.merge": "merged", "case.reopen": "in-hand", "case.followup": "followed-up"}
ANSWERS = {"case.accept", "case.refuse", "case.assign", "case.sign", "case.resolve", "case.merge"}
DAY = datetime.timedelta(days=1)


def moment(ms):
    return (EPOCH + datetime.timedelta(milliseconds=ms)).astimezone(ZONE)


records = {}
holidays, settled = [], []
for line in open(sys.argv[1], encoding="utf-8"):
    r = json.loads(line)[0]
    records[r["log"], r["seq"]] = r
    if r["type"] == "hub.holiday":
        holidays.append(r)
    if r["type"] == "hub.settings":
        settled.append(r)


def in_hubs_order(said):
    return sorted(said, key=lambda r: (records[r["log"], 1]["hlc"][0], r["log"], r["seq"]))


now = moment(int(sys.argv[3]))
said = {datetime.date.fromisoformat(r["date"]): r["off"] for r in in_hubs_order(holidays)}
years = {day.year for day in said}


def worked(day):
    return not said[day] if day in said else day.weekday() < 5


def settings(stamp):
    force = dict(DEFAULTS)
    whole = dict(DEFAULTS)
    for r in in_hubs_order(settled):
        whole.update({k: r[k] for k in DEFAULTS if k in r})
        if r["at"] <= stamp[0]:
            force = dict(whole)
    return force


def rests(pauses, day, until):
    """Over midnight, after this day?"""
    return any(p["from"] < until and p["from"].date() <= day < p["to"].date() for p in pauses)


FOREVER = datetime.datetime(9998, 1, 1, tzinfo=ZONE)


def deadline(begin, days, every_day, pauses, until):
    """(the last day, provisional); None: it rests for good."""
    day, begun, provisional = begin.date(), False, False
    while day.year < 2200:
        rested = rests(pauses, day, until)
        day += DAY
        if not (every_day and begun):
            provisional = provisional or day.year not in years
        begun = begun or worked(day)
        if (begun if every_day else worked(day)) and not rested:
            days -= 1
        if days <= 0 and not rests(pauses, day, until):
            return day, provisional
    return None, False


def late(at, day):
    return day is not None and at != FOREVER and at.date() > day


for line in open(sys.argv[2], encoding="utf-8"):
    case = json.loads(line)
    rounds, pauses, answered = [], [], FOREVER
    for event in case["history"]:
        if event["effect"] not in ("applied", "conflict"):
            continue
        r, kind = records[event["log"], event["seq"]], event["type"]
        at = moment(r["at"])
        if kind == "case.open":
            rounds.append({"from": at, "to": FOREVER, "more": 0, "hlc": r["hlc"]})
        if kind in ANSWERS:
            answered = min(answered, at)
        if kind == "case.extend":
            rounds[-1]["more"] += r["days"]
        if kind == "case.pause" and not (pauses and pauses[-1]["to"] == FOREVER):
            pauses.append({"from": at, "to": FOREVER})
        if kind == "case.resume" and pauses and pauses[-1]["to"] == FOREVER:
            pauses[-1]["to"] = max(at, pauses[-1]["from"])
        state = STATES.get(kind)
        reopens = kind == "case.reopen" or r.get("result") == "dissatisfied"
        if reopens:
            state = "in-hand"
        if state is None:
            continue
        if state not in GOES_ON:
            if rounds[-1]["to"] == FOREVER:
                rounds[-1]["to"] = max(at, rounds[-1]["from"])
        elif reopens and rounds[-1]["to"] != FOREVER:
            rounds.append({"from": at, "to": FOREVER, "more": 0, "hlc": r["hlc"]})
        else:
            rounds[-1]["to"] = FOREVER
    opened = records[case["history"][0]["log"], case["history"][0]["seq"]]
    if opened.get("history"):
        print(case["case"], None, None, False, False, 0)
        continue
    answer, hangs = deadline(rounds[0]["from"], settings(rounds[0]["hlc"])["accept"], False, pauses, answered)
    breaches = late(answered, answer)
    for r in rounds:
        days = settings(r["hlc"])[case["class"]][0] + r["more"]
        resolve, unsure = deadline(r["from"], days, case["class"] == "petition", pauses, r["to"])
        breaches += late(r["to"], resolve)
    due, of = (answer, "answer") if len(rounds) == 1 and answered == FOREVER else (resolve, "resolve")
    if rounds[-1]["to"] != FOREVER or due is None:
        print(case["case"], None, None, False, False, breaches)
        continue
    end = datetime.datetime.combine(due + DAY, datetime.time(), ZONE)
    print(case["case"], end.isoformat(), of, now >= end, hangs if of == "answer" else unsure, breaches)
