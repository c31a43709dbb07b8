"""The pads and rating units of one line: what their frames mean, what they shall show, when they are spoken to.

A key is told once: the same frame again is the pad's repetition, which it sends until it hears itself back, unless half
a second has passed since it was last heard and acknowledged. A pad that speaks only when a key is pressed cannot be
told from a dead one, so that its health stays *unknown*; a pad that answers polls is judged like a sign.
"""

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from drivers.bus.health import Record
from drivers.bus.hearing import Spoken
from drivers.bus.plan import Job, Kind
from drivers.health import Health, State
from drivers.led.families import Family, Heartbeat, Proof
from drivers.pad import ff68, qsystem, site
from drivers.pad.families import DEFAULT_PAD_FAMILY, PAD_FAMILIES, PadFamily
from drivers.pad.ff68 import Frame
from drivers.pad.site import Site
from drivers.ports import Clock, DeviceSpec, PadContent, Press

SAME_PRESS_S = 0.5  # a pad repeats several times a second; nobody means the same key twice within half of one
REPAINT_S = 30.0  # a pad that lost its power says nothing, so that its display is painted again now and then
SURE_PAINTS = 2  # no pad says that it heard us, and on a full line a frame may be lost: what a clerk waits for is ...
SURE_EACH_S = 1.0  # ... painted again after so long
ASKS = 3  # a customer is asked to rate so often, as long as nothing was answered: one frame may be lost
ASK_EACH_S = 1.0
RESULT_TELLS = 3  # the same for "done" or "failed", while it stands
RESULT_EACH_S = 0.5
AFTER_RESULT_S = 2.0  # how long "done" or "failed" stands before the numbers are shown again
RESULT_LASTS_S = 5.0  # nobody still looks at the pad for the answer to a key pressed longer ago
POLL_S = 0.3  # a key waits so long at most, with few pads ...
POLL_EACH_S = 0.033  # ... and with many so long for each: a poll takes half of it, so that signs have their turn
SILENT_POLL_S = 0.4  # ... where silence is the usual answer: it must be waited for, and then for a late one
FAILED_POLL_S = 5.0  # a dead pad costs half a second of the line each time


class PadTold(Protocol):
    """Whom the pads' keys are told to; see ``drivers.ports.Listener``."""

    def pressed(self, device: str, press: Press) -> None: ...

    def rated(self, device: str, rating_id: str, level: int) -> None: ...


@dataclass(slots=True)
class Unit:
    """A pad or rating unit, what it shall show, and what was last heard of it (monotonic seconds).

    ``paints``, ``tells`` and ``asks`` count how often its numbers, the result ``done``, and the question for a rating
    are still to be said for certainty.
    """

    spec: DeviceSpec
    address: int
    family: PadFamily
    site: Site
    silent: bool
    content: PadContent | None = None
    paint_at: float | None = None
    paints: int = 0
    done: bool = False
    done_at: float = 0.0
    tells: int = 0
    tell_at: float = 0.0
    stands_until: float = 0.0
    answered: str = ""
    polled_at: float | None = None
    held: bool = False
    rating: str = ""
    begun: str = ""
    begin_at: float | None = None
    asks: int = 0
    last: bytes = b""
    last_at: float = 0.0
    last_heard: str = ""


def unit_of(spec: DeviceSpec) -> Unit:
    """The unit of a specification that ``drivers.catalog.check`` has passed."""
    options = dict(spec.options)
    family = PAD_FAMILIES[options.get("family", DEFAULT_PAD_FAMILY)]
    said = site.load(options["site"], family)[0] if "site" in options else site.built_in(family)
    address = int(urlsplit(spec.url).fragment) + (said.rating_offset if spec.kind == "rating" else 0)
    silent = not family.polled or options.get("idle") == "silent"
    return Unit(spec, address, family, said, silent)


class Pads:
    """All pads and rating units of one line; ``lock`` guards what they shall show, ``wake`` ends the line's waiting."""

    def __init__(
        self,
        specs: tuple[DeviceSpec, ...],
        told: PadTold,
        clock: Clock,
        lock: threading.Condition,
        wake: Callable[[], object],
    ) -> None:
        self._told, self._clock, self._lock, self._wake = told, clock, lock, wake
        self._units = {spec.id: unit_of(spec) for spec in specs if spec.kind in ("pad", "rating")}
        unasked = [unit for unit in self._units.values() if not unit.family.polled]
        self._pads = {unit.address: unit for unit in unasked if unit.spec.kind == "pad"}
        self._ratings = {unit.address: unit for unit in unasked if unit.spec.kind == "rating"}
        self.polled = {name: _spoken(unit) for name, unit in self._units.items() if unit.family.polled}
        self.judged = frozenset(name for name in self.polled if not self._units[name].silent)
        # Presses of another start of this program must not look like repetitions of these.
        self._start, self._presses = uuid.uuid4().hex[:8], 0
        self.heard = False

    def __bool__(self) -> bool:
        return bool(self._units)

    def __contains__(self, device: str) -> bool:
        return device in self._units

    @property
    def ear(self) -> Callable[[Frame], bytes | None] | None:
        """Who hears the frames that come unasked; None: nobody speaks so."""
        return self.hear if self._pads or self._ratings else None

    # From any thread.

    def show(self, device: str, content: PadContent) -> None:
        """Let a pad show this until something newer comes."""
        with self._lock:
            unit = self._units[device]
            if unit.content != content:
                now, before = self._clock(), unit.content
                unit.content = content
                if before is None or (before.ticket, before.waiting is None) != (
                    content.ticket,
                    content.waiting is None,
                ):
                    # Another ticket is itself the answer to a key that did something.
                    unit.tells, unit.paints, unit.paint_at = 0 if unit.done else unit.tells, SURE_PAINTS, now
                else:
                    unit.paint_at = max(now, unit.stands_until)
        self._wake()

    def result(self, device: str, press_id: str, ok: bool) -> None:
        """Tell the clerk at a pad what became of a press; the newest result stands."""
        with self._lock:
            unit = self._units[device]
            if press_id != unit.answered:
                unit.answered, unit.done, unit.done_at = press_id, ok, self._clock()
                unit.tells, unit.tell_at = RESULT_TELLS, unit.done_at
        self._wake()

    def rate(self, device: str, rating_id: str) -> None:
        """Ask the customer; the first answer counts, until ``stop_rating``."""
        with self._lock:
            unit = self._units[device]
            if unit.begun != rating_id:
                unit.rating, unit.begun, unit.begin_at, unit.asks = rating_id, rating_id, self._clock(), ASKS
        self._wake()

    def stop_rating(self, device: str) -> None:
        """Time is up: a later answer is acknowledged and counts for nothing."""
        with self._lock:
            self._units[device].rating, self._units[device].begin_at = "", None

    def wanted(self) -> dict[str, PadContent]:
        """What each pad shall show, for the worker that takes over."""
        with self._lock:
            return {name: unit.content for name, unit in self._units.items() if unit.content is not None}

    # On the line's thread.

    def jobs(self, records: Mapping[str, Record], now: float) -> list[Job]:
        """What is due, and when; the plan weighs it against the signs. A pad that has failed is asked less often."""
        jobs: list[Job] = []
        each_s = [SILENT_POLL_S if self._units[name].silent else POLL_EACH_S for name in self.polled]
        every_s = max(POLL_S, sum(each_s))
        for name, unit in self._units.items():
            if unit.tells and now - unit.done_at > RESULT_LASTS_S:
                unit.tells = 0
            if unit.tells:
                jobs.append(Job(name, Kind.STATE if unit.tells == RESULT_TELLS else Kind.PAD, unit.tell_at))
            if unit.begin_at is not None:
                jobs.append(Job(name, Kind.STATE if unit.asks == ASKS else Kind.PAD, unit.begin_at))
            if unit.content is not None and unit.paint_at is not None:
                jobs.append(Job(name, Kind.PAD, unit.paint_at))
            if unit.family.polled:
                wait_s = FAILED_POLL_S if name in records and records[name].state is State.FAILED else every_s
                jobs.append(Job(name, Kind.PAD, now if unit.polled_at is None else unit.polled_at + wait_s))
        return jobs

    def frames(self, device: str) -> list[bytes]:
        """What is to be said to this unit now, unless it is only to be polled."""
        now = self._clock()
        with self._lock:
            unit = self._units[device]
            if unit.tells and unit.tell_at <= now:
                return self._result(unit, now)
            if unit.begin_at is not None and unit.begin_at <= now:
                unit.asks -= 1
                unit.begin_at = now + ASK_EACH_S if unit.asks else None
                return [ff68.start_rating(unit.address)]
            if unit.content is not None and unit.paint_at is not None and unit.paint_at <= now:
                unit.paints = max(0, unit.paints - 1)
                unit.paint_at = now + (SURE_EACH_S if unit.paints else REPAINT_S)
                return [unit.family.show(unit.address, unit.content, unit.site.display)]
            unit.polled_at = now
            return []

    def _result(self, unit: Unit, now: float) -> list[bytes]:
        """What became of a press, with a beep the first time; after it the numbers are shown again, for certain."""
        first = unit.tells == RESULT_TELLS
        if first:
            unit.stands_until = now + AFTER_RESULT_S
        unit.tells, unit.tell_at = unit.tells - 1, now + RESULT_EACH_S
        unit.paints, unit.paint_at = SURE_PAINTS, unit.stands_until
        frames = unit.family.result(unit.address, unit.done)
        return list(frames if first else frames[:1])

    def again(self) -> None:
        """Nobody knows any more what the displays show and who is there: ask and paint everything."""
        with self._lock:
            for unit in self._units.values():
                unit.paint_at, unit.polled_at = self._clock(), None

    def hear(self, frame: Frame) -> bytes | None:
        """A frame that came unasked; the frame that acknowledges it, None when it is not for us."""
        self.heard = True
        raw_level = ff68.level(frame)
        if raw_level is not None:
            return self._rated(frame, raw_level)
        pressed, unit = ff68.key(frame), self._pads.get(frame.address)
        if pressed is None or unit is None:
            return None
        if not self._repeated(unit, frame.raw):
            self._press(unit, *pressed)
        return frame.raw

    def answered(self, device: str) -> None:
        """A polled pad has answered, with a key or that none is down; a key in two answers on end is still held."""
        unit, pad = self._units[device], self.polled[device].codec
        assert isinstance(pad, qsystem.PolledPad)
        raw, down = bytes([pad.key]), pad.key in unit.family.legal_keys
        held, unit.held = unit.held and down and raw == unit.last, down
        if down and not self._repeated(unit, raw) and not held:
            self._press(unit, "", pad.key)

    def health(self) -> dict[str, Health]:
        """What may be said of those whose silence means nothing."""
        return {
            name: Health(State.UNKNOWN, ("unmonitored",), f"last heard {unit.last_heard or 'never'}")
            for name, unit in self._units.items()
            if unit.silent
        }

    def _repeated(self, unit: Unit, raw: bytes) -> bool:
        now = self._clock()
        again = raw == unit.last and now - unit.last_at < SAME_PRESS_S
        unit.last, unit.last_at = raw, now
        unit.last_heard = datetime.now().astimezone().strftime("%H:%M")
        return again

    def _press(self, unit: Unit, typed: str, key: int) -> None:
        self._presses += 1
        press_id = f"{unit.spec.id}-{self._start}-{self._presses}"
        action = unit.site.action(typed, key)
        with self._lock:
            unit.tells = 0  # what was said about an earlier key would be taken for the answer to this one
        if action is None:
            self.result(unit.spec.id, press_id, ok=False)  # the clerk learns at once that this means nothing here
        else:
            self._told.pressed(unit.spec.id, Press(press_id, action, typed))

    def _rated(self, frame: Frame, raw_level: int) -> bytes | None:
        unit = self._ratings.get(frame.address)
        if unit is None:
            return None
        self._repeated(unit, frame.raw)
        stars = unit.site.levels.get(raw_level)
        with self._lock:
            asked = unit.rating if unit.asks < ASKS and stars is not None else ""  # an older answer is for nobody
            if asked:
                unit.rating, unit.begin_at = "", None
        if asked and stars is not None:
            self._told.rated(unit.spec.id, asked, stars)
        return ff68.rating_heard(frame.address, raw_level)


def _spoken(unit: Unit) -> Spoken:
    pad = qsystem.PolledPad()
    family = Family(
        codec=lambda _: pad,
        addresses=unit.family.addresses,
        columns=pad.columns,
        reply_bytes=qsystem.REPLY_BYTES,
        gap_s=qsystem.GAP_S,
        proof=Proof.POLL,
        heartbeat=Heartbeat(qsystem.poll, pad.reply),
        addressed=True,
    )
    return Spoken(unit.address, family, pad)
