"""Requests with another one in them, to a server that stands in front of the hub and keeps its lines to it: smuggle.py
FRONT LEDGER PASS HUB. Whatever becomes of the first, the next client gets its own answer, and each answer was asked for."""
import re
import socket
import ssl
import sys

FRONT, LEDGER, PASS, HUB = int(sys.argv[1]), sys.argv[2].encode(), sys.argv[3].encode(), int(sys.argv[4])
INNER = b"GET /healthz/q9z HTTP/1.1\r\nHost: x\r\nX: "
AUTH = b"Authorization: Bearer " + PASS
PUSH = b"POST " + LEDGER + b"/git-receive-pack HTTP/1.1\r\nHost: 127.0.0.1\r\n" + AUTH + b"\r\n"
FETCH = PUSH.replace(b"receive", b"upload")
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE


def ask(raw, port=FRONT):
    said = b""
    with context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=60)) as s:
        try:
            s.sendall(raw)
            while data := s.recv(65536):
                said += data
        except OSError:
            pass
    return said


def statuses(said):
    return [int(n) for n in re.findall(rb"HTTP/1\.1 (\d{3}) ", said)]


SIZE = b"%x\r\n" % len(INNER)
WAYS = {
    "a length and chunks": b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % (5 + len(INNER)) + INNER,
    "chunks and a length": b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + SIZE + INNER + b"\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(INNER) + INNER,
    "a length twice in one": b"Content-Length: 0, %d\r\n\r\n" % len(INNER) + INNER,
    "a length with a sign": b"Content-Length: +%d\r\n\r\n" % len(INNER) + INNER,
    "a length in hex": b"Content-Length: 0x%x\r\n\r\n" % len(INNER) + INNER,
    "a name with a blank": b"Content-Length : %d\r\n\r\n" % len(INNER) + INNER,
    "a name with a tab": b"Transfer-Encoding\t: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + INNER,
    "a coding with a tab": b"Transfer-Encoding: \tchunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + INNER,
    "a folded line": b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + INNER,
    "another coding": b"Transfer-Encoding: xchunked\r\nContent-Length: %d\r\n\r\n" % len(INNER) + INNER,
    "two codings": b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + INNER,
    "a name with an underscore": b"Transfer_Encoding: chunked\r\nContent-Length: %d\r\n\r\n" % len(INNER) + INNER,
    "lines that end in LF alone": b"Content-Length: 0\nTransfer-Encoding: chunked\n\n0\r\n\r\n" + INNER,
    "a chunk with more to say": b"Transfer-Encoding: chunked\r\n\r\n0;x=\n\r\n\r\n" + INNER,
    "a trailer": b"Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n" + INNER,
    "a chunk too long to count": b"Transfer-Encoding: chunked\r\n\r\n" + b"0" * 30 + b"1\r\nx\r\n0\r\n\r\n" + INNER,
    "another protocol": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\nContent-Length: 0\r\n\r\n" + INNER,
    "what is to go on the way": b"Connection: close, Authorization, Content-Length\r\nContent-Length: %d\r\n\r\n" % len(INNER) + INNER,
}
PLAIN = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
for what, rest in WAYS.items():
    for head in (PUSH, FETCH, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"):
        for port in (FRONT, HUB):
            said = ask(head + rest + b"\r\nConnection: close\r\n\r\n", port)
            # The one that was asked, and of a client's own line, where the rest is a request too, that one.
            if len(statuses(said)) > 2 or 101 in statuses(said):
                sys.exit(f"{what} at {port}: {said[:600]}")
        for _ in range(3):
            said = ask(PLAIN)
            if statuses(said) != [200] or not said.endswith(b"\r\n\r\n200\n"):
                sys.exit(f"after {what}: the next client was told {said[:600]}")
print(len(WAYS), "ways")
