"""An empty web server on what ours stands on: the floor of every request. Says its port, then serves."""

import socket
import sys

from flask import Flask
from gevent.os import tp_read
from gevent.pywsgi import WSGIHandler, WSGIServer

HOST = "127.0.0.1"


class _Handler(WSGIHandler):
    """As ours: headers and body leave apart, and Nagle would hold the body for 40 ms."""

    def handle(self) -> None:
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().handle()


def main() -> None:
    """Serve until nobody is there."""
    app = Flask("bare")
    app.add_url_rule("/", "empty", lambda: "")
    server = WSGIServer((HOST, 0), app, handler_class=_Handler, log=None, error_log=None)
    server.start()
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    tp_read(sys.stdin.fileno(), 1)  # ends when the bench does, however it ends


if __name__ == "__main__":
    main()
