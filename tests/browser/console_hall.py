"""A hall for consoles in a real browser: hand-made views, a small API that obeys keys, a socket that can be cut."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from flask import Flask, Response, jsonify, request
from flask_socketio import SocketIO
from werkzeug.serving import make_server

from hall_server.web.ports import Principal
from tests.web.hall import BOARD, FakePages, called_view, clerk_view, hall_app, paused_view, serving_view

SCREENS = Path(__file__).parents[2] / "build" / "screens"
LIMIT_S = 30  # only a hung page takes that long
# Faster than the server's two seconds, so that tests need not wait for them.
BEAT_S = 0.3

AFTER = {
    "next": called_view,
    "start": serving_view,
    "finish": clerk_view,
    "absent": clerk_view,
    "recall": called_view,
    "pause": paused_view,
    "resume": clerk_view,
    "call": called_view,
    "transfer": clerk_view,
    "send-back": clerk_view,
    "hold": clerk_view,
    "take-up": serving_view,
    "missing": clerk_view,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One POST as it came in."""

    path: str
    key: str
    csrf: str
    body: dict[str, Any]


@dataclass
class ConsoleHall:
    """Serves the consoles on a port of its own; ``sessions`` of the pages name who may come in."""

    pages: FakePages = field(default_factory=lambda: FakePages(moment=None))
    asked: list[Asked] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    refusal: str | None = None
    nobody: bool = False
    lost_answers: int = 0
    reachable: bool = True
    silent_change: bool = False  # the command takes effect, but no console hears of it
    gate: threading.Event = field(default_factory=threading.Event)
    rev: int = 100
    _answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    _sids: set[str] = field(default_factory=set)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "ConsoleHall":
        self.gate.set()
        roles = ("clerk", "manager", "maintenance", "concierge", "admin")
        self.pages.sessions = {role: Principal(role, role, "3") for role in roles}
        self.show(self.pages.view)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a page is thirty lines of requests otherwise
        app = hall_app(self.pages)
        self._routes(app)
        self.socketio = SocketIO(app, async_mode="threading", transports=["websocket"])
        self.socketio.on_event("connect", self._connect, namespace="/staff")
        self.socketio.on_event("disconnect", self._disconnect, namespace="/staff")
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.port}"
        self._threads = [threading.Thread(target=self.server.serve_forever), threading.Thread(target=self._beat)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gate.set()
        self._over.set()
        self.hang_up()
        self.server.shutdown()
        for thread in self._threads:
            thread.join()
        self.server.server_close()

    @property
    def listeners(self) -> int:
        return len(self._sids)

    def show(self, view: Any) -> None:
        """Make this the clerk's view, as a new revision that is announced."""
        self.rev += 1
        self.pages.view = view.model_copy(update={"rev": self.rev})
        self.pages.floor_view = self.pages.floor_view.model_copy(update={"rev": self.rev})

    def announce(self) -> None:
        self.socketio.emit("changed", {"topics": ["windows"], "rev": self.rev}, namespace="/staff")

    def hang_up(self) -> None:
        """Cut every socket, and answer no new one until ``reachable`` again."""
        self.reachable = False
        for sid in tuple(self._sids):
            server: Any = self.socketio.server
            server.disconnect(sid, namespace="/staff")

    def _connect(self, _auth: Any = None) -> bool:
        if self.reachable:
            self._sids.add(request.sid)  # type: ignore[attr-defined]
        return self.reachable

    def _disconnect(self, _reason: Any = None) -> None:
        self._sids.discard(request.sid)  # type: ignore[attr-defined]

    def _beat(self) -> None:
        while not self._over.wait(BEAT_S):
            beat = {"epoch": BOARD.epoch, "rev": self.rev, "at": self.pages.now().isoformat(), "build": BOARD.build}
            self.socketio.emit("beat", beat, namespace="/staff")

    def _routes(self, app: Flask) -> None:
        app.add_url_rule("/api/v1/<path:path>", view_func=self._answer, methods=["POST"])
        app.add_url_rule("/healthz", view_func=lambda: "ok")

    def _answer(self, path: str) -> Response | tuple[Response, int] | tuple[str, int]:
        key = request.headers["Idempotency-Key"]
        self.asked.append(Asked(path, key, request.headers.get("X-CSRF-Token", ""), request.get_json()))
        if key not in self._answers:
            self._answers[key] = self._decide(path)
        self.gate.wait()
        if self.lost_answers:
            self.lost_answers -= 1
            return "", 503
        status, value = self._answers[key]
        return ("", 204) if status == 204 else (jsonify(value), status)

    def _decide(self, path: str) -> tuple[int, Any]:
        if self.asked[-1].csrf != self.pages.csrf:
            return 403, {"code": "csrf"}
        if self.refusal:
            return 409, {"code": self.refusal}
        if self.nobody:
            return 204, None
        self.done.append(path)
        verb = path.rsplit("/", 1)[-1]
        if verb in AFTER and not self.silent_change:
            self.show(AFTER[verb]())
            self.announce()
        return 200, {"label": "B012", "labels": ["A027"]}


def wait_for(true: Callable[[], object]) -> None:
    end = time.monotonic() + LIMIT_S
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
