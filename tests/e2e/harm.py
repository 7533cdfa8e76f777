"""Damages a parcel in as many ways as are asked for, one file each, into a folder.

    harm.py PARCEL FOLDER cut          cut short at every boundary of 4 KiB, and at its last byte
    harm.py PARCEL FOLDER bits A B     each bit of the bytes from A to B, the end not counted
    harm.py PARCEL FOLDER seeded N     N bits anywhere after the first 4 KiB, by a seed that is said
"""
import pathlib
import random
import sys

parcel, folder = pathlib.Path(sys.argv[1]).read_bytes(), pathlib.Path(sys.argv[2])
count = 0


def put(data):
    global count
    (folder / f"H{count:07d}.YZP").write_bytes(data)
    count += 1


def flip(bit):
    data = bytearray(parcel)
    data[bit // 8] ^= 1 << bit % 8
    put(data)


if sys.argv[3] == "cut":
    for at in [*range(0, len(parcel), 4096), len(parcel) - 1]:
        put(parcel[:at])
elif sys.argv[3] == "bits":
    for bit in range(int(sys.argv[4]) * 8, min(int(sys.argv[5]), len(parcel)) * 8):
        flip(bit)
else:
    chance = random.Random(2026)
    for _ in range(int(sys.argv[4])):
        flip(chance.randrange(min(4096, len(parcel) // 2) * 8, len(parcel) * 8))
print(count)
