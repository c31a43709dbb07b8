"""``hallcall serve``: the hall server on gevent; the first thing it does is to make waiting cooperative."""

from gevent import monkey

monkey.patch_all()

import gc
import sys

gc.disable()  # until everything is loaded and folded: nothing of it is garbage, and looking costs a tenth of the start
# The socket library also holds a client, which takes these when they are there: a tenth of the start again, and 6 MB.
sys.modules |= dict.fromkeys(("requests", "websocket"))  # type: ignore[arg-type]  # None: there is no such module

import logging
import os
import select
import signal
import socket
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from io import BytesIO
from pathlib import Path
from typing import Any

import click
import gevent
import gevent.event
from engineio.async_drivers import gevent as driver
from gevent.pool import Pool
from gevent.pywsgi import WSGIHandler, WSGIServer
from gevent.threadpool import ThreadPool
from simple_websocket.ws import Server as WebSocket

from hall_server.app import Hosting, Server, build
from hall_server.journal import JournalError
from hall_server.local import ADDRESS_FILE, TOKEN_FILE, url_of
from hall_server.lock import NotReady, hold
from hall_server.media import MediaRefused
from hall_server.migrations import MigrationFailed, SchemaNewer
from hall_server.register.adopting import NotAdopted
from hall_server.register.replacing import NotReplaced
from hall_server.settings import FILE, Settings, SettingsError, load
from hall_server.writer import Unavailable

PREPARED_FOR = (JournalError, MediaRefused, NotAdopted, NotReplaced)
STOP_S = 0.5  # requests under way get this long when the server is told to stop
EXIT_SETTINGS, EXIT_SETUP, EXIT_BROKEN = 2, 3, 70
IDLE_S = 20.0  # a connection that asks nothing is closed
HEADERS_S = 10.0  # nobody needs longer to send a request's headers
HEADER_BYTES = 16 * 1024  # browsers send one or two kilobytes of headers
BODY_S = 15.0  # nor longer to send 64 KiB
DRAINED_BYTES = 1024 * 1024  # of a body that is refused so much is read, so that its sender hears why
INFLOW_BYTES_S = 2048  # a page or station says some thirty bytes in two seconds on its socket


class NotInOrder(Exception):
    """A settings file has mistakes; the message lists them all."""


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

    def MessageClass(self, file: Any, *rest: Any) -> Any:
        """The headers, as far as they are no longer than headers are."""
        try:
            short: Any = _Headers(file)
            return super().MessageClass(short, *rest)
        except HTTPException as wrong:
            raise ValueError(str(wrong)) from wrong

    def handle_one_response(self) -> None:
        """A body is read before anybody works on it; who takes too long over it, or upgraded, is done here."""
        there: Any = self.environ
        if not self._read_body(there) or (there["REQUEST_METHOD"] == "POST" and self._hung_up()):
            self.close_connection = True
            return
        super().handle_one_response()
        if "HTTP_UPGRADE" in there:
            self.close_connection = True  # what comes after a WebSocket's end is no request

    def _hung_up(self) -> bool:
        """Whether who asked has given up: nobody is called by a key that was pressed while this process stood still."""
        there, _, _ = select.select([self.socket], [], [], 0)
        try:
            return bool(there) and not self.socket.recv(1, socket.MSG_PEEK)
        except OSError:
            return True

    def _read_body(self, environ: dict[str, Any]) -> bool:
        body: Any = self.wsgi_input
        if not self.content_length and not body.chunked_input:
            return True
        try:
            with gevent.Timeout(BODY_S):
                read = body.read(min(self.content_length or 0, DRAINED_BYTES))
        except (OSError, gevent.Timeout):
            return False
        if body.chunked_input or body.position < (self.content_length or 0):
            self.close_connection = True  # the rest is never read: admission refuses such a request
        body.chunked_input, body.content_length = False, body.position
        environ["wsgi.input"] = BytesIO(read)
        return True

    def log_request(self) -> None:
        """Requests are not logged: the journal says who did what, and the disk of a kiosk PC is small."""


class _Headers:
    """A request's headers while they are read."""

    def __init__(self, file: Any) -> None:
        self._file, self._left = file, HEADER_BYTES

    def readline(self, most: int) -> Any:
        line = self._file.readline(min(most, self._left + 1))
        self._left -= len(line)
        if self._left < 0:
            raise ValueError(f"headers of more than {HEADER_BYTES} bytes")
        return line


class _Paced:
    """A WebSocket's connection, read no faster than its sender may speak: a flood waits at the sender's end."""

    def __init__(self, wire: Any, burst_bytes: int) -> None:
        self._wire, self._burst, self._left, self._at = wire, burst_bytes, float(burst_bytes), time.monotonic()
        self.send, self.close = wire.send, wire.close

    def recv(self, most: int) -> Any:
        data = self._wire.recv(most)
        now = time.monotonic()
        gained = (now - self._at) * INFLOW_BYTES_S
        self._left, self._at = min(self._burst, self._left + gained) - len(data), now
        gevent.sleep(max(0.0, -self._left / INFLOW_BYTES_S))  # at least once round the loop: others want to be read
        return data


def cap_frames(frame_bytes: int) -> None:
    """Close a WebSocket whose message grows beyond the cap, while it grows, and read no more than it may say.

    The library checks sizes only afterwards, and keeps everything that it has not worked on yet in memory.
    """

    class Capped(driver.WebSocketWSGI):
        def __call__(self, environ: Any, _start_response: Any) -> Any:
            self.ws: Any = WebSocket(environ, max_message_size=frame_bytes, **self.server_args)
            self.ws.sock = _Paced(self.ws.sock, frame_bytes)  # before its greenlet has run for the first time
            return self.app(self)

        def wait(self) -> Any:
            gevent.sleep(0)  # a backlog of messages must not keep the loop to itself
            return super().wait()

    driver._async["websocket"] = Capped  # noqa: SLF001 - python-engineio 4.15 offers no public way to set the cap


def listen(settings: Settings) -> socket.socket:
    """The listening socket, bound before anything else happens."""
    try:
        return gevent.socket.create_server((settings.server.host, settings.port), backlog=512)
    except OSError as trouble:
        at = f"{settings.server.host}:{settings.port}"
        raise NotReady(f"Port {at} cannot be used ({trouble.strerror}): set HALLCALL_PORT to a free one.") from trouble


@dataclass(slots=True)
class _Hall:
    """One hall of this process: its folder, its lock, its port."""

    home: Path
    settings: Settings
    lock: sqlite3.Connection
    listener: socket.socket
    server: Server
    web: WSGIServer


def run(homes: Sequence[Path]) -> None:
    """Serve the halls of these folders until told to stop. Raises ``NotReady`` and ``SettingsError``."""
    _own_folders(homes)
    settings = [_settings(home) for home in homes]
    _own_addresses(settings)
    cap_frames(max(each.limits.frame_bytes for each in settings))
    halls = [_open(home, each) for home, each in zip(homes, settings, strict=True)]
    gc.freeze()
    gc.enable()
    told = gevent.event.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, told.set)
    for hall in halls:
        _admin_token(hall.server, hall.home)
        hall.server.live.start()
        hall.server.desk.hooks.start(gevent.spawn, gevent.sleep)
        hall.server.voice.start(hall.server.desk.look, gevent.spawn, gevent.sleep)
        hall.web.start()
        (hall.home / ADDRESS_FILE).write_text(url_of(hall.settings), "ascii")
    told.wait()
    gevent.joinall([gevent.spawn(hall.web.stop, STOP_S) for hall in halls])
    for hall in halls:
        (hall.home / ADDRESS_FILE).unlink(missing_ok=True)
        hall.server.stop()
        hall.lock.close()


def _settings(home: Path) -> Settings:
    try:
        return load(home / FILE)
    except SettingsError as wrong:
        raise NotInOrder(wrong.told(home / FILE)) from wrong


def _own_folders(homes: Sequence[Path]) -> None:
    for home, times in Counter(home.resolve() for home in homes).items():
        if times > 1:
            raise NotReady(f"--home names {home} more than once: each hall has a folder of its own.")


def _own_addresses(settings: Sequence[Settings]) -> None:
    """Halls of one process are told apart by their ports."""
    ports = Counter(each.port for each in settings)
    for each in settings:
        if ports[each.port] > 1:
            raise NotReady(
                f"Several halls want port {each.port}: give each its own in [server] of its {FILE}, and leave "
                "HALLCALL_PORT unset."
            )


def _open(home: Path, settings: Settings) -> _Hall:
    lock = hold(home)
    listener = listen(settings)
    native = ThreadPool(1)  # the writer's own real thread: its flush to disk must not stop the loop
    readers = ThreadPool(1)  # reports read for seconds, and no clerk shall wait for one
    hosting = Hosting("gevent", _on(native), lambda: os._exit(EXIT_BROKEN), read=_on(readers))
    try:
        server = build(settings, home, hosting)
    except (JournalError, MigrationFailed, SchemaNewer, Unavailable) as trouble:
        raise NotReady(str(trouble)) from trouble
    pool = Pool(settings.limits.connections)
    web = WSGIServer(listener, server.wsgi, spawn=pool, handler_class=_Handler, log=None, error_log=None)
    return _Hall(home, settings, lock, listener, server, web)


def _on(threads: ThreadPool) -> Callable[..., Any]:
    """Runs work on a real thread; what callers are prepared for is raised there alone, and not printed before."""

    def run(work: Callable[..., Any], *args: Any) -> Any:
        made, why = threads.apply(_carried, (work, *args))
        if why is not None:
            raise why
        return made

    return run


def _carried(work: Callable[..., Any], *args: Any) -> tuple[Any, Exception | None]:
    try:
        return work(*args), None
    except PREPARED_FOR as why:
        return None, why


def _admin_token(server: Server, home: Path) -> None:
    """The key by which commands on this machine reach the server: a file that only its owner can read."""
    path = home / TOKEN_FILE
    known = path.read_text("ascii") if path.exists() else ""
    if known and server.desk.principal(known) is not None:
        return
    secret = server.desk.grant("token", "admin", "local", None, "server")
    path.touch(mode=0o600)
    path.write_text(secret, "ascii")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home", "homes", type=click.Path(path_type=Path), default=(Path("var"),), multiple=True,
    help="Folder of settings and data; repeat it to serve several halls, each on its own port.",
)  # fmt: skip
def main(homes: tuple[Path, ...]) -> None:
    """Run the hall server."""
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s")
    code = 0
    try:
        run(homes)
    except NotInOrder as wrong:
        code = EXIT_SETTINGS
        click.echo(str(wrong), err=True)
    except NotReady as why:
        code = EXIT_SETUP
        click.echo(str(why), err=True)
    _leave(code)


def _leave(code: int) -> None:
    """End at once: all is on disk and closed, and an interpreter that is taken apart under real threads may crash."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    main(prog_name="hallcall serve")
