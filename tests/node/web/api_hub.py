"""Holds a hub's page server against its OpenAPI file: who may do what there, at the PC itself and over the net.
Usage: api_hub.py FILE URL HTTPS-URL OFFICER CLERK AUDITOR PASSPHRASE"""
import json
import sys

from api_lib import Browser, OPERATIONS, asked, check
import api_lib

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
slow = stranger.call("logIn", 429, {"worker": CLERK, "passphrase": PASSPHRASE})
clerk_here = Browser(HERE)
clerk_here.log_in(CLERK, PASSPHRASE)  # who guesses over the net keeps nobody out here
api_lib.wait(slow)
clerk = Browser(FAR)
began = clerk.log_in(CLERK, PASSPHRASE)
check("; Secure" in began.headers["Set-Cookie"], began.headers["Set-Cookie"])
check(began.json["roles"] == ["clerk"], began.json)
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
clerk.call("addHousehold", 409, {"name": "x"})
clerk.call("sticks", 409)
clerk.call("parcels", 409, {"do": "write", "folder": "/tmp"})
clerk_here.call("join", 409, {"invitation": "x"})
clerk.call("join", 409, {"invitation": "x"})
clerk_here.call("sticks", 200)
check([g["key"] for g in clerk.call("figures", 200, query="?by=village").json["groups"]] == ["SL"], "figures by village")

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
BODIES = {"changeRoster": {"do": "revoke", "whom": "Ben", "village": "SL"}, "invite": {"village": "x", "code": "XY"}, "settle": {"office": "x"}, "release": {}}
for who in (clerk, auditor):
    for operation, body in BODIES.items():
        who.call(operation, 404 if operation == "release" else 409, body, name="1")
clerk.call("audit", 409)
auditor.call("postNotice", 409, {"title": "x", "text": "y"})
for operation, wrong in (("changeRoster", {"do": "grant", "whom": "Ben"}), ("changeRoster", {"do": "role", "whom": "Clerk"}), ("changeRoster", {"do": "all", "whom": "Ben"}), ("invite", {}), ("invite", {"village": "x", "code": "x y"}),
                         ("settle", {}), ("settle", {"accept": 0}), ("settle", {"accept": "x"}), ("settle", {"ordinary": [1]}), ("settle", {"ordinary": [0, 1]}), ("settle", {"ordinary": [1, 3651]}), ("settle", {"offic": "x"}), ("postNotice", {"title": "x"})):
    officer.call(operation, 400, wrong)
invited = officer.call("invite", 201, {"village": "西湾村 West", "code": "xw"}).json
check(json.loads(invited["invitation"].splitlines()[0])["village"] == "西湾村 West" if invited["invitation"].startswith("{") else invited["invitation"], invited)
check(invited["code"] == "XW" and [v["code"] for v in officer.call("villages", 200).json["villages"]] == ["SL", "DH", "XW"], invited)
officer.call("invite", 409, {"village": "another", "code": "XW"})
officer.call("invite", 201, {"pc": "SL"})
check(officer.call("settle", 200, {"accept": 2, "ordinary": [7, 5], "office": "水利站 Water"}).json["ordinary"] == [7, 5], "settled")
check(officer.call("settings", 200).json["offices"] == ["水利站 Water"], officer.call("settings", 200).json)
check(officer.call("settle", 200, {"no_office": "水利站 Water"}).json["offices"] == [], "an office that is none any more")
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
lines = auditor.call("audit", 200).json["lines"]
check(any(line["worker"] == CLERK and line["what"] == "read:villages" for line in lines), lines)

clerk.call("lock", 200)
clerk.call("list", 401)
seen = {operation for operation, status in asked if status < 300}
hub = {name for name, (path, method, doc) in OPERATIONS.items() if "hub" in doc.get("tags", [])} - {"release"}  # e2e_squatting has something to release
check(hub <= seen, "not every operation of a hub was seen to go well:", hub - seen)
print(f"{api_lib.checks} checks")
