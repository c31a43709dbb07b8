"""Plays a recording to the real drivers: the device's part is read from the file, the driver's part is compared.

Time is virtual: a silence of six seconds in the file takes none here, and every time-out still ends where it did.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drivers.bus.exchange import SLACK, Line
from drivers.bus.worker import DEFAULT_BAUD, sign_of
from drivers.escpos import commands
from drivers.escpos.native import BEGIN
from drivers.escpos.printer import SERIAL_BAUD, EscposPrinter
from drivers.escpos.profile import Profile
from drivers.escpos.slip import HEAD_TO_BLADE
from drivers.led.a0_90 import decode, parse_show
from drivers.ports import Colour, DeviceError, DeviceSpec, Slip

Event = dict[str, Any]
TICK_S = 1e-6  # a silent read takes this much at least, so that no rounding makes time stand still
TICKET_ID = re.compile(re.escape(commands.confirmation(b"t000")[:-4]) + rb"(t\d{3})", re.DOTALL)
UNIT_STARTS = (commands.RASTER, BEGIN, commands.feed(1)[:2], HEAD_TO_BLADE + commands.CUT)
NO_SLIP = Slip("replayed", "", "")


@dataclass(slots=True)
class Moment:
    """The time in the recording, in seconds."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, pause_s: float) -> None:
        self.now += pause_s


@dataclass(slots=True)
class Played:
    """The transport of a replay: what the device said is said again, what the driver says is compared."""

    events: list[Event]
    moment: Moment
    was_open: bool = False
    at: int = 0
    ids: dict[bytes, bytes] = field(default_factory=dict)

    def open(self) -> None:
        if self.was_open:
            self.was_open = False
            return
        self._expect("open")

    def write(self, data: bytes, timeout_s: float) -> None:
        wanted = bytes.fromhex(self._expect("write")["data"])
        assert self._as_recorded(data, wanted) == _bare(wanted), f"line {self.at}: other bytes were sent"
        self._fail("write")

    def read(self, timeout_s: float, limit: int = 4096) -> bytes:
        self._fail("read")
        event = self._next()
        if event is None or event["event"] != "read" or event["ms"] / 1000 > self.moment.now + timeout_s:
            self.moment.sleep(max(timeout_s, TICK_S))
            return b""
        return self._said(self._expect("read"))

    def wake(self) -> None:
        """Nobody else is here."""

    def drain(self) -> bytes:
        self._fail("drain")
        event = self._next()
        return self._said(self._expect("drain")) if event is not None and event["event"] == "drain" else b""

    def close(self) -> None:
        event = self._next()
        if event is not None and event["event"] == "close":
            self._expect("close")

    def describe(self) -> str:
        return "a recording"

    def _next(self) -> Event | None:
        return self.events[self.at] if self.at < len(self.events) else None

    def _expect(self, kind: str) -> Event:
        self._fail(kind)
        event = self._next()
        assert event is not None, f"{kind}: the recording has nothing more"
        assert event["event"] == kind, f"{kind}: the recording has {event} here"
        self.at += 1
        self.moment.now = max(self.moment.now, event["ms"] / 1000)
        return event

    def _fail(self, call: str) -> None:
        event = self._next()
        if event is not None and event["event"] == "error" and event["call"] == call:
            self.at += 1
            self.moment.now = max(self.moment.now, event["ms"] / 1000)
            raise DeviceError(event["fault"], "replayed")

    def _as_recorded(self, data: bytes, wanted: bytes) -> bytes:
        """What the driver sent, with the ids of the recording."""
        recorded, sent = TICKET_ID.search(wanted), TICKET_ID.search(data)
        if recorded and sent:
            self.ids[recorded[1]] = sent[1]
            data = data.replace(sent[1], recorded[1])
        return _bare(data)

    def _said(self, event: Event) -> bytes:
        """What the device said, with the ids of the driver; an id may be torn between two readings."""
        heard = [bytes.fromhex(one["data"]) for one in self.events if one["event"] in ("read", "drain")]
        before = sum(len(one["data"]) // 2 for one in self.events[: self.at - 1] if one["event"] in ("read", "drain"))
        stream = b"".join(heard)
        for recorded, sent in self.ids.items():
            stream = stream.replace(recorded, sent)
        return stream[before : before + len(event["data"]) // 2]


def _bare(data: bytes) -> bytes:
    """A preparation without the repair: a driver that has just begun makes one, one that is at work does not."""
    if commands.INITIALISE + commands.ENABLE_ASB in data:
        return data.lstrip(b"\0").replace(commands.CUT, b"")
    return data


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question to the driver, the wire's share of it, and the answer (None when the port failed)."""

    ask: Event
    wire: list[Event]
    answer: Event | None


def read(path: Path) -> tuple[Event, list[Exchange], Event]:
    """The head of a recording, its exchanges, its end."""
    events = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert (events[0]["event"], events[0]["format"], events[-1]["event"]) == ("begin", 1, "end")
    return events[0], list(_exchanges(events[1:-1])), events[-1]


def _exchanges(events: list[Event]) -> Iterator[Exchange]:
    """What lies between an answer and the next question belongs to the next one: the port is made anew there."""
    before: list[Event] = []
    ask: Event | None = None
    for event in events:
        if event["event"] == "ask":
            if ask is not None:
                yield Exchange(ask, before, None)
                before = []
            ask = event
        elif event["event"] == "answer":
            assert ask is not None
            yield Exchange(ask, before, event)
            before, ask = [], None
        else:
            before.append(event)
    if ask is not None:
        yield Exchange(ask, before, None)


def play(path: Path) -> dict[str, Event]:
    """Let the drivers of today do what the recording says; their last answers, as the file's last line has them."""
    head, exchanges, _ = read(path)
    kinds = {one["kind"] for one in head["devices"]}
    play_one = _Printer(head) if kinds == {"printer"} else _Signs(head)
    answers: dict[str, Event] = {}
    for exchange in exchanges:
        said = play_one(exchange)
        if said is not None:
            said = {"what": exchange.ask["what"], "device": exchange.ask["device"], **said}
            answers[f"{said['what']} {said['device']}"] = said
        assert said == _said(exchange.answer), f"asked at {exchange.ask['ms']} ms"
        left = [event for event in play_one.wire.events[play_one.wire.at :] if event["event"] in ("read", "write")]
        assert left == [], f"the driver leaves out what follows {exchange.ask['ms']} ms"
    return answers


def _said(answer: Event | None) -> Event | None:
    return answer and {name: value for name, value in answer.items() if name not in ("ms", "event")}


class _Printer:
    """The real ESC/POS driver; its units are the recorded ones, for the slip itself is in no recording."""

    def __init__(self, head: Event) -> None:
        self._profile = Profile.parse(head["devices"][0]["options"])
        self._moment, self._units = Moment(), [b""]
        self.wire = Played([], self._moment)
        self._fence = {"gsr": len(commands.FENCE), "gsh": len(commands.confirmation(b"u000")), "none": 0}
        baud = None if head["scheme"] == "tcp" else int(head["line"].get("baud", SERIAL_BAUD))
        self._driver = EscposPrinter(self.wire, self._profile, baud, self._moment, lambda slip, paper: self._units)

    def __call__(self, exchange: Exchange) -> Event | None:
        wire, self.wire.events, self.wire.at = self.wire, exchange.wire, 0
        while wire.at < len(wire.events) and wire.events[wire.at]["event"] in ("link", "close"):
            # The worker, not the driver, closes between two questions.
            event = wire.events[wire.at]
            wire.was_open = event.get("open", False)
            wire.at += 1
        self._moment.now = max(self._moment.now, exchange.ask["ms"] / 1000)
        if exchange.ask["what"] == "status":
            health = self._driver.status()
            return {"state": health.state.value, "faults": list(health.faults)}
        if exchange.answer is None:
            return None
        self._units = self._recorded_units(exchange)
        result = self._driver.print_slip(NO_SLIP)
        found = {"verdict": result.verdict.value, "faults": list(result.faults)}
        return found | {"units": result.units, "fences": result.fences}

    def _recorded_units(self, exchange: Exchange) -> list[bytes]:
        assert exchange.answer is not None
        written = [bytes.fromhex(event["data"]) for event in exchange.wire if event["event"] == "write"]
        fence = self._fence[self._profile.fence]
        units = [data[: len(data) - fence] for data in written if data.startswith(UNIT_STARTS)]
        return units + [b"\n"] * (exchange.answer["units"] - len(units))


class _Signs:
    """The real exchange on a line of signs, and the codec: frames are taken apart and built again."""

    def __init__(self, head: Event) -> None:
        self._signs = {
            one["id"]: sign_of(DeviceSpec(one["id"], "sign", f"tcp://x#{one['unit']}", tuple(one["options"].items())))
            for one in head["devices"]
            if one["kind"] == "sign"
        }
        self._moment = Moment()
        self.wire = Played([], self._moment)
        baud = int(head["line"].get("baud", DEFAULT_BAUD))
        self._line = Line(self.wire, baud, self._moment, self._moment.sleep)

    def __call__(self, exchange: Exchange) -> Event | None:
        sign = self._signs[exchange.ask["device"]]
        written = [event for event in exchange.wire if event["event"] == "write"]
        # The worker opens and closes the port between two questions; the line begins with a byte.
        wire = [event for event in exchange.wire if event["event"] not in ("link", "open", "close")]
        self.wire.events, self.wire.at = [e for e in wire if e.get("call") != "open"], 0
        if not written:
            return None
        address, data = _shown(bytes.fromhex(written[0]["data"]))
        frame = sign.codec.show(address, "".join(letter for letter, _ in data), Colour(data[0][1]))
        self._line.pace.observed_s[sign.address] = exchange.ask["patience_ms"] / 1000 / SLACK
        self._moment.now = max(self._moment.now, exchange.ask["ms"] / 1000)
        try:
            answer = self._line.ask(sign, frame, exchange.ask["tries"])
        except DeviceError:
            return None
        return {"fault": answer.fault, "tries": answer.tries}


def _shown(frame: bytes) -> tuple[int, tuple[tuple[str, Colour], ...]]:
    parsed = parse_show(frame)
    assert isinstance(parsed, tuple), f"{frame.hex(' ')} is no frame"
    return parsed[0], decode(parsed[1])
