"""Who is there: stations, screens and clerks are believed as long as this server, or another one, hears them."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from hall_server.contract.devices import SpokenWord
from hall_server.core.commands import Attend, Command, FallSilent, ReportHealth, ReportSpoken, StationSeen, Tick
from hall_server.core.hall import Hall
from hall_server.core.routing import USABLE
from hall_server.journal import Transaction
from hall_server.records import digest, meet
from hall_server.views.tablets import is_tablet
from hall_server.web.desk import Desk, new_id
from hall_server.writer import Also, Answer, Broken, Unavailable

SCREEN_HEARD_S = 15.0  # a TV says every 10 s what it shows
FORGET_EVERY_S = 600.0  # people are forgotten some minutes after they may be, and soon after a start or a restore
KEYS_S = 48 * 3600.0  # request keys are remembered for two days: nobody repeats a request later
SCREEN_LOST_S = 15.0  # so long after that it is called silent: a page may load again
UNWATCHED_S = 10.0  # a server that stood still for longer heard nobody: what it missed meanwhile says nothing


@dataclass(frozen=True, slots=True)
class AtWindow:
    """A clerk (role:id) whose page at a window is connected, and the credential of that session."""

    window: str
    clerk: str
    credential: str = ""

    @property
    def name(self) -> str:
        """How servers tell each other of it; ids may be longer than a name there."""
        return f"desk {digest(f'{self.window} {self.clerk}')[:32]}"


@dataclass(frozen=True, slots=True)
class _Believed:
    """Whom the journal last knew to be there; ``vacant`` windows are nobody's."""

    stations: frozenset[str]
    screens: frozenset[str]
    desks: tuple[AtWindow, ...]
    vacant: frozenset[str]
    release_s: float


@dataclass(slots=True)
class Presence:
    """What this server hears, held each second against what the journal believes."""

    desk: Desk
    stations: Callable[[], frozenset[str]]
    desks: Callable[[], frozenset[AtWindow]] = frozenset
    monotonic: Callable[[], float] = time.monotonic
    _server: str = field(default_factory=new_id)
    _elsewhere: frozenset[str] = frozenset()
    _unheard: frozenset[str] = frozenset()  # stations that were believed a second ago, and nobody heard
    _screens: dict[str, float] = field(default_factory=dict)  # when this server heard them, monotonic seconds
    _forget_at: float = 0.0
    _missed: dict[str, float] = field(default_factory=dict)  # since when nobody has
    _silent: dict[str, float] = field(default_factory=dict)  # the same of clerks, by the name of their desk
    _watched_at: float = 0.0  # when clerks were last listened for

    def hear_screen(self, device: str, state: str, faults: tuple[str, ...]) -> None:
        """A TV says how it is."""
        self._screens[device] = time.monotonic()
        self.do(ReportHealth(device, state, new_id(), faults, "the screen reports"))

    def hear_spoken(self, device: str, told: SpokenWord) -> None:
        """A TV says whether it has said a call."""
        self.do(ReportSpoken(device, f"call-{told.call}", told.spoken, told.why))

    def station(self, name: str) -> None:
        """A station has come or gone: believed at once; what the journal cannot take now is said a second later."""
        there = self._is_there(name)
        with suppress(Unavailable, Broken):
            self.do(StationSeen(name, there), self._also)  # with word to other servers that it is heard here

    def pass_time(self) -> None:
        """Each second: time passes for the rules; who is there and not believed, or believed and gone, is said."""
        self.do(Tick(), self._also)
        believed = self.desk.look(_believed_there)
        stations = believed.stations
        for name in self.stations() - stations:
            self.do(StationSeen(name, self._is_there(name)))  # asked again: it may have gone meanwhile
        missed = frozenset(name for name in stations if not self._is_there(name))
        for name in missed & self._unheard:  # twice: another server may have heard it after it last said whom it hears
            self.do(StationSeen(name, self._is_there(name)))
        self._unheard = missed
        self._watch_screens(believed.screens)
        self._watch_desks(believed)
        if time.monotonic() >= self._forget_at:
            self._forget_at = time.monotonic() + FORGET_EVERY_S
            self.desk.forget("server")

    def do(self, command: Command, also: Also | None = None) -> None:
        """Say something to the rules in the server's own name."""
        self.desk.do(command, "server", lambda _hall, _facts: Answer(204, ""), also=also)

    def _is_there(self, station: str) -> bool:
        return station in self.stations() or f"station {station}" in self._elsewhere

    def _also(self, tx: Transaction, now: float) -> None:
        """What is done with the database each second: old answers go a few at a time, so that nobody waits for it."""
        tx.forget(now - KEYS_S)
        if self.desk.journal.shared:
            self._meet(tx)

    def _meet(self, tx: Transaction) -> None:
        here = [f"station {name}" for name in self.stations()] + [f"screen {name}" for name in self._heard_screens()]
        here += {one.name for one in self.desks()}
        self._elsewhere = meet(tx.connection, self.desk.journal.hall, self._server, here)

    def _heard_screens(self) -> frozenset[str]:
        since = time.monotonic() - SCREEN_HEARD_S
        return frozenset(name for name, seen in self._screens.items() if seen > since)

    def _watch_screens(self, believed: frozenset[str]) -> None:
        now, there = time.monotonic(), self._heard_screens()
        for name in believed:
            if name in there or f"screen {name}" in self._elsewhere:
                self._missed.pop(name, None)
            elif now - self._missed.setdefault(name, now) > SCREEN_LOST_S:
                self.do(ReportHealth(name, "failed", new_id(), ("no_answer",), "the screen has gone silent"))
                del self._missed[name]

    def _watch_desks(self, believed: _Believed) -> None:
        """Who is heard at a window that nobody has, has it; who is heard no more has it only for a while."""
        now, here = self.monotonic(), self.desks()
        for one in here:
            if one.window in believed.vacant:
                self.do(Attend(one.window, one.clerk, one.credential))
        if now - self._watched_at > UNWATCHED_S:
            self._silent.clear()
        self._watched_at = now
        heard = {one.name for one in here} | self._elsewhere
        self._silent = {one.name: self._silent.get(one.name, now) for one in believed.desks if one.name not in heard}
        for one in believed.desks:
            silent_s = now - self._silent.get(one.name, now)
            if believed.release_s and silent_s >= believed.release_s:
                self.do(FallSilent(one.window, one.clerk, silent_s))


def _believed_there(hall: Hall) -> _Believed:
    stations = frozenset(name for name, station in hall.stations.items() if station.connected)
    own = (device for device in hall.config.devices if device.kind == "tv" or is_tablet(device))
    screens = frozenset(device.id for device in own if hall.devices[device.id].state in USABLE)
    desks = tuple(AtWindow(seat.window, seat.clerk) for seat in hall.seats.values())
    vacant = frozenset(hall.window_by_id) - frozenset(hall.seats)
    return _Believed(stations, screens, desks, vacant, hall.config.day.release_min * 60.0)
