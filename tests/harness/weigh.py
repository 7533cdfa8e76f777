"""weigh.py PID: the memory that a process and all that it started hold, looked at all the time until
it is told to end (SIGTERM) or they are gone; then says the most of it, in KiB. What several hold
together counts once, divided among them."""
import os
import signal
import sys
import time


def family(pid):
    found = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as f:
                for child in f.read().split():
                    found += family(int(child))
    except OSError:
        pass
    return found


def held(pid):
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as f:
            return next((int(line.split()[1]) for line in f if line.startswith("Pss:")), 0)
    except OSError:
        return 0


def main():
    most, going = 0, True

    def end(*_):
        nonlocal going
        going = False

    signal.signal(signal.SIGTERM, end)
    while going and os.path.exists(f"/proc/{sys.argv[1]}"):
        most = max(most, sum(held(pid) for pid in family(int(sys.argv[1]))))
        time.sleep(0.02)
    print(most)


main()
