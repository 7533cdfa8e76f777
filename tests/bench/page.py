"""What the page asks for, one after the other over one connection, as somebody at work does.

page.py URL WORKER PASSPHRASE ROUNDS village|township|names: seconds of each request by name, and of one
that the server answers from a file, as JSON; and with what wrk can ask likewise (cookie, guard, a case).
"""
import http.client
import json
import sys
import time
from urllib.parse import quote, urlsplit

URL, WORKER, PASSPHRASE, ROUNDS, WHO = urlsplit(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5]
connection = http.client.HTTPConnection(URL.hostname, URL.port, timeout=600)
headers, took = {}, {}


def ask(name, method, path, body=None):
    """The answer; how long it took is noted under that name, None: not."""
    more = {"Content-Type": "application/json"} if body is not None else {}
    began = time.perf_counter()
    connection.request(method, path, json.dumps(body).encode() if body is not None else None, {**headers, **more})
    answer = connection.getresponse()
    text = answer.read()
    if name is not None:
        took.setdefault(name, []).append(time.perf_counter() - began)
    if answer.status not in (200, 201):
        sys.exit(f"{method} {path} was answered {answer.status}: {text[:300]!r}")
    return json.loads(text) if answer.headers["Content-Type"].startswith("application/json") else {}, answer


def api(name, path, body=None):
    return ask(name, "GET" if body is None else "POST", "/api/v1/" + path, body)[0]


def looked_for(field, word):
    return f"cases?{field}=" + quote(word)


def move(name, case, **body):
    api(name, f"cases/{case}/moves", body)


def look(i):
    """A morning's look around, and a case looked at."""
    first = api("list", "cases?matters=true&limit=50")
    api("list, next page", "cases?matters=true&limit=50&after=" + quote(first["next"] or first["cases"][-1]["case"]))
    api("show", "cases/" + first["cases"][i % len(first["cases"])]["id"])
    api("search, in most cases", looked_for("search", "路灯"))
    api("search, in few cases", looked_for("search", "驿道"))
    api("figures", "figures")
    api("households", "households")
    api("notices", "notices")
    api("status", "status")


def village(i):
    api("today", "today")
    look(i)
    api("search, a name", looked_for("who", f"示例村民{(i * 37) % 10000:04}"))
    api("pending", "pending")
    case = api("open", "cases", {"title": f"第 {i} 盏路灯不亮了", "text": "村口的灯坏了三天。", "resident": f"示例新村民{i}"})["id"]
    move("note", case, move="note", text="已看现场。")
    move("resolve", case, move="resolve", text="换了灯泡。")
    move("follow up", case, move="followup", result="satisfied")
    move("close", case, move="close")


def township(i):
    api("villages", "villages")
    look(i)


def names(i):
    api("a name", looked_for("who", f"示例村民{(i * 37) % 10000:04}"))
    api("no name", looked_for("who", "查无此人"))


session, answer = ask(None, "POST", "/api/v1/session", {"worker": WORKER, **({"passphrase": PASSPHRASE} if PASSPHRASE else {})})
headers = {"Cookie": answer.headers["Set-Cookie"].split(";")[0], "X-Yizhan-Guard": session["guard"], "Accept-Language": "en"}
api(None, looked_for("search", "路灯"))  # the index has caught up
for i in range(ROUNDS):
    ask("a file", "GET", "/icon.svg")
    {"village": village, "township": township, "names": names}[WHO](i)
print(json.dumps({"took": took, "cookie": headers["Cookie"], "guard": session["guard"],
                  "case": api(None, "cases?limit=1")["cases"][0]["id"]}))
