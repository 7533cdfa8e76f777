"""What no browser and no git sends, to a hub's server: odd.py PORT PLAIN-PORT PID KIB. Whatever comes is refused or
answered, and the next one is; nothing that was sent comes back, and no request hides in another."""
import gzip
import re
import socket
import ssl
import sys

import checks
from checks import UNCHECKED, check

FAR, HERE, SERVER, MOST = map(int, sys.argv[1:])
MARK = b"q9z<script>x</script>"
PATIENCE = 90


def connect(far, source="127.0.0.1"):
    s = socket.create_connection(("127.0.0.1", FAR if far else HERE), timeout=PATIENCE, source_address=(source, 0))
    return UNCHECKED.wrap_socket(s) if far else s


def ask(raw, far=True):
    """All that is answered until the other side ends, which it does."""
    s, said = connect(far), b""
    try:
        s.sendall(raw)
        while data := s.recv(65536):
            said += data
    except (ConnectionError, ssl.SSLError):
        pass  # it hung up while we were sending
    s.close()
    return said


def statuses(said):
    return [int(n) for n in re.findall(rb"HTTP/1\.1 (\d{3}) [A-Z]", said)]


def head(method, path, far, *more):
    lines = [b"%s %s HTTP/1.1" % (method, path), b"Host: 127.0.0.1:%d" % (FAR if far else HERE), *more]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def is_up(far):
    check(statuses(ask(head(b"GET", b"/" if not far else b"/healthz", far, b"Connection: close"), far)) == [200], "the next one is not answered", far)


# --- heads that are none ------------------------------------------------------------

MANY = b"".join(b"X%d: %s\r\n" % (i, MARK) for i in range(2000))
BROKEN = {
    "no version": (b"GET /%s\r\n\r\n" % MARK, {400}),
    "HTTP/0.9": (b"GET /\r\n\r\n", {400}),
    "another version": (b"GET / HTTP/2.0\r\nHost: %s\r\n\r\n" % MARK, {505}),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {505}),
    "a line of three words": (b"GET / %s\r\nHost: x\r\n\r\n" % MARK, {400}),
    "a long path": (b"GET /" + MARK * 1000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", {414}),
    "a long header": (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + MARK * 1000 + b"\r\n\r\n", {431}),
    "many headers": (b"GET / HTTP/1.1\r\nHost: x\r\n" + MANY + b"\r\n", {431, None}),
    "a header without a colon": (b"GET / HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n" % MARK, {400}),
    "a length below zero": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nhello", {400}),
    "no length": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5%s\r\n\r\nhello" % MARK, {400}),
    "a length beyond all": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\nhello", {413}),
}
for far in (True, False):
    for what, (raw, expected) in BROKEN.items():
        said = ask(raw, far)
        found = statuses(said)
        check((found[0] if found else None) in expected, what, "is answered", said[:300])
        # These answers are not ours: they say the same to everyone, and whatever was sent is not in them.
        check(MARK[:4] not in said and b"ookie" not in said and b"<script" not in said, what, "comes back", said[:300])
        check(not found or b"Connection: close\r\n" in said, what, "does not end")
    is_up(far)

# --- one request in another ------------------------------------------------------------

INNER = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
SMUGGLED = {
    "two lengths": head(b"POST", b"/api/v1/session", True, b"Content-Length: 0", b"Content-Length: %d" % len(INNER)) + INNER,
    "the same length twice": head(b"POST", b"/api/v1/session", True, b"Content-Length: 0", b"Content-Length: 0") + INNER,
    "a length and chunks": head(b"POST", b"/api/v1/session", True, b"Content-Length: 5", b"Transfer-Encoding: chunked") + b"0\r\n\r\n" + INNER,
    "chunks and a length": head(b"POST", b"/api/v1/session", True, b"Transfer-Encoding: chunked", b"content-length: 5") + b"0\r\n\r\n" + INNER,
    "another coding": head(b"POST", b"/api/v1/session", True, b"Transfer-Encoding: gzip") + INNER,
    "two codings": head(b"POST", b"/api/v1/session", True, b"Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n" + INNER,
    "nearly chunks": head(b"POST", b"/api/v1/session", True, b"Transfer-Encoding: xchunked") + INNER,
    "two hosts": head(b"GET", b"/", True, b"Host: evil.example") + INNER,
}
for what, raw in SMUGGLED.items():
    said = ask(raw)
    check(statuses(said) == [400] and b"Connection: close\r\n" in said, what, "is answered", said[:600])
    check(b"Content-Security-Policy" in said or b"\r\n\r\n400\n" in said, what, said[:300])
is_up(True)

# --- bodies ------------------------------------------------------------------------------

JSON = (b"Content-Type: application/json", b"Connection: close")
for far in (True, False):
    path = b"/api/v1/session"
    for what, body, expected in (("chunks that are none", b"zz\r\nhello", {400, 413}), ("a chunk beyond all", b"f" * 18 + b"\r\nhello", {400, 413}),
                                 ("a chunk with much to say", b"5;" + MARK * 4000, {400, 413, 500})):
        said = ask(head(b"POST", path, far, b"Transfer-Encoding: chunked", *JSON) + body, far)
        check(set(statuses(said)) <= expected and MARK[:4] not in said, what, said[:300])
    # Packed or not, it is what its bytes are: nothing is unpacked.
    bomb = gzip.compress(b"[" * (64 << 20))
    said = ask(head(b"POST", path, far, b"Content-Encoding: gzip", b"Content-Length: %d" % len(bomb), *JSON) + bomb, far)
    check(statuses(said) == [400], "a packed body", said[:300])
    # Who asks before a large body is sent is told before it is.
    said = ask(head(b"POST", path, far, b"Expect: 100-continue", b"Content-Length: 999999999", *JSON), far)
    check(statuses(said) == [413], "a large body is waited for", said[:300])
    said = ask(head(b"POST", path, far, b"Expect: 100-continue", b"Content-Length: 2", *JSON) + b"{}", far)
    check(statuses(said) == [100, 400], "a small one is not", said[:300])
    # One that ends before its length: nobody is answered, nothing is done.
    s = connect(far)
    s.sendall(head(b"POST", path, far, b"Content-Length: 400", *JSON) + b"{}")
    s.close()
    is_up(far)
said = ask(head(b"POST", b"/ledger/" + b"0" * 32 + b"/git-receive-pack", True, b"Expect: 100-continue", b"Content-Length: 999999"))
check(statuses(said) == [401], "a stranger's push is waited for", said[:300])

# --- what is old, or asked of others --------------------------------------------------------

check(statuses(ask(b"GET /healthz HTTP/1.0\r\n\r\n")) == [200], "HTTP/1.0")
said = ask(b"GET / HTTP/1.0\r\n\r\n")
check(statuses(said) == [421], "a page for who names no host", said[:300])
for raw, expected in ((b"GET http://evil.example/healthz HTTP/1.1", 404), (b"CONNECT evil.example:443 HTTP/1.1", 404), (b"TRACE / HTTP/1.1", 405),
                      (b"OPTIONS * HTTP/1.1", 404), (b"GET /%0d%0aSet-Cookie:q9z=1 HTTP/1.1", 404), (b"GET /api/v1/%00 HTTP/1.1", 404)):
    for far in (True, False):
        said = ask(raw + b"\r\nHost: 127.0.0.1:%d\r\nX: %s\r\nConnection: close\r\n\r\n" % (FAR if far else HERE, MARK), far)
        check(statuses(said) == [expected], raw, "is answered", said[:300])
        check(MARK[:4] not in said.split(b"\r\n\r\n", 1)[0], raw, "comes back", said[:300])

# --- as many as there may be -------------------------------------------------------------------

held = []
for address in range(1, 4):
    for _ in range(120):
        try:
            held.append(connect(True, f"127.0.0.{address}"))
        except OSError:
            break
check(len(held) > 300, "only", len(held), "connections")
is_up(True)
memory = int(re.search(r"^RssAnon:\s+(\d+)", open(f"/proc/{SERVER}/status").read(), re.M)[1])
check(memory <= MOST, len(held), "idle connections take", memory, "KiB")
for s in held:
    s.close()
is_up(True)
print(f"{checks.done} checks; {len(held)} connections took {memory} KiB")
