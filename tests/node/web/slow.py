"""Clients that dawdle, all at once: slow.py PORT. The server that they meet is impatient.c's."""
import socket
import ssl
import sys
import threading
import time

from checks import UNCHECKED

PORT = int(sys.argv[1])
LONG = 20.0  # nothing here may hold a place for so long
found, mutex = {}, threading.Lock()


def plain(source="127.0.0.1", room=0):
    s = socket.socket()
    if room:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    s.settimeout(LONG)
    s.bind((source, 0))
    s.connect(("127.0.0.1", PORT))
    return s


def tls(source="127.0.0.1", room=0):
    return UNCHECKED.wrap_socket(plain(source, room))


def answer(s):
    """A whole short answer."""
    said = b""
    while not said.endswith(b"\r\n\r\n200\n"):
        part = s.recv(4096)
        if not part:
            break
        said += part
    return said


def is_over(s, wait):
    """Within that time the other side has ended it."""
    s.settimeout(wait)
    try:
        return s.recv(4096) == b""
    except (socket.timeout, ssl.SSLWantReadError):
        return False
    except OSError:
        return True


def trickle(s, data, pause):
    """Byte for byte until it is cut off, or all is said."""
    for at in range(len(data)):
        try:
            s.sendall(data[at:at + 1])
        except OSError:
            return True
        if is_over(s, pause):
            return True
    return False


def silent():
    return is_over(plain(), LONG)


def slow_handshake():
    return trickle(plain(), b"\x16\x03\x01\x02\x00" + bytes(400), 0.1)


def silent_after_handshake():
    return is_over(tls(), LONG)


def slow_head():
    return trickle(tls(), b"GET /nothing HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 400, 0.1)


def slow_body():
    s = tls()
    s.sendall(b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n")
    return trickle(s, b"x" * 400, 0.1)


def silent_body():
    s = tls()
    s.sendall(b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n")
    return is_over(s, LONG)


def takes_nothing():
    """Asks for much and reads none of it: what it reads at last ends too early."""
    s = tls(room=4096)
    s.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
    time.sleep(5)
    got = 0
    try:
        while True:
            data = s.recv(65536)
            if not data:
                break
            got += len(data)
    except OSError:
        pass
    return got < 16 * 1024 * 1024


def news(deaf):
    """What comes as it happens, for longer than anyone may dawdle: all of it, or as much as came before it was cut off."""
    s = tls(room=4096 if deaf else 0)
    s.sendall(b"GET /news HTTP/1.1\r\nHost: x\r\nAuthorization: x\r\n\r\n")
    if deaf:
        time.sleep(12)
    said = b""
    try:
        while not said.endswith(b"\r\n0\r\n\r\n"):
            data = s.recv(65536)
            if not data:
                break
            said += data
    except OSError:
        pass
    return said.endswith(b"\r\n0\r\n\r\n")


def hears_news():
    return news(False)


def hears_no_news():
    return not news(True)


def idle():
    s = tls()
    s.sendall(b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
    answered = answer(s).startswith(b"HTTP/1.1 200")
    return answered and is_over(s, LONG)


def steady():
    """Slow, but no slower than may be: it is answered, long after all others are gone."""
    s = tls()
    s.sendall(b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n")
    for _ in range(40):
        s.sendall(b"x" * 500)
        time.sleep(0.1)
    return answer(s).startswith(b"HTTP/1.1 200")


def again():
    """Two requests with a pause between, on one connection."""
    s = tls()
    for _ in range(2):
        s.sendall(b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
        if not answer(s).startswith(b"HTTP/1.1 200"):
            return False
        time.sleep(1)
    return True


def play(scene):
    try:
        result = scene()
    except OSError as e:
        result = e
    with mutex:
        found[scene.__name__] = result


def many():
    """More connections than one address may have; another one has its own."""
    held = [plain() for _ in range(12)]  # the server takes connections one by one, in the order in which they came
    turned_away = is_over(plain(), 1.0)
    other = tls("127.0.0.2")
    other.sendall(b"GET /nothing HTTP/1.1\r\nHost: x\r\nAuthorization: x\r\n\r\n")
    answered = answer(other).startswith(b"HTTP/1.1 200")
    for s in held:
        s.close()
    return turned_away and answered


def is_empty():
    """Waits until the server has let go of all connections."""
    def taken():
        with open("/proc/net/tcp6") as tcp6, open("/proc/net/tcp") as tcp:
            rows = [line.split() for line in [*tcp6, *tcp]]
        return [r for r in rows if r[1].endswith(f":{PORT:04X}") and r[3] != "0A" and r[9] != "0"]
    end = time.monotonic() + LONG
    while taken() and time.monotonic() < end:
        time.sleep(0.02)


def full():
    """All places are held by a few; others come in all the same, and those who are at work stay."""
    worker = tls("127.0.0.4")
    worker.sendall(b"POST /body HTTP/1.1\r\nHost: x\r\nAuthorization: x\r\nContent-Length: 40000\r\n\r\n" + b"x" * 39999)
    held = [plain(f"127.0.0.{5 + n % 2}") for n in range(18)]
    answered = True
    for address in range(7, 11):
        one = tls(f"127.0.0.{address}")
        one.sendall(b"GET /nothing HTTP/1.1\r\nHost: x\r\nAuthorization: x\r\n\r\n")
        answered = answered and answer(one).startswith(b"HTTP/1.1 200")
        held.append(one)
    worker.sendall(b"x")
    answered = answered and answer(worker).startswith(b"HTTP/1.1 200")
    for s in held:
        s.close()
    return answered


scenes = [silent, slow_handshake, silent_after_handshake, slow_head, slow_body, silent_body,
          takes_nothing, hears_news, hears_no_news, idle, steady, again]
threads = [threading.Thread(target=play, args=(scene,), daemon=True) for scene in scenes]
for t in threads:
    t.start()
for t in threads:
    t.join(2 * LONG)
play(many)
is_empty()
play(full)
bad = {name: found.get(name) for name in [s.__name__ for s in scenes] + ["many", "full"]
       if found.get(name) is not True}
if bad:
    sys.exit(f"not as it should be: {bad}")
print(f"{len(found)} clients")
