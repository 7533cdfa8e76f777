"""An HTTPS server at the hub's place, for those that answer otherwise than a hub (portal.py, hostile.py)."""
import http.server
import ssl


def stand(answer, port, key, certificate):
    """Says "ready" and its port (0: any that is free), and answers by the class `answer` until it is ended."""
    answer.protocol_version = "HTTP/1.1"
    answer.log_message = lambda *_: None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), answer)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print("ready", server.server_address[1], flush=True)
    server.serve_forever()
