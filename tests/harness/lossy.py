"""A link that loses packets: lossy.py PID PERCENT SEED. Makes an interface "road" in this network namespace and one in
that of a process, and carries what goes in at one end out at the other, but so many of a hundred packets. Says "ready";
when it is told to end (SIGTERM), how many came and how many were lost."""
import ctypes
import fcntl
import os
import random
import select
import signal
import struct
import sys

pid, percent, chance = int(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 1, 0x1000, 0x40000000


def end_of_road():
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", b"road", IFF_TUN | IFF_NO_PI))
    return fd


ends = [end_of_road()]
with open(f"/proc/{pid}/ns/net") as there:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(there.fileno(), CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
ends.append(end_of_road())
came = lost = 0
going = True


def stop(*_):
    global going
    going = False


signal.signal(signal.SIGTERM, stop)
print("ready", flush=True)
while going:
    for fd in select.select(ends, [], [], 0.1)[0]:
        packet = os.read(fd, 65536)
        came += 1
        if chance.randrange(100) < percent:
            lost += 1
            continue
        try:
            os.write(ends[1 - ends.index(fd)], packet)
        except OSError:
            pass  # that end is down
print(came, lost)
