"""``hallcall serve``: the hall server on gevent; the first thing it does is to make waiting cooperative."""

from gevent import monkey

monkey.patch_all()

import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import click
import gevent
from engineio.async_drivers import gevent as driver
from gevent.pool import Pool
from gevent.pywsgi import WSGIHandler, WSGIServer
from gevent.threadpool import ThreadPool

from hall_server.app import Hosting, Server, build
from hall_server.journal import JournalError
from hall_server.lock import NotReady, hold
from hall_server.migrations import MigrationFailed, SchemaNewer
from hall_server.settings import FILE, Settings, SettingsError, load

STOP_S = 0.5  # requests under way get this long when the server is told to stop
EXIT_SETTINGS, EXIT_SETUP, EXIT_BROKEN = 2, 3, 70
IDLE_S = 20.0  # a connection that asks nothing is closed
HEADERS_S = 10.0  # nobody needs longer to send a request's headers


class _Handler(WSGIHandler):
    """A handler that sends at once: headers and body leave apart, and Nagle would hold the body for 40 ms."""

    def handle(self) -> None:
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().handle()

    def read_requestline(self) -> Any:
        try:
            with gevent.Timeout(IDLE_S):
                return super().read_requestline()
        except gevent.Timeout:
            return ""  # which ends the connection

    def read_request(self, raw_requestline: str) -> Any:
        try:
            with gevent.Timeout(HEADERS_S):
                return super().read_request(raw_requestline)
        except gevent.Timeout:
            self.close_connection = True
            return None

    def log_request(self) -> None:
        """Requests are not logged: the journal says who did what, and the disk of a kiosk PC is small."""


def cap_frames(frame_bytes: int) -> None:
    """Close a WebSocket whose message grows beyond the cap, while it grows (the library checks only afterwards)."""

    class Capped(driver.WebSocketWSGI):
        def __init__(self, handler: Any, server: Any) -> None:
            super().__init__(handler, server)  # type: ignore[no-untyped-call]
            self.server_args["max_message_size"] = frame_bytes

    driver._async["websocket"] = Capped  # noqa: SLF001 - python-engineio 4.15 offers no public way to set the cap


def listen(settings: Settings) -> socket.socket:
    """The listening socket, bound before anything else happens."""
    try:
        return gevent.socket.create_server((settings.server.host, settings.port), backlog=512)
    except OSError as trouble:
        at = f"{settings.server.host}:{settings.port}"
        raise NotReady(f"Port {at} cannot be used ({trouble.strerror}): set HALLCALL_PORT to a free one.") from trouble


def run(home: Path) -> None:
    """Serve until told to stop. Raises ``NotReady`` and ``SettingsError``."""
    settings = load(home / FILE)
    lock = hold(home)
    listener = listen(settings)
    cap_frames(settings.limits.frame_bytes)
    native = ThreadPool(1)  # the writer's own real thread: its flush to disk must not stop the loop
    hosting = Hosting("gevent", lambda work, *args: native.apply(work, args), lambda: os._exit(EXIT_BROKEN))
    try:
        server = build(settings, home, hosting)
    except (JournalError, MigrationFailed, SchemaNewer) as trouble:
        raise NotReady(str(trouble)) from trouble
    _admin_token(server, home)
    pool = Pool(settings.limits.connections)
    web = WSGIServer(listener, server.wsgi, spawn=pool, handler_class=_Handler, log=None, error_log=None)
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, web.stop, STOP_S)
    server.live.start()
    web.serve_forever(stop_timeout=STOP_S)
    server.stop()
    lock.close()


def _admin_token(server: Server, home: Path) -> None:
    """The key by which commands on this machine reach the server: a file that only its owner can read."""
    path = home / "admin.token"
    known = path.read_text("ascii") if path.exists() else ""
    if known and server.desk.principal(known) is not None:
        return
    secret = server.desk.grant("token", "admin", "local", None, "server")
    path.touch(mode=0o600)
    path.write_text(secret, "ascii")


@click.command()
@click.option("--home", type=click.Path(path_type=Path), default=Path("var"), help="Folder of settings and data.")
def main(home: Path) -> None:
    """Run the hall server."""
    try:
        run(home)
    except SettingsError as wrong:
        click.echo(f"{home / FILE} has mistakes:\n" + "\n".join(f"  {m}" for m in wrong.mistakes), err=True)
        sys.exit(EXIT_SETTINGS)
    except NotReady as why:
        click.echo(str(why), err=True)
        sys.exit(EXIT_SETUP)


if __name__ == "__main__":
    main()
