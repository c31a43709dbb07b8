"""A small server for the TV's tests: the real page and files, and a Board that the test pushes."""

import contextlib
import json
import logging
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response, request
from flask_socketio import SocketIO
from werkzeug.serving import BaseWSGIServer, make_server

import display
from display.board import Board, to_json
from display.distance import Distance
from display.phrases import Phrases
from display.tv import Voice, tv_blueprint
from hall_server.settings.voice import VoiceSettings
from hall_server.voice import Part
from hall_server.voice import Voice as Talk
from hall_server.web.sounds import sounds_blueprint

DISPLAY = Path(display.__file__).parent
CSP = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
Accepted = tuple[socket.socket, Any]
BEAT_S = 0.5  # four times as often as the server: the tests wait for beats


def iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class TvHall:
    """Serves one Board on a port that survives stop() and start(), as a server does that is restarted."""

    board: Board
    port: int = 0
    build: str = "test-1"
    beating: bool = True
    loads: int = 0
    shown: list[dict[str, object]] = field(default_factory=list)
    voice: Voice = field(default_factory=Voice)
    distance: Distance = Distance()
    talk: Talk = field(default_factory=lambda: Talk(VoiceSettings(), Path(), time.monotonic))
    spoken: list[dict[str, object]] = field(default_factory=list)
    phrases: Phrases = field(default_factory=lambda: Phrases.load(DISPLAY / "locale"))
    files: dict[str, bytes] = field(default_factory=dict)  # pictures and films by name
    _stopping: threading.Event = field(default_factory=threading.Event)
    _server: BaseWSGIServer | None = None
    _threads: list[threading.Thread] = field(default_factory=list)
    _io: SocketIO | None = None
    _connections: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        app = self._app()
        self._io = SocketIO(app, async_mode="threading", monitor_clients=False)
        self._io.on_event("connect", self._snapshot, namespace="/board")
        self._io.on_event("shown", self.shown.append, namespace="/board")
        self._io.on_event("spoken", self.spoken.append, namespace="/board")
        self._stopping = threading.Event()
        self._server = make_server("127.0.0.1", self.port, app, threaded=True)
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._server.get_request = self._remembering(self._server.get_request)  # type: ignore[method-assign]
        self.port = self._server.server_port
        self._threads = [threading.Thread(target=self._server.serve_forever, daemon=True)]
        self._threads.append(threading.Thread(target=self._beats, daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """All sockets end at once, as when the process is killed."""
        assert self._server is not None
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        for connection in self._connections:
            with contextlib.suppress(OSError):  # most of them have ended by themselves
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=5)

    def push(self, change: Callable[[Board], Board]) -> Board:
        self.board = replace(change(self.board), rev=self.board.rev + 1, at=iso(datetime.now(UTC)))
        assert self._io is not None
        self._io.emit("board", to_json(self.board), namespace="/board")
        return self.board

    def wait_for(self, told: Callable[[], object], limit_s: float = 10) -> None:
        end = time.monotonic() + limit_s
        while not told():
            assert time.monotonic() < end, "the page did not do it in time"
            time.sleep(0.02)

    def _remembering(self, accept: Callable[[], Accepted]) -> Callable[[], Accepted]:
        def remember() -> Accepted:
            connection, address = accept()
            self._connections.append(connection)
            return connection, address

        return remember

    def _snapshot(self, _auth: object = None) -> None:
        assert self._io is not None
        self._io.emit("board", to_json(self.board), namespace="/board", to=request.sid)  # type: ignore[attr-defined]

    def _beats(self) -> None:
        while not self._stopping.wait(BEAT_S):
            if self.beating and self._io is not None:
                beat = {
                    "epoch": self.board.epoch,
                    "rev": self.board.rev,
                    "at": iso(datetime.now(UTC)),
                    "build": self.build,
                }
                self._io.emit("beat", beat, namespace="/board")

    def _app(self) -> Flask:
        app = Flask("tv-hall", static_folder=str(DISPLAY / "static"), static_url_path="/static")
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a page is thirty lines of requests otherwise
        app.register_blueprint(
            tv_blueprint(lambda: self.board, self.phrases, voice=lambda: self.voice, distance=lambda: self.distance)
        )
        app.register_blueprint(sounds_blueprint(lambda: self.board, lambda *part: self.talk.sound(Part(*part))))

        @app.get("/api/v1/board")
        def board() -> Response:
            answer = Response(json.dumps(to_json(self.board)), mimetype="application/json")
            answer.set_etag(f"{self.board.epoch}-{self.board.rev}")
            return cast(Response, answer.make_conditional(request))

        @app.get("/media/<name>")
        def media(name: str) -> Response:
            return Response(self.files[name]) if name in self.files else Response(status=404)

        @app.get("/healthz")
        def healthz() -> Response:
            return Response("ok", headers={"Access-Control-Allow-Origin": "*"})

        @app.after_request
        def guard(answer: Response) -> Response:
            self.loads += request.path == "/tv"
            answer.headers["Content-Security-Policy"] = CSP
            return answer

        return app
