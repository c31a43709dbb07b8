"""Writes down what a driver and its device say to each other, so that it can be read, sent and played again.

One JSON object a line: ``begin`` (what is recorded), then ``ask`` and ``answer`` (what the driver was asked to do and
what it made of it) around the calls on the wire, then ``end`` with the last answers. docs/devices.md has the fields.
"""

import json
import platform
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from drivers.health import Health
from drivers.ports import Clock, DeviceError, DeviceSpec, Printer, PrintResult, Slip
from drivers.transport import Transport

FORMAT = 1
MAX_BYTES = 5_000_000  # fits a mail; a minute of printing without a pause is a tenth of it
LINE_SETTINGS = ("baud", "format", "flow")


def head(device: str, specs: tuple[DeviceSpec, ...], product: str) -> dict[str, object]:
    """What a recording says of the port and its devices: never an address of the network or a name of a machine."""
    url = urlsplit(specs[0].url)
    query = dict(parse_qsl(url.query))
    return {
        "format": FORMAT,
        "product": product,
        "system": platform.system(),
        "device": device,
        "scheme": url.scheme,
        "line": {name: query[name] for name in LINE_SETTINGS if name in query},
        "devices": [
            {"id": one.id, "kind": one.kind, "unit": urlsplit(one.url).fragment, "options": dict(one.options)}
            for one in specs
        ],
    }


class Recording:
    """One file that grows; a full disk or a full file ends it and disturbs nobody."""

    def __init__(
        self, path: Path, head: Mapping[str, object], clock: Clock = time.monotonic, max_bytes: int = MAX_BYTES
    ) -> None:
        self.over: str | None = None  # why nothing is written any more
        self._clock, self._room = clock, max_bytes
        self._began = clock()
        self._answers: dict[str, Mapping[str, object]] = {}
        self._lock = threading.Lock()
        self._file = path.open("x", encoding="utf-8")
        self._write({"ms": 0.0, "event": "begin", **head})

    def note(self, event: str, said: Mapping[str, object]) -> None:
        """Write one line, unless the recording is over."""
        with self._lock:
            if self.over is None:
                self._write({"ms": self._ms(), "event": event, **said})
            if event == "answer" and self.over is None:
                self._answers[f"{said['what']} {said['device']}"] = said

    def end(self, why: str) -> None:
        """Write the last line and close the file; harmless when closed."""
        with self._lock:
            if self._file.closed:
                return
            # The last line always fits: what was said before it is worth little without it.
            self._room = MAX_BYTES
            self._write({"ms": self._ms(), "event": "end", "why": self.over or why, "answers": self._answers})
            self.over = self.over or why
            with suppress(OSError):  # a full disk is told by the missing last line
                self._file.close()

    def _ms(self) -> float:
        return round((self._clock() - self._began) * 1000, 2)

    def _write(self, line: Mapping[str, object]) -> None:
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
        self._room -= len(text.encode())
        if self._room < 0:
            self.over = "size"
            return
        try:
            self._file.write(text)
            self._file.flush()
        except OSError:
            self.over = "disk"


def _as_it_is(data: bytes) -> bytes:
    return data


class Tap:
    """Where one port can be listened in to; it stays when the port's link or driver is made anew.

    ``hide`` takes out of written bytes what is nobody's business. A recording begins with the next question, so that
    no file starts in the middle of an exchange.
    """

    def __init__(self, hide: Callable[[bytes], bytes] = _as_it_is) -> None:
        self.hide = hide
        self.is_open = False
        self._next: Recording | None = None
        self._now: Recording | None = None

    def record(self, recording: Recording) -> None:
        """Listen in from the next question on; may be called from any thread."""
        self._next = recording

    def on(self, wire: Transport) -> Transport:
        """The same wire, heard."""
        return _HeardWire(wire, self)

    def begin(self) -> None:
        """Between two exchanges: here a recording may start."""
        if self._now is not self._next:
            self._now = self._next
            self.note("link", open=self.is_open)

    def ask(self, what: str, device: str, **said: object) -> None:
        """The driver is asked to do something."""
        self.begin()
        self.note("ask", what=what, device=device, **said)

    def answer(self, what: str, device: str, **said: object) -> None:
        """What came of it."""
        self.note("answer", what=what, device=device, **said)

    def note(self, event: str, **said: object) -> None:
        """Write a line when somebody listens."""
        if self._now is not None:
            self._now.note(event, said)


class _HeardWire:
    """A transport whose calls are noted. Evidence of faults is left out: it may name addresses."""

    def __init__(self, wire: Transport, tap: Tap) -> None:
        self._wire, self._tap = wire, tap

    def open(self) -> None:
        self._tap.begin()
        with self._faults("open"):
            self._wire.open()
        self._tap.is_open = True
        self._tap.note("open")

    def write(self, data: bytes, timeout_s: float) -> None:
        self._tap.note("write", data=self._tap.hide(data).hex())
        with self._faults("write"):
            self._wire.write(data, timeout_s)

    def read(self, timeout_s: float, limit: int = 4096) -> bytes:
        with self._faults("read"):
            return self._noted("read", self._wire.read(timeout_s, limit))

    def wake(self) -> None:
        self._wire.wake()

    def drain(self) -> bytes:
        with self._faults("drain"):
            return self._noted("drain", self._wire.drain())

    def close(self) -> None:
        self._wire.close()
        if self._tap.is_open:
            self._tap.is_open = False
            self._tap.note("close")

    def describe(self) -> str:
        return self._wire.describe()

    def _noted(self, event: str, data: bytes) -> bytes:
        if data:
            self._tap.note(event, data=data.hex())
        return data

    @contextmanager
    def _faults(self, call: str) -> Iterator[None]:
        try:
            yield
        except DeviceError as error:
            self._tap.note("error", call=call, fault=error.code)
            raise


class HeardPrinter:
    """A printer whose questions and verdicts are noted beside what its wire carries."""

    def __init__(self, printer: Printer, tap: Tap, device: str) -> None:
        self._printer, self._tap, self._device = printer, tap, device

    def status(self) -> Health:
        """Ask it, and note how it is."""
        self._tap.ask("status", self._device)
        health = self._printer.status()
        self._tap.answer("status", self._device, state=health.state.value, faults=list(health.faults))
        return health

    def print_slip(self, slip: Slip) -> PrintResult:
        """Let it print, and note the verdict."""
        self._tap.ask("print", self._device)
        result = self._printer.print_slip(slip)
        self._tap.answer(
            "print", self._device, verdict=result.verdict.value, faults=list(result.faults),
            units=result.units, fences=result.fences,
        )  # fmt: skip
        return result

    def close(self) -> None:
        """Close its link."""
        self._printer.close()
