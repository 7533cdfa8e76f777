"""What a village's server does by itself, and tells who looks. Usage: rounds.py FILE URL WORKER PASSPHRASE PART"""
import fcntl
import http.client
import json
import os
import subprocess
import sys
import time

from api_lib import Browser, DOC, check, fault
import checks

PATIENCE = 180
me = Browser(sys.argv[2])
me.log_in(sys.argv[3], sys.argv[4])
GOING = DOC["components"]["schemas"]["Going"]


class Stream:
    """One page that is open."""

    def __init__(self, status=200):
        self.connection = http.client.HTTPConnection(me.url.hostname, me.url.port, timeout=PATIENCE)
        self.connection.request("GET", "/api/v1/events", headers={"Cookie": me.cookie})
        self.response = self.connection.getresponse()
        check(self.response.status == status, "a stream is answered", self.response.status)
        self.heard = []
        if status == 200:
            check(self.response.headers["Content-Type"] == "text/event-stream" and self.response.headers["Cache-Control"] == "no-store", self.response.headers)

    def hear(self):
        """The next message; None: it has ended. Beats come between messages, so that no read takes long."""
        end = time.monotonic() + PATIENCE
        while line := self.response.readline():
            check(time.monotonic() < end, "nothing is told", self.heard[-3:])
            if line.startswith(b"data: "):
                self.heard.append(json.loads(line[6:]))
                check((why := fault(self.heard[-1], GOING)) is None, why)
                return self.heard[-1]
        return None

    def until(self, what):
        end = time.monotonic() + PATIENCE
        while not (self.heard and what(self.heard[-1])):
            check(time.monotonic() < end and self.hear(), "never came to it", self.heard[-3:])
        return self.heard[-1]

    def close(self):
        self.connection.close()
        self.response.close()


def program(*words):
    subprocess.run([os.environ["YIZHAN"], *words], check=True, stdout=subprocess.DEVNULL)


def contact():
    return me.call("seeContact", 200).json


def all_of_it():
    first, second = Stream(), Stream()
    check(first.hear() == second.hear(), "two pages are told different things")
    # By itself: what was recorded goes out, what is recorded now, and the receipt comes home.
    first.until(lambda now: now["rounds"]["on"] and now["turn"] > 0)
    me.call("open", 201, {"title": "路灯不亮 Lamp"})
    # The turn that is told may have begun before, without it. Once a turn is told it stands in the history: after
    # the one that brings the receipt no other would come for a long time.
    while (pending := me.call("status", 200).json["pending"]) or (past := contact()["past"])[0]["said"].get("pending") != 0:
        if pending:
            program("--dir", "hub", "hub", "ingest")
        turn = first.heard[-1]["turn"]
        first.until(lambda now: now["turn"] > turn)
    check(past[-1]["kind"] == "join" and past[0]["kind"] == "link" and past[0]["said"]["acknowledged"] and me.call("status", 200).json["pending"] == 0, past)
    # On the command line: in the history too.
    program("--dir", "v", "sync")
    check(len(contact()["past"]) == len(past) + 1 and contact()["past"][0]["said"]["pending"] == 0, contact()["past"])
    # A parcel is written: both see how far it is, and others are answered meanwhile.
    turn = second.until(lambda now: now["turn"] >= turn)["turn"]
    began = me.call("parcels", 202, {"do": "write", "folder": os.path.abspath("stick")}).json
    check(began["running"] and began["kind"] == "write", began)
    me.call("status", 200)
    for stream in (first, second):
        stream.until(lambda now: now["kind"] == "write" and not now["running"])
        progress = [now["progress"] for now in stream.heard if now["kind"] == "write" and now["progress"]]
        check(progress and progress[0]["event"] == "progress" and progress[0]["written"] > 0, stream.heard)
        check(stream.heard[-1]["progress"] is None, stream.heard[-1])
    check(contact()["past"][0]["kind"] == "write" and contact()["past"][0]["said"]["parcels"], contact()["past"][0])
    # One that is stopped while it waits for another command: so is said, and others are answered meanwhile.
    with open("v/lock", "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        check(me.call("contact", 202, {}).json["running"], "a contact does not wait for its turn")
        me.call("status", 200)
        check(contact()["running"], "a contact went on where another command was at work")
        # What else is asked for meanwhile is not begun, and that is said; the same goes on.
        me.call("contact", 202, {})
        for other, body in (("parcels", {"do": "write", "folder": os.path.abspath("stick")}), ("join", {"invitation": "x"})):
            refused = me.call(other, 409, body)
            check(refused.code == "busy" and "stop it" in refused.json["error"]["message"], other, refused.json)
        check(contact()["kind"] == "link", "something else was begun", contact())
        me.call("stopContact", 202, {})
        first.until(lambda now: now["kind"] == "link" and not now["running"])
    check(contact()["past"][0]["kind"] == "link" and contact()["past"][0]["said"] is None, contact()["past"][0])
    # Of a worker who opens page after page the oldest give way, at once and for a minute; the rest hear on.
    second.close()
    first.close()
    many = [Stream() for _ in range(8)]
    for old in many[:2]:
        lines = iter(old.response.readline, b"")
        check(b"retry: 60000\n" in list(lines)[-3:], "one that gave way did not end")
    for stream in many[2:]:
        stream.until(lambda now: True)
    second = many.pop()
    for stream in many:
        stream.close()
    # Who locks the page hears no more.
    me.call("lock", 200)
    while second.hear():
        pass


if sys.argv[5] == "all":
    all_of_it()
elif sys.argv[5] == "open":
    stream = Stream()
    stream.hear()
    open("opened", "w").close()
    while stream.hear():
        pass
elif sys.argv[5] == "begin":
    me.call("contact", 202, {})
elif sys.argv[5] == "rounds":
    Stream().until(lambda now: now["rounds"]["on"])
elif sys.argv[5] == "alone":
    stream = Stream()
    check(not stream.hear()["rounds"]["on"], "two make their rounds")
    me.call("open", 201, {"title": "又一件 Another"})
print(f"{checks.done} checks: {sys.argv[5]}")
