"""What may answer in the hub's place: portal.py KIND PORT KEY CERTIFICATE [WHERE]; says "ready", and what it
is asked."""
import http.server
import sys

from in_its_place import stand

kind, port, key, certificate = sys.argv[1], int(sys.argv[2]), *sys.argv[3:5]


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        print("asked", self.path, flush=True)
        if kind in ("redirect", "redirect-closing"):
            self.send_response(302)
            where = sys.argv[5] if len(sys.argv) > 5 else f"https://localhost:{port}/elsewhere"
            self.send_header("Location", where + self.path)
            self.send_header("Content-Length", "0")
            if kind == "redirect-closing":
                self.send_header("Connection", "close")
            self.end_headers()
            return
        if kind == "busy":
            self.send_response(503)
            self.send_header("Retry-After", "60")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        page = b"<html><body>Welcome. Please sign in.</body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    do_POST = do_GET


stand(Answer, port, key, certificate)
