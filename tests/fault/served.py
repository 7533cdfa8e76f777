"""The sweep over HTTPS: a village brings its cases to a hub that is served, and hears its answer,
while the server is met by a fault at each call that puts something on disk (tests/harness/disk.c).
Then the hub is clean, and once it is served again the village's next contacts end well.

served.py [--seed N] [--places N] [--do FAULT,...]: in an empty folder. places: of each fault, chosen by
the seed; 0: all of them."""
import argparse
import json
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import time

import town
from town import Kept, Wrong, agree, clean, done, left_over, numbers, run

FAULTS = ("kill", "tear", "full", "eio")


class Served:
    """The hub, served; with a fault at a call where at is not 0."""

    def __init__(self, port, at=0, do="kill"):
        with open("served-state", "wb") as f:
            f.write(bytes(64))
        fault = {
            "LD_PRELOAD": town.DISK,
            "DISK_STATE": os.path.abspath("served-state"),
            "DISK_AT": str(at),
            "DISK_DO": do,
            "DISK_SWIFT": "1",
        }
        self.said = open("served", "wb")
        self.child = subprocess.Popen(
            [town.PROGRAM, "--dir", "hub", "--json", "hub", "serve", "--listen", f"127.0.0.1:{port}"],
            env={**town.PLAIN, **fault},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.said,
            start_new_session=True,
        )
        self.child.stdout.readline()  # it listens, or has ended

    def calls(self):
        with open("served-state", "rb") as f:
            return struct.unpack("<Q", f.read(8))[0]

    def end(self):
        """Told to end; its status."""
        self.child.send_signal(signal.SIGTERM)
        try:
            status = self.child.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()
            raise Wrong("the server does not end") from None
        self.child.stdout.close()
        self.said.close()
        return status


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def township(port):
    """A hub that is served and a village with two cases that are not sent yet, one that is."""
    done("hub", "hub", "init", "--township", "青山镇", "--code", "QSZ", "--url", f"https://127.0.0.1:{port}")
    done("hub", "hub", "invite", "--village", "东村", "--code", "DC", "-o", "dc.json")
    served = Served(port)
    done("v", "join", "dc.json")
    case = done("v", "case", "open", "--title", "路灯不亮", "--text", "经过")["case"]
    done("v", "sync")
    served.end()
    done("hub", "case", "resolve", case, "--text", "办好")
    for title in ("送一", "送二"):
        done("v", "case", "open", "--title", title, "--text", title)


def contacts(port, before):
    """The hub is served again: two contacts, and all is where it belongs."""
    served = Served(port)
    try:
        for _ in range(2):
            done("v", "sync")
        agree()
        if not before <= numbers("hub"):
            raise Wrong("cases have not come to the hub")
    finally:
        status = served.end()
    if status != 0:
        raise Wrong(f"the server ends with {status}")
    clean("v", "hub", noted=False)
    if left_over("v", "hub"):
        raise Wrong(f"left over: {left_over('v', 'hub')}")


def check(port, before, at, do):
    """One place; what the village's contact ended with."""
    served = Served(port, at, do)
    try:
        status, out, said = run("v", "sync")
    finally:
        ended = served.end()
    if status not in (0, 3) or not out.strip():
        raise Wrong(f"the contact ended with {status}: {out} {said}")
    if ended not in ((0, -9) if do in ("kill", "tear") else (0, 1)):
        raise Wrong(f"the server ended with {ended}: {open('served').read()}")
    pending = json.loads(out).get("pending", 1) if status == 0 else 1
    if pending == 0 and not before <= numbers("hub"):
        raise Wrong("received was said, and it is not there")
    clean("v", "hub")
    contacts(port, before)
    return status


def sweep(port, kept, do, places, chance):
    """All places of a fault, or some; how many went wrong."""
    kept.back()
    before = numbers("v")
    served = Served(port)
    done("v", "sync")
    served.end()
    total, wrong, ends, began = served.calls(), 0, {}, time.time()
    chosen = range(1, total + 1)
    if places and places < total:
        chosen = sorted(chance.sample(chosen, places))
    for at in chosen:
        kept.back()
        try:
            status = check(port, before, at, do)
            ends[status] = ends.get(status, 0) + 1
        except Wrong as e:
            wrong += 1
            print(f"WRONG served {do} at {at} of {total}: {e}", flush=True)
    print(f"served {do}: {len(chosen)} of {total} places, contacts ended by {ends}, {wrong} wrong, {time.time() - began:.1f} s", flush=True)
    return wrong


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--places", type=int, default=0)
    options.add_argument("--do", default=",".join(FAULTS))
    chosen = options.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    port = free_port()
    township(port)
    kept = Kept("served", "hub", "v")
    chance = random.Random(chosen.seed)
    return 1 if sum(sweep(port, kept, do, chosen.places, chance) for do in chosen.do.split(",")) else 0


sys.exit(main())
