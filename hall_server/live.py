"""Live pages and stations: the newest whole value goes to everybody it concerns, after every commit."""

import logging
import queue
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_socketio import SocketIO
from pydantic import ValidationError
from socketio.exceptions import ConnectionRefusedError as Refuse

from display.board import Board, to_json
from hall_server.contract import Owed
from hall_server.contract.devices import SpokenWord
from hall_server.core.facts import Fact, TicketCalled, TicketIssued, TicketRecalled, TicketRedirected
from hall_server.journal import JournalError
from hall_server.plays import Plays
from hall_server.presence import AtWindow, Presence
from hall_server.views import iso
from hall_server.web.cookies import session_secret
from hall_server.web.desk import Desk
from hall_server.web.ports import Principal
from hall_server.writer import Broken, News, Unavailable

LOG = logging.getLogger(__name__)
NEWEST_WITHIN_S = 1.0  # who opens a page while the database hangs sees what was true last, and that it is not live
BEAT_S = 2.0  # a page that hears nothing for three beats says that it is stale
ALIVE_S = 6.0  # a station sends a sign of life every 2 s
CURRENT_S = 2.0  # the journal is looked at each second: one look may take a while, or fail
GATHER_S = 0.03  # changes that call nobody may wait this long for company
URGENT = (TicketCalled, TicketRecalled, TicketRedirected)

EVERYTHING = ("queues", "windows", "tickets", "devices", "slips")
# which parts of the consoles a fact concerns, by the first word of its name; one that is not here may concern any
TOPICS: dict[str, tuple[str, ...]] = {
    "Ticket": ("queues", "windows", "tickets"),
    "Slip": ("slips",),
    "Device": ("devices",),
    "Sign": ("devices",),
    "Fault": ("devices",),
    "Repair": ("devices",),
    "Station": ("devices",),
    "Window": ("windows", "devices"),
    "Day": EVERYTHING,
    "Hall": EVERYTHING,
    "Access": ("windows",),  # who has a window
    "Appointment": ("queues",),
    "PickUp": ("tickets",),
    "Help": ("tickets",),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a commit made visible: the board, and what each station owes; ``places``: devices and their windows."""

    board: Board
    owed: Mapping[str, Owed]
    places: Mapping[str, str]


@dataclass(slots=True)
class _Peer:
    """A connected socket: who it is, and when it last gave a sign of life (monotonic seconds)."""

    principal: Principal | None
    secret: str | None
    seen: float


@dataclass(slots=True, eq=False, repr=False)  # what is logged of a task that died is no place for tokens
class Live:
    """Pushes values to sockets; ``publish`` only enqueues, one background task sends."""

    socketio: SocketIO
    epoch: int
    build: str
    latest: Shown
    on_crash: Callable[[], None] = lambda: None
    desk: Desk = field(init=False)
    presence: Presence = field(init=False)
    plays: Plays = field(init=False)
    _news: queue.SimpleQueue[News] = field(default_factory=queue.SimpleQueue)
    _sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    _peers: dict[tuple[str, str], _Peer] = field(default_factory=dict)
    _current_at: float = field(default_factory=time.monotonic)  # when the journal was last known to the end

    def publish(self, news: News) -> None:
        """Take what was committed; returns at once."""
        self._news.put(news)

    def newest(self) -> Shown:
        """What is true now; while the journal is away, what was true last."""
        with suppress(Unavailable, Broken):
            self.latest = self.desk.writer.newest(NEWEST_WITHIN_S)
        return self.latest

    def attach(self, desk: Desk) -> None:
        """Answer sockets from now on."""
        self.desk = desk
        self.presence = Presence(desk, self._stations, self._desks)
        self.plays = Plays(self.presence.do, desk.clock)
        on: Any = self.socketio.on_event
        on("connect", self._connect_board, "/board")
        on("connect", self._connect_staff, "/staff")
        on("connect", self._connect_station, "/station")
        for namespace in ("/board", "/staff"):
            on("disconnect", self._disconnect, namespace)
        on("disconnect", self._disconnect_station, "/station")
        on("shown", self._shown, "/board")
        on("spoken", self._spoken, "/board")
        on("alive", self._alive, "/station")

    def start(self) -> None:
        """Begin to push, beat and watch. Who was there before a restart has to show up again, else it is gone."""
        tasks = (self._push, self._beat, self._watch)
        for task in (*tasks, self._follow) if self.desk.journal.shared else tasks:
            self.socketio.start_background_task(vital, task, self.on_crash)

    # ---- pushing

    def _push(self) -> None:
        while True:
            batch = self._gather(self._news.get())
            try:
                with suppress(Broken):  # it is in the log; the consoles can still be told that something changed
                    self.latest = self.desk.writer.newest()
            except Unavailable:
                self._later(batch)
                continue
            newest = self.latest
            facts = [fact for news in batch for _, fact in news]
            self.socketio.emit("board", to_json(newest.board), namespace="/board")
            topics = sorted({topic for fact in facts for topic in topics_of(type(fact).__name__)})
            if topics:
                said = {"topics": topics, "rev": newest.board.rev, "windows": windows_of(facts, newest.places)}
                self.socketio.emit("changed", said, namespace="/staff")
            for station, owed in newest.owed.items():
                self._owe(station, owed)

    def _later(self, batch: list[News]) -> None:
        """The journal went away between a commit and its showing."""
        for news in batch:
            self._news.put(news)
        self.socketio.sleep(1.0)

    def _gather(self, first: News) -> list[News]:
        """Changes that came together go out together; a call waits for nothing."""
        batch, until = [first], time.monotonic() + GATHER_S
        while not any(isinstance(fact, URGENT) for _, fact in batch[-1]):
            try:
                batch.append(self._news.get(timeout=max(0.0, until - time.monotonic())))
            except queue.Empty:
                break
        while not self._news.empty():
            batch.append(self._news.get())
        return batch

    def _owe(self, station: str, owed: Owed) -> None:
        value = owed.model_dump(mode="json")
        told = {key: part for key, part in value.items() if key != "rev"}
        if self._sent.get(station) != told:
            self._sent[station] = told
            self._emit_owed(value, station)

    def _emit_owed(self, value: dict[str, Any], to: str) -> None:
        self.socketio.emit("owed", {**value, "at": iso(self.desk.clock())}, namespace="/station", to=to)

    def _beat(self) -> None:
        while True:
            said = {
                "epoch": self.epoch,
                "rev": self.latest.board.rev,
                "at": iso(self.desk.clock()),
                "build": self.build,
            }
            current = self._is_current()
            for namespace in ("/board", "/staff") if current else ():
                self.socketio.emit("beat", said, namespace=namespace)
            # A station keeps its signs as they are, unless it knows another server to ask.
            self.socketio.emit("beat", {**said, "current": current}, namespace="/station")
            self.socketio.sleep(BEAT_S)

    def _is_current(self) -> bool:
        """Whether pages may take what they show for true: another server may have written what this one cannot read."""
        return not self.desk.journal.shared or time.monotonic() - self._current_at < CURRENT_S

    def _watch(self) -> None:
        """Each second: time passes, ended sessions lose their sockets, silence is noticed."""
        while True:
            with suppress(Unavailable, JournalError):  # the next second tries again
                with suppress(Broken):
                    self.presence.pass_time()
                    self.plays.pass_time()
                    self._close_ended()
                self._current_at = time.monotonic()
            self._close_silent()
            self.socketio.sleep(1.0)

    def _close_ended(self) -> None:
        for (namespace, sid), peer in tuple(self._peers.items()):
            if peer.secret is not None and self.desk.principal(peer.secret) is None:
                self._server().disconnect(sid, namespace)

    def _close_silent(self) -> None:
        for (namespace, sid), peer in tuple(self._peers.items()):
            if namespace == "/station" and time.monotonic() - peer.seen > ALIVE_S:
                self._server().disconnect(sid, namespace)

    def _follow(self) -> None:
        """Where several servers write: hear of what another one wrote before the next second's look at the journal."""
        while True:
            with suppress(JournalError):
                for seq in self.desk.journal.growth():
                    self.desk.writer.grown(seq)
            self.socketio.sleep(1.0)

    # ---- sockets

    def _who(self, auth: Any) -> _Peer:
        token = auth.get("token") if isinstance(auth, dict) else None
        cookie = session_secret(request) if request.headers.get("Origin") else None
        secret = token if isinstance(token, str) and token else cookie
        return _Peer(self.desk.principal(secret) if secret else None, secret, time.monotonic())

    def _enter(self, namespace: str, peer: _Peer, roles: tuple[str, ...] | None) -> None:
        if roles is not None and (peer.principal is None or peer.principal.role not in roles):
            raise Refuse("unauthenticated")
        if peer.principal is None:
            peer.secret = None
        self._peers[namespace, self._sid()] = peer

    def _server(self) -> Any:
        return self.socketio.server

    def _sid(self) -> str:
        return str(request.sid)  # type: ignore[attr-defined]  # Flask-SocketIO puts it there

    def _connect_board(self, auth: Any = None) -> None:
        self._enter("/board", self._who(auth), None)
        self.socketio.emit("board", to_json(self.newest().board), namespace="/board", to=self._sid())

    def _connect_staff(self, auth: Any = None) -> None:
        self._enter("/staff", self._who(auth), ("clerk", "manager", "maintenance", "admin", "concierge"))

    def _connect_station(self, auth: Any = None) -> None:
        peer = self._who(auth)
        self._enter("/station", peer, ("station", "kiosk"))
        station = (peer.principal and peer.principal.subject) or ""
        self._server().enter_room(self._sid(), station, "/station")
        self.presence.station(station)
        owed = self.newest().owed.get(station)
        if owed is not None:
            self._emit_owed(owed.model_dump(mode="json"), self._sid())

    def _disconnect(self, _reason: Any = None) -> None:
        for namespace in ("/board", "/staff"):
            self._peers.pop((namespace, self._sid()), None)

    def _disconnect_station(self, _reason: Any = None) -> None:
        peer = self._peers.pop(("/station", self._sid()), None)
        if peer is not None and peer.principal is not None and peer.principal.subject:
            self.presence.station(peer.principal.subject)

    def _stations(self) -> frozenset[str]:
        """The stations that are connected here."""
        here = (p.principal for (namespace, _), p in self._peers.items() if namespace == "/station")
        return frozenset(principal.subject for principal in here if principal is not None and principal.subject)

    def _desks(self) -> frozenset[AtWindow]:
        """The clerks whose pages are connected here."""
        here = (peer.principal for (namespace, _), peer in self._peers.items() if namespace == "/staff")
        return frozenset(
            AtWindow(one.window, one.actor, one.session)
            for one in here
            if one is not None and one.role == "clerk" and one.session and one.window
        )

    def _alive(self, *_said: Any) -> None:
        peer = self._peers.get(("/station", self._sid()))
        if peer is not None:
            peer.seen = time.monotonic()

    def _shown(self, *words: Any) -> None:
        """A TV says what it shows; only one that is signed in speaks for a device."""
        said, screen = next(iter(words), None), self._screen()
        if not screen:
            return
        said = said if isinstance(said, dict) else {}
        loud, item = said.get("audio") is not False, said.get("promo_item")
        self.plays.hear(screen, item if isinstance(item, str) else "")
        with suppress(Unavailable, Broken):  # it says so again in ten seconds
            self.presence.hear_screen(screen, *(("ok", ()) if loud else ("degraded", ("sound_blocked",))))

    def _spoken(self, *words: Any) -> None:
        """What became of a call that a TV had to say; what nobody tells is settled by time."""
        with suppress(ValidationError, Unavailable, Broken):
            told = SpokenWord.model_validate(next(iter(words), None))
            if screen := self._screen():
                self.presence.hear_spoken(screen, told)

    def _screen(self) -> str:
        """The device as which the asking screen is signed in."""
        peer = self._peers.get(("/board", self._sid()))
        known = peer is not None and peer.principal is not None and peer.principal.role == "tv"
        return (peer.principal.subject or "") if known and peer and peer.principal else ""


def vital(task: Callable[[], None], on_crash: Callable[[], None]) -> None:
    """Work at what never ends: without it boards would go on looking live, or stations seem to be there."""
    try:
        task()
    finally:
        LOG.critical("%s has ended, so this process ends: a fresh one shows what is true", task.__name__)
        on_crash()


def windows_of(facts: Sequence[Fact], places: Mapping[str, str]) -> list[str] | None:
    """The windows whose clerks want to know at once, ``places`` being those of devices; None: everybody does."""
    found: set[str] = set()
    for fact in facts:
        kind = type(fact).__name__
        if isinstance(fact, TicketIssued) or kind.startswith("Slip"):
            continue
        named = (getattr(fact, "window", None), getattr(fact, "to", None), places.get(getattr(fact, "device", "")))
        if not kind.startswith(("Ticket", "Sign")) or not any(named):
            return None
        found.update(filter(None, named))
    return sorted(found)


def topics_of(kind: str) -> tuple[str, ...]:
    """The topics of a fact; consoles are told at once of every one there is."""
    return next((topics for word, topics in TOPICS.items() if kind.startswith(word)), EVERYTHING)
