"""A server with the hub's key that wants to do harm: hostile.py KIND PORT KEY CERTIFICATE [PUSH]. PUSH: a request as of
bombs.py; what it would bring is shown and given as the hub's own branch. Says "ready", and what it is asked."""
import gzip
import http.server
import sys

from in_its_place import stand

kind, port, key, certificate = sys.argv[1], int(sys.argv[2]), *sys.argv[3:5]
push = open(sys.argv[5], "rb").read() if len(sys.argv) > 5 else b""
if push:
    length = int(push[:4], 16)
    old, new, ref = push[4:length].split(b"\0")[0].decode().split(" ")
    pack = push[length + 4:]
ONE = "1" * 40


def packet(data):
    data = data if isinstance(data, bytes) else data.encode()
    return b"%04x" % (len(data) + 4) + data


def band(number, data):
    return b"".join(packet(bytes([number]) + data[at:at + 60000]) for at in range(0, len(data), 60000))


def listed(service, refs, able="side-band-64k ofs-delta"):
    first = packet(f"# service={service}\n") + b"0000"
    return first + b"".join(packet(f"{oid} {name}" + ("\0" + able if i == 0 else "") + "\n") for i, (oid, name) in enumerate(refs)) + b"0000"


def forever(data):
    while True:
        yield data


class Answer(http.server.BaseHTTPRequestHandler):
    def give(self, type_, parts):
        """In chunks (RFC 9112, 7.1), so that there need be no end."""
        self.send_response(200)
        self.send_header("Content-Type", type_)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        given = 0
        try:
            for part in parts:
                self.wfile.write(b"%x\r\n" % len(part) + part + b"\r\n")
                given += len(part)
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            print("hung up after", given, flush=True)
            self.close_connection = True

    def do_GET(self):
        print("asked", self.path, flush=True)
        service = "git-receive-pack" if "receive" in self.path else "git-upload-pack"
        parts = [listed(service, [(ONE, "refs/same")], "no-done")]
        if push and kind != "reply":
            parts = [listed(service, [(new, ref)])]
        if kind == "refs":
            some = b"".join(packet(f"{ONE} refs/heads/log/{i:032x}\n") for i in range(1000))
            first = listed(service, [(ONE, "refs/heads/log/" + "f" * 32)])[:-4]
            parts = (first if i == 0 else some for i, _ in enumerate(forever(None)))
        if kind in ("words", "acks"):
            parts = [listed(service, [(ONE, "refs/heads/log/" + "f" * 32)], "side-band-64k ofs-delta multi_ack_detailed")]
        if kind == "heads":
            try:
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                for _ in forever(None):
                    self.wfile.write(b"X: " + b"x" * 1000 + b"\r\n")
            except OSError:
                print("hung up", flush=True)
                self.close_connection = True
            return
        self.give(f"application/x-{service}-advertisement", parts)

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"]))
        out = b""
        while n := int(self.rfile.readline(), 16):
            out += self.rfile.read(n)
            self.rfile.readline()
        self.rfile.readline()
        return out

    def do_POST(self):
        body = self.body()
        body = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
        print("asked", self.path, len(body), flush=True)
        service = self.path.rsplit("/", 1)[1]
        parts = [packet("NAK\n")]
        if kind == "redirect":
            self.send_response(307)
            self.send_header("Location", self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if service == "git-receive-pack":
            parts = self.pushed(body)
        elif kind == "acks":
            parts = forever(packet(f"ACK {ONE} common\n") * 10000)
        elif kind == "words":
            parts = (packet("NAK\n") if i == 0 else band(2, b"x" * 60000) for i, _ in enumerate(forever(None)))
        elif b"0009done\n" in body:
            parts = [packet("NAK\n"), band(1, pack), b"0000"]
        self.give(f"application/x-{service}-result", parts)

    def pushed(self, body):
        asked, at = [], 0
        while (length := int(body[at:at + 4], 16)) > 0:
            asked.append(body[at + 4:at + length].split(b"\0")[0].split(b" ")[2])
            at += length
        verdict = band(1, packet("unpack ok\n") + b"".join(packet(b"ok " + name + b"\n") for name in asked) + b"0000")
        if kind == "reply":
            word = f"yizhan-reply-v1\n{ref} {old} {new}\n\n".encode() + pack
            return [packet(b"\2" + word), verdict, b"0000"]
        return forever(band(2, b"x" * 60000)) if kind == "push words" else [verdict, b"0000"]


stand(Answer, port, key, certificate)
