"""Holds a village's page server against its OpenAPI file: every endpoint, every member with values of the
wrong kind, what is unknown or huge, and who may not ask. Usage: api.py FILE URL WORKER PASSPHRASE RECORDS"""
import csv
import http.client
import io
import json
import os
import re
import sys
import time
from urllib.parse import quote, urlsplit

from api_lib import Browser, OPERATIONS, asked, body_schema, check, misuse, misuse_arguments
import checks

URL, WORKER, PASSPHRASE, RECORDS = urlsplit(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5])
STREAM, EARLY = {"events"}, {"setUp"}  # rounds.py, setup.sh
HUB = {name for name, (path, method, doc) in OPERATIONS.items() if "hub" in doc.get("tags", [])}


def records():
    return me.call("status", 200).json["records"]


# --- who is there ------------------------------------------------------

me, stranger = Browser(sys.argv[2]), Browser(sys.argv[2])
node = stranger.call("node", 200).json
check([w["name"] for w in node["workers"]] == [WORKER, "Ben"] and node["workers"][0]["locked"], "workers", node)
for name, (path, method, doc) in OPERATIONS.items():
    if doc["security"]:
        stranger.call(name, 401, {"title": "x", "move": "note", "text": "x"} if body_schema(name) else None, name="SL-26-0001-H")
    for host in ("evil.example", f"evil.example:{URL.port}", "127.0.0.1", f"127.0.0.1:{URL.port + 1}", f"127.0.0.1:{URL.port}.evil.example"):
        stranger.call(name, 421, {"worker": WORKER} if body_schema(name) else None, name="x", Host=host)
for wrong in ({"worker": "Nobody", "passphrase": "x"}, {"worker": WORKER}, {"worker": WORKER, "passphrase": "y" * 1025}):
    stranger.call("logIn", 400, wrong)
for i in range(3):
    check(stranger.call("logIn", 401, {"worker": WORKER, "passphrase": f"wrong {i}"}).code == "key", "a wrong passphrase")
slow = stranger.call("logIn", 429, {"worker": WORKER, "passphrase": PASSPHRASE})
check(int(slow.headers["Retry-After"]) >= 1 and not slow.headers["Set-Cookie"], "who tried wrong ones does not wait")
time.sleep(int(slow.headers["Retry-After"]))
began = me.call("logIn", 201, {"worker": WORKER, "passphrase": PASSPHRASE})
cookie = began.headers["Set-Cookie"]
check("HttpOnly" in cookie and "SameSite=Strict" in cookie and f"yizhan-{URL.port}=" in cookie, cookie)
me.cookie, me.guard = cookie.split(";")[0], began.json["guard"]
check(me.call("seeSession", 200).json == began.json, "another session")
check(records() == RECORDS, "something was written before anyone was there")

# --- what other pages send ---------------------------------------------

for name, (path, method, doc) in OPERATIONS.items():
    body = {"title": "forged", "move": "note", "text": "forged", "worker": WORKER, "passphrase": PASSPHRASE} if body_schema(name) else None
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": f"https://127.0.0.1:{URL.port}"},
                    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        check(me.ask(method.upper(), path, body, **headers).status == 403, name, "was done for", headers)
    if any("Guard" in p.get("$ref", "") for p in doc.get("parameters", [])):
        for guard in (None, "", "0" * 64, me.guard[:-1], me.guard.upper()):
            check(me.call(name, 403, body, name="x", X_Yizhan_Guard=guard).code == "refused", name, "without its guard")
    if body:
        for kind in ("text/plain", "application/x-www-form-urlencoded", None):
            me.call(name, 415, raw=b'{"title":"forged"}', name="x", Content_Type=kind)
check(records() == RECORDS, "another page wrote something")

# --- what is asked wrong -----------------------------------------------

GOOD = {"open": [("title", {"title": "x"}), ("*", {"title": "x", "solved": {"done": "x", "result": "satisfied"}})],
        "logIn": [("*", {"worker": WORKER, "passphrase": PASSPHRASE})],
        "setPassphrase": [("*", {"passphrase": PASSPHRASE, "new": "another"})],
        "setUp": [("*", {"worker": "x", "passphrase": "y", "village": "z", "code": "ZZ"})],
        "addWorker": [("*", {"name": "x", "passphrase": "y"})], "renameWorker": [("*", {"worker": WORKER, "name": "x"})], "endWorker": [("*", {"worker": "x"})],
        "contact": [("*", {})], "stopContact": [("*", {})],
        "addHousehold": [("*", {"name": "x"})], "editHousehold": [("*", {"name": "x"})], "visit": [("*", {"text": "x"})], "parcels": [("*", {"do": "write", "folder": "/tmp"})], "join": [("*", {"invitation": "x"})], "erase": [("*", {"of": "SL-26-0001-H", "reason": "x"})],
        "move": [("field", {"move": "settle", "field": "title", "value": "x"}), ("value", {"move": "settle", "field": "title", "value": "x"}), ("move", {"move": "note", "text": "x"}), ("text", {"move": "note", "text": "x"}), ("reason", {"move": "escalate", "reason": "x"}),
                 ("into", {"move": "merge", "into": "SL-26-0002-F"}), ("to", {"move": "assign", "to": "x"}), ("turn_to", {"move": "refuse", "reason": "x", "turn_to": "y"}),
                 ("result", {"move": "followup", "result": "satisfied"}), ("solved", {"move": "followup", "result": "satisfied"}),
                 ("no_follow_up", {"move": "close"}), ("days", {"move": "extend", "days": 1, "reason": "x"})]}
for operation in HUB:
    path, method, doc = OPERATIONS[operation]
    if not body_schema(operation):
        check(me.call(operation, 404, name="x").code == "not-found", operation, "is answered at a village")

for operation, bodies in GOOD.items():
    misuse(me, operation, bodies, "SL-26-0001-H")
for query in ("?state=nonsense", "?limit=0", "?limit=201", "?limit=x", "?limit=-1", "?overdue=yes", "?requested=false", "?conflict=1", "?due_within=0", "?due_within=367", "?flag=none", "?search=%ff", "?search=" + "x" * 1001):
    me.call("list", 400, query=query)
misuse_arguments(me, [name for name, (path, method, doc) in OPERATIONS.items() if method == "get" and name not in HUB])
me.call("list", 404, query="?after=nonsense")
for name, status in (("nonsense", 400), ("SL-26-0001-H", 404), ("0" * 64, 404), ("x" * 300, 404), ("%2e%2e", 400)):
    me.call("show", status, name=name)
for method, path, status in (("GET", "/nothing", 404), ("POST", "/status", 405), ("DELETE", "/cases", 405), ("GET", "/cases/", 404),
                             ("PUT", "/cases", 405), ("GET", "/cases/x/moves", 405), ("GET", "/../../../etc/passwd", 404), ("TRACE", "/node", 405)):
    check(me.ask(method, path).status in (status, 404 if status == 405 else status), method, path)
check(records() == RECORDS, "something that was refused was written")
# A body without an end that was never announced: the server hangs up, and goes on.
connection = http.client.HTTPConnection(URL.hostname, URL.port, timeout=60)
try:
    connection.request("POST", "/api/v1/session", (b"x" * 65536 for _ in range(64)), {"Content-Type": "application/json"}, encode_chunked=True)
    connection.getresponse()
    check(False, "4 MiB were taken in")
except (http.client.HTTPException, OSError):
    connection.close()

# --- what is asked well --------------------------------------------------

first = me.call("open", 201, {"title": " 路灯 不亮 ", "text": "two\nlines", "resident": "甲", "phone": "1", "class": "complex"}).json
shown = me.call("show", 200, name=first["id"]).json
check(shown["title"] == "路灯 不亮" and shown["text"] == "two\nlines" and shown["class"] == "complex", shown)
check({"resolve", "note", "accept"} <= set(shown["moves"]) and "followup" not in shown["moves"], shown["moves"])
check(me.call("move", 409, {"move": "followup", "result": "satisfied"}, name=first["case"]).code == "refused", "followed up too early")
for move in ({"move": "accept"}, {"move": "note", "text": "noted"}, {"move": "resolve", "text": "done"},
             {"move": "followup", "result": "satisfied", "solved": "yes", "text": "thanks"}, {"move": "close", "no_follow_up": False}):
    check(me.call("move", 201, move, name=first["case"]).json["case"] == first["case"], move)
shown = me.call("show", 200, name=first["case"].lower()).json
check(shown["state"] == "closed" and [e["type"][5:] for e in shown["history"]] == ["open", "accept", "note", "resolve", "followup", "close"], shown)
hidden = me.call("open", 201, {"title": "Anonymous 138 0013 8000", "resident": "乙", "phone": "2", "anonymous": True}).json
check(hidden["warnings"] == [{"field": "title", "looks_like": "telephone"}], "a telephone number in a title")
check(me.call("move", 201, {"move": "note", "text": "身份证990101199001010019"}, name=hidden["id"]).json["warnings"]
      == [{"field": "text", "looks_like": "id-number"}], "an ID number")
shown = me.call("show", 200, name=hidden["id"]).json
check(shown["anonymous"] and shown["resident"] is None and shown["phone"] is None, shown)
check(me.call("open", 201, {"title": "路灯 不亮"}).json["duplicates"][0]["case"] == first["case"], "no likely case is offered")
check(me.call("move", 409, {"move": "settle", "field": "title", "value": "x"}, name=first["case"]).code == "refused", "settled without a conflict")
for query, most in (("?overdue=true", 0), ("?due_within=366", 2), ("?requested=true", 0), ("?conflict=true", 0), ("?flag=escalated", 0), ("?overdue=true&due_within=366", 2)):
    check(len(me.call("list", 200, query=query).json["cases"]) == most, query, me.call("list", 200, query=query).json)
check(me.call("list", 200).json["cases"][0]["village"] == "SL", "the village")
last = me.call("list", 200, query="?limit=1").json
check(me.call("move", 201, {"move": "void", "reason": "x"}, name=last["cases"][0]["case"]).json["request"] is False, "a request")
page, seen = last, [last["cases"][0]["id"]]
while page["next"]:
    page = me.call("list", 200, query=f"?limit=1&after={quote(page['next'])}").json
    seen += [c["id"] for c in page["cases"]]
check(len(seen) == len(set(seen)) == 3 and seen[-1] == first["id"], "pages", seen)
check([c["id"] for c in me.call("list", 200, query="?state=closed&search=" + quote("路灯")).json["cases"]] == [first["id"]], "the filter")

# --- attachments -------------------------------------------------------------

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 2500  # three pieces
name = "../../照片 \"a\"; b.jpg"


def announce(who, size):
    """A file of which only the size has come yet: the status."""
    connection = http.client.HTTPConnection(URL.hostname, URL.port, timeout=60)
    connection.putrequest("POST", f"/api/v1/cases/{first['case']}/attachments?name=x")
    for header, value in (("Content-Length", str(size)), ("Cookie", who.cookie), ("X-Yizhan-Guard", who.guard)):
        if value:
            connection.putheader(header, value)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def attach(status, raw, case=first["case"], called=name, **more):
    return me.call("attach", status, raw=raw, name=case, query=f"?name={quote(called)}", Content_Type="application/octet-stream", **more)


before_attaching = records()
for raw, case, called, status in ((b"", first["case"], name, 400), (b"<script>alert(1)</script>", first["case"], name, 400), (JPEG, first["case"], "", 400), (JPEG, "SL-26-0099-X", name, 404), (JPEG, "nonsense", name, 400), (JPEG, "0" * 64, name, 404)):
    attach(status, raw, case, called)
check(records() == before_attaching, "something was attached")
made = attach(201, JPEG).json
check(made["case"] == first["case"] and made["tells"] is False, made)
body = me.call("show", 200, name=first["case"]).json["history"][-1]["body"]
check((body["name"], body["media"], body["size"], body["pieces"], body["here"]) == ('照片 "a"; b.jpg', "image/jpeg", len(JPEG), 3, 3), body)
again = me.ask("GET", f"/cases/{first['case']}/attachments/{body['number']}")
asked.add(("attachment", 200))
check(again.raw == JPEG and again.type == "image/jpeg" and again.headers["Cache-Control"] == "no-store", again.headers)
check(again.headers["Content-Disposition"] == "inline; filename*=UTF-8''" + quote('照片 "a"; b.jpg', safe=""), again.headers["Content-Disposition"])
check(any("sandbox" in policy for policy in again.headers.get_all("Content-Security-Policy")) and again.headers["X-Content-Type-Options"] == "nosniff", again.headers)
attach(201, b"%PDF-1.4 <script>alert(1)</script>", called="scan.html")
scan = me.ask("GET", f"/cases/{first['case']}/attachments/2")
check(scan.type == "application/pdf" and scan.headers["Content-Disposition"] == "attachment; filename*=UTF-8''scan.html.pdf", scan.headers)
attach(201, b"%PDF-1.4", called="scan\u202efdp.exe")
check(me.call("show", 200, name=first["case"]).json["history"][-1]["body"]["name"] == "scan_fdp.exe", "a name that turns text around")
check(me.ask("GET", f"/cases/{first['case']}/attachments/3").headers["Content-Disposition"].endswith("''scan_fdp.exe.pdf"), "it is saved as what it is")
for number in ("0", "4", "x", "999999"):
    check(me.ask("GET", f"/cases/{first['case']}/attachments/{number}").status == 404, "attachment", number)
check(stranger.ask("GET", f"/cases/{first['case']}/attachments/1").status == 401, "anyone sees attachments")
# Nobody's bytes are taken in but of who may send them: the answer comes before them.
check(announce(stranger, 40 << 20) == 401, "a stranger's file is waited for")
check(announce(me, (50 << 20) + 1) == 413, "a file of any size is taken in")

# --- today, households, notices ------------------------------------------

late = me.call("open", 201, {"title": "to be asked"}).json
me.call("move", 201, {"move": "resolve", "text": "done"}, name=late["case"])
home = me.call("addHousehold", 201, {"name": " 示例户 Sample ", "place": "村东", "people": "甲、乙", "phone": "1", "note": "two\nlines"}).json["household"]
check(me.call("addHousehold", 409, {"name": "示例户  sample"}).code == "exists", "two of one name")
me.call("addHousehold", 400, {"name": "x" * 201})
check(me.call("addHousehold", 413, {"name": "y", "people": ",".join("z" * 101)}).code == "limit", "101 people")
today = me.call("today", 200).json
check(today["follow_up"]["count"] == 1 and today["follow_up"]["items"][0]["id"] == late["id"], today)
check(today["visits"]["count"] == 1 and today["visits"]["items"][0]["id"] == home, today)
check(today["overdue"]["count"] == today["answers"]["count"] == today["notices"]["count"] == 0, today)
me.call("visit", 201, {"text": "well"}, name=home)
me.call("visit", 201, {}, name=home[:8])
for operation, body in (("visit", {}), ("household", None), ("editHousehold", {"note": "x"})):
    check(me.call(operation, 404, body, name="示例户 Sample").code == "not-found", "a household by its name, which stands in logs")
me.call("visit", 400, {"text": " "}, name=home)
me.call("visit", 404, {}, name="nobody")
whole = me.call("household", 200, name=home).json
check([v["text"] for v in whole["visits"]] == [None, "well"] and whole["people"] == ["甲", "乙"] and whole["note"] == "two\nlines", whole)
me.call("editHousehold", 201, {"place": "村西", "phone": "", "people": "丙"}, name=home)
me.call("editHousehold", 400, {}, name=home)
whole = me.call("household", 200, name=home).json
check((whole["place"], whole["phone"], whole["people"]) == ("村西", None, ["丙"]), whole)
check(me.call("today", 200).json["visits"]["count"] == 0, "a visit is due though they were seen")
for query, most in (("", 1), ("?search=" + quote("村西"), 1), ("?search=" + quote("村东"), 0), ("?not_visited=1", 0), ("?gone=true", 0)):
    check(len(me.call("households", 200, query=query).json["households"]) == most, query)
me.call("editHousehold", 201, {"gone": True}, name=home)
check(len(me.call("households", 200, query="?gone=true").json["households"]) == 1, "gone")
for query in ("?not_visited=0", "?gone=yes", "?search=%ff"):
    me.call("households", 400, query=query)
me.call("household", 404, name="nobody")
check(me.call("erase", 201, {"of": late["case"], "reason": "a mistake"}).json == {"asked": False, "already": False, "refused": False}, "erased")
check(me.call("show", 200, name=late["case"]).json["title"] is None and me.call("erase", 201, {"of": late["case"], "reason": "x"}).json["already"], "still there")
me.call("erase", 404, {"of": "nobody", "reason": "x"})
check(me.call("notices", 200).json["notices"] == [], "a notice")
check(me.call("quarantine", 200).json["entries"] == [], "in quarantine")
check(me.call("settings", 200).json["ordinary"][0] > 0, "no days")
me.call("postNotice", 404, {"title": "x", "text": "y"})
for operation, body in (("settle", {"accept": 1}), ("invite", {"village": "x", "code": "XX"}), ("changeRoster", {"do": "grant", "whom": "x", "village": "SL"}), ("release", {})):
    me.call(operation, 404, body, name="1")

# --- figures, and what is not with the township ---------------------------

all_of_it = me.call("figures", 200).json["groups"]
check(len(all_of_it) == 1 and all_of_it[0]["cohort"] == 3 and all_of_it[0]["void"] == 1, all_of_it)
months = me.call("figures", 200, query="?by=month").json["groups"]
check(len(months) == 12 and sum(m["cohort"] for m in months) == 3 and months[0]["month"] > months[1]["month"], months)
this = months[0]["month"] if months[0]["cohort"] else months[1]["month"]
for by in ("category", "village", "worker", "office"):
    groups = me.call("figures", 200, query=f"?by={by}&month={this}").json["groups"]
    check(sum(g["cohort"] for g in groups) == 3, by, groups)
check(len(me.call("list", 200, query=f"?month={this}").json["cases"]) == 4 and me.call("list", 200, query="?month=2020-01").json["cases"] == [], "cases of a month")
for query in ("?by=nothing", "?month=2026", "?month=2026-13", "?month=x"):
    me.call("figures", 400, query=query)
me.call("list", 400, query="?month=2026-1")
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import xlsx
for language, first in (("en", "Number"), ("zh", "编号")):
    table = list(csv.reader(io.StringIO(me.call("tableOfCases", 200, query="?as=csv&state=closed", Accept_Language=language).raw.decode("utf-8-sig"), newline="")))
    rows = xlsx.read(io.BytesIO(me.call("tableOfCases", 200, query="?as=xlsx&state=closed", Accept_Language=language).raw))
    check(rows == table and len(rows) == 2 and rows[0][0] == first and rows[1][0] == me.call("list", 200, query="?state=closed").json["cases"][0]["case"], rows, table)
months = xlsx.read(io.BytesIO(me.call("tableOfFigures", 200, query="?as=xlsx&by=month").raw))
check(len(months) == 13 and months[0][:3] == ["Month", "Cases", "Merged"] and sum(row[1] for row in months[1:]) == 3, months[:2])
rates = dict(zip(*months[:2])) if months[1][1] else dict(zip(months[0], months[2]))
check(rates["Resolution: denominator"] > 0 and abs(rates["Resolution"] - rates["Resolution: numerator"] / rates["Resolution: denominator"]) < 1e-9, rates)
for query in ("", "?as=", "?as=pdf", "?as=xlsx&by=nothing", "?as=csv&month=x"):
    me.call("tableOfFigures", 400, query=query)
for query in ("", "?as=ods", "?as=csv&state=nonsense", "?as=xlsx&overdue=yes"):
    me.call("tableOfCases", 400, query=query)
pending = me.call("pending", 200).json
check(pending["count"] == me.call("status", 200).json["records"] and all(i["why"] == "pending" for i in pending["items"]), pending["count"])
check(any(i["case"] == late["case"] for i in pending["items"]), "of which case")
me.call("sticks", 200)
for folder in ("relative", "/nowhere/at/all", "/etc/passwd"):
    me.call("parcels", 400, {"do": "read", "folder": folder})

# --- what may be the same ------------------------------------------------------

me.call("open", 201, {"title": "a bench", "place": "村口 Old Gate, 3"}).json
for query, most in (("村口", 1), ("old gate", 1), ("gate 村口", 1), ("村西", 0), ("bench", 0)):
    check(len(me.call("list", 200, query="?place=" + quote(query)).json["cases"]) == most, "cases of the place", query)
    check(len(me.call("tableOfCases", 200, query="?as=csv&place=" + quote(query)).raw.decode("utf-8-sig").strip().split("\r\n")) == 1 + most, "a table of the place", query)
lamp = me.call("open", 201, {"title": "the lamp at the bridge is dark", "household": "Bridge 3"}).json["case"]
for query in ("?title=The%20lamp%20at%20the%20bridge%20is%20dark!", "?household=bridge%203", "?title=nothing%20like&household=Bridge%203"):
    check([one["case"] for one in me.call("likely", 200, query=query).json["cases"]] == [lamp], query, me.call("likely", 200, query=query).json)
for query in ("", "?title=a%20well%20without%20water", "?household=Bridge%204"):
    check(me.call("likely", 200, query=query).json["cases"] == [], query)

# --- who works here ----------------------------------------------------------

here = me.call("workers", 200).json["workers"]
check([(one["worker"], one["state"], one["locked"]) for one in here][0] == (WORKER, "home", True), here)
check(len(me.call("addWorker", 201, {"name": "新人 New", "passphrase": "a first one"}).json["recovery_code"]) == 39, "no code")
check(me.call("addWorker", 409, {"name": "新人 New", "passphrase": "x"}).code == "exists", "two of one name")
check(me.call("addWorker", 400, {"name": "y", "passphrase": "x", "role": "clerk"}).subject == "role", "a role at a village")
late = Browser(sys.argv[2])
late.log_in("新人 New", "a first one")
check(me.call("renameWorker", 200, {"worker": "新人 New", "name": "新名 Newer"}).json == {"already": False, "again": False}, "renamed")
check(me.call("renameWorker", 200, {"worker": "新名 Newer", "name": "新名 Newer"}).json["already"], "renamed twice")
me.call("renameWorker", 409, {"worker": "新名 Newer", "name": WORKER})
me.call("renameWorker", 404, {"worker": "nobody", "name": "x"})
check(late.call("renameWorker", 200, {"worker": "新名 Newer", "name": "自改 Own"}).json == {"already": False, "again": True}, "their own name")
late.call("list", 401)  # by the new name
late.log_in("自改 Own", "a first one")
mine = late.call("open", 201, {"title": "left by one who goes"}).json["case"]
check(me.call("endWorker", 200, {"worker": "自改 Own"}).json == {"open_cases": [mine]}, "what is left open")
late.call("list", 401)  # at once
me.call("endWorker", 404, {"worker": "自改 Own"})
check(len(me.call("workers", 200).json["workers"]) == len(here), "who is there")

# --- a contact, and another passphrase -------------------------------------

check(not me.call("seeContact", 200).json["running"], "a contact")
me.call("contact", 202, {}, Accept_Language="zh")
while (state := me.call("seeContact", 200).json)["running"]:
    time.sleep(0.1)
check(state["kind"] == "link" and state["past"] == [] and state["turn"] == 1 and not state["rounds"]["on"], state)
check(state["began"] <= state["ended"] and state["said"]["error"]["code"] == "refused" and "乡镇" in state["said"]["error"]["message"], state)
me.call("stopContact", 202, {})
me.call("parcels", 202, {"do": "write", "folder": "/tmp"})
while (state := me.call("seeContact", 200).json)["running"]:
    time.sleep(0.1)
check(state["kind"] == "write" and state["past"] == [] and state["said"]["error"]["code"] == "refused", state)
me.call("join", 202, {"invitation": "this is none"})
while (state := me.call("seeContact", 200).json)["running"]:
    time.sleep(0.1)
check(state["kind"] == "join" and state["said"]["error"], state)
check(me.call("setPassphrase", 409, {"passphrase": "wrong", "new": "another one"}).code == "key", "another's passphrase")
me.call("setPassphrase", 400, {"new": "another one"})
check(re.fullmatch("([0-9A-Z]{4}-){7}[0-9A-Z]{4}", me.call("setPassphrase", 200, {"passphrase": PASSPHRASE, "new": "another one"}).json["recovery_code"]), "no code")
stranger.call("logIn", 401, {"worker": WORKER, "passphrase": PASSPHRASE})
other = stranger.call("logIn", 201, {"worker": WORKER, "passphrase": "another one"})
check(other.json["guard"] != me.guard, "two sessions of one guard")
check(other.json["drafts"] == began.json["drafts"], "the key of drafts is another one at the next log in")

# --- another language, and the end ---------------------------------------

for language, word in (("zh-CN", "没有这样"), ("fr", "没有这样"), ("en", "There is no such field.")):
    answer = me.ask("POST", "/cases", {"title": "x", "y": "z"}, Accept_Language=language)
    check(answer.json["error"]["message"].startswith(word), language, answer.json)
me.call("lock", 200)
me.call("list", 401)
seen = {operation for operation, status in asked if status < 300}
check(seen == set(OPERATIONS) - HUB - STREAM - EARLY, "not every operation was seen to go well:", set(OPERATIONS) - HUB - seen)
print(f"{checks.done} checks of {len(OPERATIONS)} operations")
