"""Git's own http-backend, served: backend.py FOLDER COUNT. Says its port; COUNT tells how many turns it answered, and
how many bytes of HTTP went both ways, as JSON."""
import json
import os
import socketserver
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

folder, count = os.path.abspath(sys.argv[1]), {"turns": 0, "bytes": 0}


class Counted:
    """A stream whose bytes are counted."""

    def __init__(self, stream):
        self.stream = stream

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def of(self, data):
        count["bytes"] += len(data)
        return data

    def read(self, *n):
        return self.of(self.stream.read(*n))

    def readline(self, *n):
        return self.of(self.stream.readline(*n))

    def write(self, data):
        return self.stream.write(self.of(data))


class Backend(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.rfile, self.wfile = Counted(self.rfile), Counted(self.wfile)

    def body(self):
        if self.headers.get("Transfer-Encoding", "") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        whole = b""
        while (n := int(self.rfile.readline(), 16)) > 0:
            whole += self.rfile.read(n)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    def answer(self):
        path, _, query = self.path.partition("?")
        body = self.body()
        said = subprocess.run(["git", "http-backend"], input=body, stdout=subprocess.PIPE, check=True, env={
            **os.environ, "GIT_PROJECT_ROOT": folder, "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path, "QUERY_STRING": query,
            "REQUEST_METHOD": self.command, "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)), "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", "")}).stdout
        head, _, text = said.partition(b"\r\n\r\n")
        lines = [line.split(": ", 1) for line in head.decode().split("\r\n")]
        self.send_response(next((int(value[:3]) for name, value in lines if name == "Status"), 200))
        for name, value in lines:
            if name != "Status":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        count["turns"] += 1
        with open(sys.argv[2], "w", encoding="ascii") as f:
            json.dump(count, f)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True


server = Server(("127.0.0.1", 0), Backend)
print(server.server_address[1], flush=True)
server.serve_forever()
