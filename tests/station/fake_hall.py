"""A small hall that speaks the real HTTP and Socket.IO contract on loopback and can be killed, hang and come back."""

import json
import secrets
import socket
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import Flask, Response, jsonify, request
from flask_socketio import SocketIO, join_room
from werkzeug.serving import ThreadedWSGIServer

from display.board import Board, Name, ServiceRow, Wait
from hall_server.contract import (
    DeviceOrder,
    Owed,
    PadOrder,
    PressAnswer,
    PressReport,
    Report,
    SignOrder,
    SlipOrder,
    SlipState,
    Ticket,
    TicketRequest,
    TrialOrder,
)

TOKEN = "hall-token"
AT = "2026-11-21T02:42:00+00:00"


class CuttableServer(ThreadedWSGIServer):
    """Remembers its connections, so that a test can cut them as ``kill -9`` would."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.connections: set[socket.socket] = set()
        super().__init__(*args, **kwargs)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def log(self, *_: Any) -> None: ...

    def handle_error(self, *_: Any) -> None: ...

    def cut(self) -> None:
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                self.connections.discard(connection)


@dataclass
class Paper:
    """One slip of the fake hall."""

    order: SlipOrder
    state: str = "owed"
    claims: int = 0
    outcomes: list[tuple[int, str, str]] = field(default_factory=list)
    reason: str | None = None


def problem(status: int, code: str, detail: str) -> Response:
    body = {"type": f"/problems/{code}", "title": code, "status": status, "code": code, "detail": detail}
    return Response(json.dumps(body), status, content_type="application/problem+json")


class FakeHall:
    """``printers`` are tried in order: (printer id, kiosk id, URL)."""

    def __init__(self, printers: tuple[tuple[str, str, str], ...] = (), qr: bool = True) -> None:
        self.printers = printers
        self.qr = qr
        self.epoch, self.rev = 1, 1
        self.tickets: dict[str, Ticket] = {}
        self.papers: dict[str, Paper] = {}
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: list[TicketRequest] = []
        self.reports: list[tuple[str, Report]] = []
        self.released: dict[str, str] = {}
        self.pads: dict[str, PadOrder] = {}
        self.ratings: dict[str, str] = {}
        self.trials: tuple[TrialOrder, ...] = ()
        self.more: tuple[DeviceOrder, ...] = ()
        self.signs: dict[str, SignOrder] = {}
        self.patterns: dict[str, SignOrder] = {}
        self.windows: dict[str, str] = {}
        self.press: Callable[[PressReport], PressAnswer] = lambda told: PressAnswer(press=told.press, ok=True)
        self.alive = 0
        self.beating = True
        self.current = True
        self.refuse: tuple[int, str] | None = None
        self.refuse_reports = False
        self.refuse_sockets = False
        self.before_answer: Callable[[str], None] = lambda _path: None
        self.board = demo_board()
        self.changed = threading.Condition(threading.RLock())
        self._port = 0
        self.server: CuttableServer | None = None
        self._threads: list[threading.Thread] = []
        self._down = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> "FakeHall":
        """Listen; after ``kill`` on the same port again."""
        app = self._app()
        self._down = threading.Event()
        self.server = CuttableServer("127.0.0.1", self._port, app)
        self._port = self.server.server_port
        self._threads = [
            threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True),
            threading.Thread(target=self._beat, args=(self._down,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        return self

    def kill(self) -> None:
        """Gone without a word: every connection is cut."""
        server = self.server
        if server is None:
            return
        self.server = None
        self._down.set()
        server.shutdown()
        server.server_close()
        server.cut()
        for thread in self._threads:
            thread.join()

    def wait(self, condition: Callable[[], bool], timeout_s: float = 60.0) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, timeout_s), "the hall waited in vain"

    def push(self) -> None:
        """Something changed: everybody is told everything."""
        with self.changed:
            self.rev += 1
            self.board = Board(**{**_fields(self.board), "rev": self.rev})
            self.changed.notify_all()
        self._io.emit("board", asdict(self.board), namespace="/board")
        for station in {kiosk for _, kiosk, _ in self.printers}:
            self._io.emit("owed", self.owed(station), to=station, namespace="/station")

    def change_board(self, **fields: Any) -> None:
        self.board = Board(**{**_fields(self.board), **fields})
        self.push()

    def owed(self, station: str) -> dict[str, Any]:
        mine = {printer for printer, kiosk, _ in self.printers if kiosk == station}
        slips = tuple(
            paper.order
            for paper in self.papers.values()
            if paper.state in ("owed", "printing") and paper.order.printer in mine
        )
        return Owed(
            epoch=self.epoch,
            rev=self.rev,
            station=station,
            devices=(
                *(DeviceOrder(id=p, kind="printer", url=url) for p, k, url in self.printers if k == station),
                *self.more,
            ),
            signs=self.signs,
            patterns=self.patterns,
            windows=self.windows,
            slips=slips,
            papers={ticket: self._slip_state(paper) for ticket, paper in self.papers.items()},
            released=self.released,
            pads=self.pads,
            ratings=self.ratings,
            trials=self.trials,
        ).model_dump(mode="json")

    def _slip_state(self, paper: Paper) -> SlipState:
        kiosk = {printer: kiosk for printer, kiosk, _ in self.printers}.get(paper.order.printer)
        return SlipState.model_validate(
            {
                "state": paper.state,
                "printer": paper.order.printer,
                "kiosk": kiosk,
                "copied": paper.order.copied,
                "reason": paper.reason,
            }
        )

    def _beat(self, down: threading.Event) -> None:
        while not down.wait(0.5):
            if self.beating:
                beat = {"epoch": self.epoch, "rev": self.rev, "at": AT, "build": "test"}
                self._io.emit("beat", beat, namespace="/board")
                self._io.emit("beat", {**beat, "current": self.current}, namespace="/station")

    def _app(self) -> Flask:
        app = Flask("fake-hall")
        self._io = SocketIO(app, async_mode="threading", ping_interval=10, ping_timeout=5)
        self._add_sockets()
        app.before_request(self._admit)
        app.add_url_rule("/api/v1/tickets", view_func=self._issue, methods=["POST"])
        app.add_url_rule("/api/v1/tickets/<ticket>", view_func=self._ticket)
        app.add_url_rule("/api/v1/tickets/<ticket>/slip", view_func=self._slip, methods=["POST"])
        app.add_url_rule("/api/v1/stations/<station>/reports", view_func=self._report, methods=["POST"])
        app.add_url_rule("/api/v1/board", view_func=lambda: jsonify(asdict(self.board)))
        app.after_request(self._remember)
        return app

    def _add_sockets(self) -> None:
        def station(auth: Any = None) -> bool:
            while self.refuse_sockets and not self._down.wait(0.05):
                pass  # a hall that hangs accepts the connection and never says a word
            if not auth or not str(auth.get("token", "")).startswith(TOKEN):
                return False
            name = auth["token"].partition(":")[2] or self.printers[0][1]
            join_room(name, namespace="/station")
            self._io.emit("owed", self.owed(name), to=request.sid, namespace="/station")  # type: ignore[attr-defined]
            return True

        def board(auth: Any = None) -> None:
            self._io.emit("board", asdict(self.board), to=request.sid, namespace="/board")  # type: ignore[attr-defined]

        def alive(_data: Any = None) -> None:
            with self.changed:
                self.alive += 1
                self.changed.notify_all()

        self._io.on_event("connect", station, namespace="/station")
        self._io.on_event("connect", board, namespace="/board")
        self._io.on_event("alive", alive, namespace="/station")

    def _admit(self) -> Response | None:
        if not request.headers.get("Authorization", "").startswith(f"Bearer {TOKEN}"):
            return problem(401, "unauthenticated", "no valid token")
        if self.refuse is not None and request.method == "POST":
            return problem(*self.refuse, "refused by the test")
        if self.refuse_reports and request.path.endswith("/reports"):
            return problem(503, "not_ready", "refused by the test")
        stored = self.answers.get(request.headers.get("Idempotency-Key", ""))
        if stored is not None:
            return Response(stored[1], stored[0], content_type="application/json")
        return None

    def _remember(self, response: Response) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if key and response.status_code < 300:
            self.answers[key] = (response.status_code, response.get_data())
        self.before_answer(request.path)
        return response

    def _issue(self) -> tuple[Response, int]:
        wanted = TicketRequest.model_validate_json(request.get_data())
        self.asked.append(wanted)
        with self.changed:
            if request.headers["Idempotency-Key"] in self.answers:
                return Response(self.answers[request.headers["Idempotency-Key"]][1]), 201
            number = len(self.tickets) + 1
            name = secrets.token_hex(6)
            order = SlipOrder(
                slip=f"s{number}",
                ticket=name,
                printer=self.printers[0][0] if self.printers else "",
                attempt=1,
                copied=False,
                hall=self.board.hall,
                label=f"A{number:03}",
                service=next(row.name for row in self.board.services if row.id == wanted.service),
                language=wanted.language or "zh",
                issued_at=AT,
                timezone=self.board.timezone,
                ahead=5,
                estimate=Wait(900, 1700),
                url=f"{self.url}/t/{name}" if self.qr else None,
            )
            paper = Paper(order, state="owed" if self.printers else "failed")
            self.papers[name] = paper
            ticket = Ticket(
                id=name,
                label=order.label,
                service=wanted.service,
                state="waiting",
                ahead=5,
                estimate=Wait(900, 1700),
                issued_at=AT,
                slip=self._slip_state(paper),
                url=f"{self.url}/t/{name}",
            )
            self.tickets[name] = ticket
            answer = Response(ticket.model_dump_json(), content_type="application/json")
            self.answers[request.headers["Idempotency-Key"]] = (201, answer.get_data())
        self.push()
        return answer, 201

    def _now(self, ticket: str) -> Response:
        known = self.tickets[ticket].model_copy(update={"slip": self._slip_state(self.papers[ticket])})
        return Response(known.model_dump_json(), content_type="application/json")

    def _ticket(self, ticket: str) -> Response:
        return self._now(ticket)

    def _slip(self, ticket: str) -> Response:
        with self.changed:
            paper = self.papers[ticket]
            if request.get_json()["got"]:
                paper.state = "printed"
            else:
                self._owe_next(paper, copied=True)
        self.push()
        return self._now(ticket)

    def _owe_next(self, paper: Paper, copied: bool) -> None:
        names = [printer for printer, _, _ in self.printers]
        if copied:
            printer = names[-1]
        else:
            left = names[names.index(paper.order.printer) + 1 :]
            if not left:
                paper.state, paper.reason = "failed", "no_printer"
                return
            printer = left[0]
        paper.order = paper.order.model_copy(
            update={"printer": printer, "attempt": paper.order.attempt + 1, "copied": copied or paper.order.copied}
        )
        paper.state = "owed"

    def _report(self, station: str) -> Response:
        report = Report.model_validate_json(request.get_data())
        granted = []
        with self.changed:
            self.reports.append((station, report))
            for step in report.slips:
                paper = next((p for p in self.papers.values() if p.order.slip == step.slip), None)
                if paper is None or (paper.order.printer, paper.order.attempt) != (step.printer, step.attempt):
                    continue
                if step.outcome == "claim":
                    if paper.state == "owed":
                        paper.state = "printing"
                        paper.claims += 1
                        granted.append(step.slip)
                elif paper.state in ("owed", "printing"):
                    paper.outcomes.append((step.attempt, step.printer, step.outcome))
                    paper.state = step.outcome
                    if step.outcome == "failed":
                        self._owe_next(paper, copied=False)
            self.changed.notify_all()
        if report.slips:
            self.push()
        presses = [self.press(told).model_dump() for told in report.presses]
        return jsonify({"granted": granted, "presses": presses})

    def outcomes(self) -> list[list[tuple[int, str, str]]]:
        with self.changed:
            return [paper.outcomes for paper in self.papers.values()]


def _fields(board: Board) -> dict[str, Any]:
    return {name: getattr(board, name) for name in Board.__slots__}


def demo_board() -> Board:
    rows = (
        ("residence", "户籍与身份证", "Residence & ID card", "id-card", True, 12, Wait(1200, 1700)),
        ("insurance", "社会保险", "Social insurance", "heart-handshake", True, 5, Wait(600, 1100)),
        ("property", "不动产登记", "Property registration", "house", True, 8, Wait(1800, 2600)),
        ("tax", "税务", "Tax", "receipt-text", True, 0, Wait(0, 60)),
        ("business", "企业开办", "Business registration", "briefcase", False, 0, None),
    )
    return Board(
        epoch=1,
        rev=1,
        at=AT,
        build="test",
        open=True,
        hall=Name("市民服务中心", "Citizen Service Centre"),
        timezone="Asia/Shanghai",
        services=tuple(
            ServiceRow(name, Name(zh, en), icon, is_open, waiting, (), wait)
            for name, zh, en, icon, is_open, waiting, wait in rows
        ),
    )
