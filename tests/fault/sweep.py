"""The sweep: one command after another is met by a fault at each call that puts something
on disk (tests/harness/disk.c), and afterwards all that was said to be saved is there, verify
is clean, no lock remains, and the same command ends well.

sweep.py [--seed N] [--places N] [--only COMMAND,...] [--do FAULT,...] [--plant FAULT]: in an
empty folder. places: of each command and fault, chosen by the seed; 0: all of them."""
import json
import random
import sys
import time

import town
from commands import judge, play
from town import Wrong, run

FAULTS = ("kill", "tear", "full", "eio")
# What ends the program: the status that it then has.
ENDS = {"kill": -9, "tear": -9, "int": -2, "term": -15}
# Limits that the system sets: places are KiB of a file, and descriptors. Of memory: requests.
LIMITS = {"fsize": 400, "nofile": 48}
FIRST = {"nofile": 4}  # below that no program is loaded


def check(command, at, do, more):
    """One place: the fault, then all that must hold."""
    status, out, said = run(command.node, *command.args, at=at, do=do, more=more)
    if do in ENDS and status not in (ENDS[do], 0):
        raise Wrong(f"it ended with {status} where it was to end: {said}")
    if do == "memory" and command.git and status in (-11, -6):
        if "broke off" not in said:
            raise Wrong(f"it broke off without a word: {said!r}")
        # libgit2 1.5 dies of that at some places; it is as if it was killed, but for its last words
    elif do not in ENDS and status not in (0, 1, 3):
        raise Wrong(f"it ended with {status}: {said} {out}")
    if do == "crash" and (status != 3 or json.loads(out)["error"]["code"] != "network"):
        raise Wrong(f"a child crashed, and it ended with {status}: {said} {out}")
    if status > 0 and not out.strip():
        raise Wrong(f"it ended with {status} without a word: {said!r} {out!r}")
    judge(command, status, out)
    return status


def sweep(command, do, places, chance, more):
    """All places of a command, or some; how many went wrong."""
    command.kept.back()
    if run(command.node, *command.args, do=do if do in ("memory", "crash") else "kill")[0] != 0:
        raise Wrong(f"{command.name} does not end well without a fault")
    total, wrong = LIMITS.get(do, town.calls()), 0
    chosen = range(FIRST.get(do, 1), total + 1)
    if places and places < len(chosen):
        chosen = sorted(chance.sample(chosen, places))
    began, ends = time.time(), {}
    for at in chosen:
        command.kept.back()
        try:
            status = check(command, at, do, more)
            ends[status] = ends.get(status, 0) + 1
        except Wrong as e:
            wrong += 1
            print(f"WRONG {command.name} {do} at {at} of {total}: {e}", flush=True)
            if wrong >= 12:
                print("enough of these", flush=True)
                break
    print(f"{command.name} {do}: {len(chosen)} of {total} places, ended by {ends}, {wrong} wrong, {time.time() - began:.1f} s", flush=True)
    return wrong


def faults(command, chosen, planted):
    """Each fault, at places that the seed chooses."""
    wrong = 0
    for do in chosen.do.split(","):
        chance = random.Random(f"{chosen.seed} {command.name} {do}")
        wrong += sweep(command, do, chosen.places, chance, planted)
    return wrong


sys.exit(play(faults, 0, [("--do", ",".join(FAULTS), "these faults")]))
