"""Holds a hub's page server against its OpenAPI file: who may do what there, at the PC itself and over the net.
Usage: api_hub.py FILE URL HTTPS-URL OFFICER CLERK AUDITOR PASSPHRASE"""
import datetime
import json
import sys
import time
from urllib.parse import quote

from api_lib import Browser, OPERATIONS, asked, body_schema, check, misuse, misuse_arguments
import api_lib
import checks

HERE, FAR, OFFICER, CLERK, AUDITOR, PASSPHRASE = sys.argv[2:8]
NOT_HERE = {"open"}  # the village's

# --- who is let in over the net -------------------------------------------------

stranger = Browser(FAR)
node = stranger.call("node", 200).json
check(node["far"] and node["workers"] == [], "strangers are told who signs", node)
said = {stranger.call("logIn", 401, {"worker": name, "passphrase": PASSPHRASE}).json["error"]["message"] for name in ("Nobody", OFFICER)}
said.add(stranger.call("logIn", 401, {"worker": CLERK, "passphrase": "wrong"}).json["error"]["message"])
check(len(said) == 1, "who guesses learns something", said)
stranger.call("logIn", 400, {"worker": CLERK})
for _ in range(2):
    stranger.call("logIn", 401, {"worker": CLERK, "passphrase": "wrong"})
slow = stranger.call("logIn", 429, {"worker": CLERK, "passphrase": PASSPHRASE})
# Who guesses waits; the same worker elsewhere does not, nor anyone else there.
Browser(FAR, "127.0.0.2").log_in(CLERK, PASSPHRASE)
Browser(FAR).log_in(AUDITOR, PASSPHRASE)
clerk_here = Browser(HERE)
clerk_here.log_in(CLERK, PASSPHRASE)  # who guesses over the net keeps nobody out here
api_lib.wait(slow)
clerk = Browser(FAR)
began = clerk.log_in(CLERK, PASSPHRASE)
check("; Secure" in began.headers["Set-Cookie"], began.headers["Set-Cookie"])
check(began.json["roles"] == ["clerk"], began.json)


def took(name):
    """A passphrase that is wrong, each after one that is right, as nobody has to wait then; in seconds."""
    Browser(FAR).log_in(CLERK, PASSPHRASE)
    began = time.monotonic()
    stranger.call("logIn", 401, {"worker": name, "passphrase": "wrong"})
    return time.monotonic() - began


nobody, somebody = (min(took(name) for name in names) for names in (("Nobody 1", "Nobody 2", "Nobody 3"), (CLERK,) * 3))
check(nobody > somebody / 3, "the time tells who works here", nobody, somebody)
for host in ("evil.example", f"evil.example:{clerk.url.port}", f"127.0.0.1:{clerk.url.port + 1}"):
    clerk.call("list", 421, Host=host)
clerk.call("list", 200, Host="township.example:8443")
for origin in (f"http://127.0.0.1:{clerk.url.port}", "null", "https://evil.example"):
    check(clerk.ask("GET", "/cases", Origin=origin).status == 403, "asked for by", origin)
check(clerk.ask("GET", "/cases", Origin=f"https://127.0.0.1:{clerk.url.port}").status == 200, "its own page is refused")
crossed = Browser(HERE)
crossed.cookie = clerk.cookie.replace(str(clerk.url.port), str(crossed.url.port))
crossed.call("list", 401)

# --- what there is -----------------------------------------------------------------

villages = clerk.call("villages", 200).json["villages"]
check([(v["version"] is not None, v["disk"] in ("ok", "low", "full")) for v in villages] == [(True, True), (False, False)], "what villages say of themselves", villages)
check([(v["code"], v["joined"], v["unacknowledged"] > 0) for v in villages] == [("SL", True, True), ("DH", False, False)], villages)
cases = clerk.call("list", 200).json["cases"]
check(len(cases) == 3 and {c["village"] for c in cases} == {"SL"}, cases)
for query, most in (("?village=SL", 3), ("?village=DH", 0), ("?result=dissatisfied", 1), ("?result=satisfied", 0), ("?flag=escalated", 1), ("?assigned=" + "x", 0)):
    check(len(clerk.call("list", 200, query=query).json["cases"]) == most, query)
for query, status in (("?village=XX", 404), ("?result=good", 400), ("?matters=1", 400)):
    clerk.call("list", status, query=query)

check(clerk.call("today", 200).json["overdue"]["count"] == 0, "overdue at the hub")
check([n["received"] for n in clerk.call("notices", 200).json["notices"]] == [0], clerk.call("notices", 200).json)
check([h["village"] for h in clerk.call("households", 200).json["households"]] == ["SL"], "households of all villages")
home = clerk.call("households", 200).json["households"][0]
check(home["name"] == "示**", "a whole name in a list", home)
whole = clerk.call("household", 200, name=home["id"]).json
clerk.call("household", 404, name=whole["name"])  # what is in the log of it: api_hub.sh
check(whole["name"] == "示例户 Sample" and [r["by"] for r in whole["read"]] == ["Clerk"], "who read it", whole)
clerk.call("addHousehold", 409, {"name": "x"})
clerk.call("sticks", 409)
clerk.call("parcels", 409, {"do": "write", "folder": "/tmp"})
clerk_here.call("join", 409, {"invitation": "x"})
clerk.call("join", 409, {"invitation": "x"})
clerk_here.call("sticks", 200)
check([g["key"] for g in clerk.call("figures", 200, query="?by=village").json["groups"]] == ["SL"], "figures by village")
for by in ("village", "office"):
    rows = clerk.call("tableOfFigures", 200, query=f"?as=csv&by={by}").raw.decode("utf-8-sig").split("\r\n")
    check(rows[0].startswith(f"Month,{by.capitalize()},Cases,") and rows[1].startswith(",SL," if by == "village" else ",,"), by, rows)
    check(clerk.call("tableOfFigures", 200, query=f"?as=xlsx&by={by}").raw[:2] == b"PK", "no spreadsheet by", by)
listed = clerk.call("tableOfCases", 200, query="?as=csv&village=SL").raw.decode("utf-8-sig")
check(listed.count("\r\n") == 4 and "示**" in listed and "示例居民" not in listed, "names in a table are not those of the list", listed)

# --- who may do what -----------------------------------------------------------------

one, two, three = (case["case"] for case in reversed(cases))
auditor = Browser(FAR)
check(auditor.log_in(AUDITOR, PASSPHRASE).json["roles"] == ["auditor"], "no auditor")
check(auditor.call("show", 200, name=one).json["moves"] == [], "an auditor may make moves")
check(auditor.call("move", 409, {"move": "note", "text": "x"}, name=one).code == "refused", "an auditor wrote")
check(clerk.call("move", 201, {"move": "merge", "into": two, "text": "same"}, name=one).json["case"] == one, "not merged")
clerk.call("move", 404, {"move": "merge", "into": "SL-26-0099-X"}, name=two)
together = clerk.call("list", 200, query="?matters=true").json["cases"]
check([(c["case"], c["people"]) for c in together] == [(three, 1), (two, 2)], together)
clerk.call("move", 201, {"move": "assign", "to": "水利站"}, name=two)
check([c["case"] for c in clerk.call("list", 200, query="?assigned=水利站".replace("水利站", "%E6%B0%B4%E5%88%A9%E7%AB%99")).json["cases"]] == [two], "assigned")
clerk.call("open", 409, {"title": "at the hub"})

# --- what an administrator settles -----------------------------------------------------

officer = Browser(HERE)
officer.log_in(OFFICER)
BODIES = {"tellDay": {"date": "2026-10-01", "off": True}, "changeVillage": {"name": "x"}, "addWorker": {"name": "x", "role": "clerk", "passphrase": "x"}, "renameWorker": {"worker": "Clerk", "name": "x"}, "endWorker": {"worker": "Clerk"}, "changeRoster": {"do": "revoke", "whom": "Ben", "village": "SL"}, "invite": {"village": "x", "code": "XY"}, "settle": {"office": "x"}, "release": {}}
for who in (clerk, auditor):
    for operation, body in BODIES.items():
        who.call(operation, 404 if operation == "release" else 409, body, name="1")
        check(operation == "release" or who.call(operation, 409, body, name="1").code == "refused", operation, "is done for anyone")
# What another page sends, or one that knows no guard; what is broken, unknown, huge or of the wrong kind.
GOOD = {"tellDay": [("*", {"date": "2026-10-01", "off": True})],
        "changeVillage": [("*", {"name": "x"})], "changeRoster": [("role", {"do": "role", "whom": "Clerk", "role": "head"}), ("*", {"do": "revoke", "whom": "Ben", "village": "SL"})],
        "invite": [("*", {"pc": "SL"})], "settle": [("*", {"accept": 1})], "postNotice": [("*", {"title": "x", "text": "y"})], "release": [("*", {})]}
for misused in ("addWorker", [("*", {"name": "x", "role": "clerk", "passphrase": "x"})]), ("renameWorker", [("*", {"worker": "Clerk", "name": "x"})]), ("endWorker", [("*", {"worker": "x"})]):
    misuse(officer, *misused, "1")
check(officer.call("addWorker", 400, {"name": "x", "passphrase": "x"}).subject == "role", "a worker without a role")
check(set(GOOD) == {name for name, (path, method, doc) in OPERATIONS.items() if method == "post" and "hub" in doc.get("tags", [])}, "not every operation of a hub is misused")
for operation, bodies in GOOD.items():
    path, method, doc = OPERATIONS[operation]
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        check(officer.ask("POST", path, bodies[-1][1], **headers).status == 403, operation, "was done for", headers)
    for guard in (None, "", "0" * 64, clerk.guard):
        check(officer.call(operation, 403, bodies[-1][1], name="1", X_Yizhan_Guard=guard).code == "refused", operation, "without its guard")
    for host in ("evil.example", f"evil.example:{officer.url.port}"):
        officer.call(operation, 421, bodies[-1][1], name="1", Host=host)
    misuse(officer, operation, bodies, "1")
misuse(officer, "erase", [("*", {"of": "SL-26-0099-X", "reason": "x"})], "1")
misuse_arguments(auditor, ["audit", "list", "figures", "households", "tableOfCases", "tableOfFigures"])
clerk.call("audit", 409)
auditor.call("postNotice", 409, {"title": "x", "text": "y"})
for operation, wrong in (("changeRoster", {"do": "grant", "whom": "Ben"}), ("changeRoster", {"do": "role", "whom": "Clerk"}), ("changeRoster", {"do": "all", "whom": "Ben"}), ("invite", {}), ("invite", {"village": "x", "code": "x y"}),
                         ("settle", {}), ("settle", {"accept": 0}), ("settle", {"accept": "x"}), ("settle", {"ordinary": [1]}), ("settle", {"ordinary": [0, 1]}), ("settle", {"ordinary": [1, 3651]}), ("settle", {"offic": "x"}), ("settle", {"zone": "+8:00"}), ("settle", {"zone": 8}), ("postNotice", {"title": "x"})):
    officer.call(operation, 400, wrong)
invited = officer.call("invite", 201, {"village": "西湾村 West", "code": "xw"}).json
check(json.loads(invited["invitation"].splitlines()[0])["village"] == "西湾村 West" if invited["invitation"].startswith("{") else invited["invitation"], invited)
check(invited["code"] == "XW" and [v["code"] for v in officer.call("villages", 200).json["villages"]] == ["SL", "DH", "XW"], invited)
officer.call("invite", 409, {"village": "another", "code": "XW"})
officer.call("invite", 201, {"pc": "SL"})
check(officer.call("settle", 200, {"accept": 2, "ordinary": [7, 5], "office": "水利站 Water"}).json["ordinary"] == [7, 5], "settled")
check(officer.call("settings", 200).json["zone"] == "+08:00", "the zone of all")
opened = officer.call("list", 200).json["cases"][0]["opened"]
check(officer.call("settle", 200, {"zone": "-03:30"}).json["zone"] == "-03:30", "a zone")
moved = officer.call("list", 200).json["cases"][0]["opened"]
check(opened.endswith("+08:00") and moved.endswith("-03:30"), (opened, moved))
check(datetime.datetime.fromisoformat(opened) == datetime.datetime.fromisoformat(moved), (opened, moved))
check(officer.call("settle", 200, {"zone": "+08:00"}).json["zone"] == "+08:00", "and back")
check(officer.call("settings", 200).json["offices"] == ["水利站 Water"], officer.call("settings", 200).json)
check(officer.call("settle", 200, {"no_office": "水利站 Water"}).json["offices"] == [], "an office that is none any more")
check(officer.call("settle", 200, {"category": "道路 Roads"}).json["categories"] == ["道路 Roads"], "a category")
check(officer.call("settle", 200, {"no_category": "道路 Roads"}).json["categories"] == [], "a category that is none any more")
officer.call("settle", 404, {"no_category": "never one"})
for name in ("道路 ", "道路\u200b", "道  路", "x" * 201):
    for of in ("office", "category"):
        check(officer.call("settle", 400, {of: name}).subject == name, of, repr(name))
told = officer.call("settings", 200).json
check(told["offices"] == [] and told["categories"] == [], told)
check(officer.call("postNotice", 201, {"title": "二 Second", "text": "more", "village": "SL"}).json["villages"] == 1, "posted")
members = officer.call("roster", 200).json["members"]
check({(m["worker"], m["state"]) for m in members if m["code"] == "SL"} >= {("Ben", "granted")}, members)
check(not officer.call("changeRoster", 200, {"do": "role", "whom": "Clerk", "role": "head"}).json["already"], "a role")
check(set(clerk.call("seeSession", 200).json["roles"]) == {"clerk", "head"}, "the role")
check(not officer.call("changeRoster", 200, {"do": "revoke", "whom": "Ben", "village": "SL"}).json["already"], "revoked")
check([m["state"] for m in officer.call("roster", 200).json["members"] if m["worker"] == "Ben" and m["code"] == "SL"] == ["revoked"], "still there")
check(officer.call("quarantine", 200).json["entries"] == [], "in quarantine")
officer.call("release", 404, {}, name="1")
officer.call("release", 400, {}, name="x")

# --- days off, villages that change, workers of the hub ---------------------------------

check(officer.call("tellDay", 200, {"date": "2026-10-01", "off": True}).json["holidays"] == [{"date": "2026-10-01", "off": True}], "a day off")
check(officer.call("tellDay", 200, {"date": "2026-10-01", "off": False}).json["holidays"] == [{"date": "2026-10-01", "off": False}], "worked after all")
for date in ("2026-02-30", "1 October", "2026-13-01", "2026-1-1"):
    check(officer.call("tellDay", 400, {"date": date, "off": True}).subject == "date", date)
new = officer.call("addWorker", 201, {"name": "新人 New", "role": "auditor", "passphrase": "a first one"}).json
check(len(new["recovery_code"]) == 39, new)
officer.call("addWorker", 409, {"name": "新人 New", "role": "clerk", "passphrase": "x"})
late = Browser(FAR)
check(late.log_in("新人 New", "a first one").json["roles"] == ["auditor"], "the new one's role")
check(officer.call("changeRoster", 200, {"do": "revoke", "whom": "新人 New"}).json == {"already": False, "open_cases": []}, "ended")
late.call("list", 401)  # at once
late.call("seeSession", 401)
Browser(FAR).call("logIn", 401, {"worker": "新人 New", "passphrase": "a first one"})
officer.call("changeRoster", 409, {"do": "revoke", "whom": OFFICER})
node = next(m["node"] for m in officer.call("roster", 200).json["members"] if m["code"] == "SL")
renamed = officer.call("changeVillage", 200, {"name": "示范村 Model", "code": "mv"}, name="DH").json
check((renamed["village"], renamed["code"], renamed["already"]) == ("示范村 Model", "MV", False), renamed)
check(officer.call("changeVillage", 200, {"name": "示范村 Model"}, name="MV").json["already"], "twice")
for wrong in ({}, {"closed": False}, {"name": " "}, {"code": "a b"}):
    officer.call("changeVillage", 400, wrong, name="MV")
officer.call("changeVillage", 404, {"closed": True}, name="XX")
officer.call("changeVillage", 404, {"into": "XX"}, name="MV")
officer.call("changeVillage", 409, {"into": "MV"}, name="MV")
officer.call("changeVillage", 409, {"code": "SL"}, name="MV")
check(not officer.call("changeVillage", 200, {"into": "SL"}, name="MV").json["already"], "merged")
check([(v["code"], v["closed"], v["into"]) for v in officer.call("villages", 200).json["villages"]] == [("SL", False, None), ("MV", True, "SL"), ("XW", False, None)], "after the merger")
check(not officer.call("changeVillage", 200, {"closed": True}, name="XW").json["already"], "closed")
stolen = officer.call("changeRoster", 200, {"do": "revoke", "whom": node, "village": "SL", "stolen": True}).json
check(stolen["readable"]["cases"] == 3 and one in stolen["readable"]["numbers"], stolen)
clerk.call("villages", 200)
# However its number is written, who reads it is in the log, whole.
hidden = "-" * 150 + one.replace("-", " ").lower()
auditor.call("show", 200, name=hidden)
check([line["what"] for line in auditor.call("audit", 200, query=f"?case={quote(one)}").json["lines"]][:1] == ["read:cases/" + hidden.replace(" ", "-")], "a number that hides")
audit = auditor.call("audit", 200).json
lines = audit["lines"]
check(any(line["worker"] == CLERK and line["what"] == "read:villages" for line in lines), lines)

check(lines == sorted(lines, key=lambda line: line["at"], reverse=True), "not the newest first")
check({(r["household"], r["by"]) for r in audit["readings"] if r["case"] is None} == {("示**", "Clerk")}, audit["readings"])
for query, mine in ((f"?worker={CLERK}", lambda line: line["worker"] == CLERK), (f"?case={quote(one)}", lambda line: line["case"] == one), ("?day=" + lines[0]["at"][:10], lambda line: True), ("?day=2020-01-01", lambda line: False)):
    some = auditor.call("audit", 200, query=query).json
    check(all(mine(line) for line in some["lines"]) and bool(some["lines"]) == ("2020" not in query), query, some["lines"][:2])
    check(all(r["by"] == CLERK for r in some["readings"]) if "worker" in query else all(r["case"] == one for r in some["readings"]) if "case" in query else True, query, some["readings"])
check([r["by"] for r in auditor.call("audit", 200, query=f"?case={quote(one)}&worker={AUDITOR}").json["readings"]] == [AUDITOR], "who read one case")
check(auditor.call("audit", 200, query="?worker=nobody").json == {"lines": [], "readings": []}, "of nobody")
for query, status in (("?day=today", 400), ("?day=2026-02-30", 400), ("?case=SL-26-0099-X", 404), ("?worker=%ff", 400)):
    auditor.call("audit", status, query=query)

# --- erasing ------------------------------------------------------------------------------

asked_for = officer.call("erasures", 200).json
check(asked_for["nodes"] == [] and [(a["id"], a["reason"]) for a in asked_for["asked"]] == [(home["id"], "moved away")], "what is asked", asked_for)
no = {"of": home["id"], "reason": "still lives there", "refuse": True}
for who in (clerk, auditor):
    check(who.call("erase", 409, no).code == "refused", "anyone may refuse")
check(officer.call("household", 200, name=home["id"]).json["erase_asked"]["reason"] == "moved away", "a refusal came about")
check(officer.call("erase", 201, no).json == {"asked": False, "already": False, "refused": True}, "refused")
check(officer.call("erase", 404, no).code == "not-found", "refused twice")
kept = officer.call("household", 200, name=home["id"]).json
check(kept["erase_refused"]["reason"] == "still lives there" and kept["erase_asked"] is None and kept["name"], kept)
check(officer.call("erasures", 200).json == {"nodes": [], "asked": []}, "it is still asked")
for who in (clerk, auditor):
    check(who.call("erase", 409, {"of": three, "reason": "x"}).code == "refused", "anyone may erase")
    who.call("erase", 409, {"of": home["id"], "reason": "x"})
officer.call("erase", 404, {"of": "SL-26-0099-X", "reason": "x"})
check(officer.call("erase", 201, {"of": three, "reason": "asked for in person"}).json == {"asked": False, "already": False, "refused": False}, "erased")
gone = officer.call("show", 200, name=three).json
check(gone["title"] is None and gone["resident"] is None and gone["erased"]["reason"] == "asked for in person", gone)
check(officer.call("erase", 201, {"of": three, "reason": "again"}).json["already"], "twice")
officer.call("erase", 201, {"of": home["id"], "reason": "moved"})
check(officer.call("household", 200, name=home["id"]).json["name"] is None, "the household")
clerk.call("erasures", 200)

clerk.call("lock", 200)
clerk.call("list", 401)
seen = {operation for operation, status in asked if status < 300}
hub = {name for name, (path, method, doc) in OPERATIONS.items() if "hub" in doc.get("tags", [])} - {"release"}  # e2e_squatting has something to release
check(hub <= seen, "not every operation of a hub was seen to go well:", hub - seen)
print(f"{checks.done} checks")
