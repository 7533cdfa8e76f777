"""What a terminal shows of a QR code, on stdin, as a picture (PGM) on stdout: eight points a module."""
import re
import sys

SCALE = 8
HALVES = {" ": (255, 255), "▄": (255, 0), "▀": (0, 255), "█": (0, 0)}
rows = []
for line in sys.stdin.read().split("\n"):
    shown = re.fullmatch("\033\\[30;107m(.*)\033\\[0m", line)
    if shown:
        for half in (0, 1):
            rows.append([HALVES[c][half] for c in shown.group(1)])
out = bytearray(b"P5 %d %d 255\n" % (SCALE * len(rows[0]), SCALE * len(rows)))
for row in rows:
    out += bytes(v for v in row for _ in range(SCALE)) * SCALE
sys.stdout.buffer.write(out)
