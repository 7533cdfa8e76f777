"""Types at the program on a terminal: terminal.py ANSWER... -- COMMAND...

Prints what the terminal showed; exits as the program did."""
import os
import pty
import sys

split = sys.argv.index("--")
answers, command = sys.argv[1:split], sys.argv[split + 1:]
pid, fd = pty.fork()
if pid == 0:
    os.execv(command[0], command)
shown = b""
while True:
    try:
        part = os.read(fd, 4096)
    except OSError:
        break
    if not part:
        break
    shown += part
    if part.rstrip().endswith(b":") and answers:
        os.write(fd, answers.pop(0).encode() + b"\n")
os.write(1, shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
