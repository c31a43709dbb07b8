"""The inside of a simulated printer: a finite buffer, a parser that stops when offline, and a slow print head."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from drivers.sim.paper import LINE_ROWS, Look, PaperRoll, PrintedSlip, QrCode
from drivers.sim.printer_state import STOPPING, paper_byte, status_group

DOTS_PER_MM = 8  # 203 dpi
PACE_S = 0.01  # the head's delays are slept in pieces of this length; shorter sleeps are imprecise
RESUME_BYTES = 256  # a full buffer takes data again when so much is free
MAX_TEXT_BYTES = 200

# Parameter bytes of commands that change nothing we draw.
_IGNORED = {
    0x1B: dict.fromkeys(b"!EtRM-G3{V ", 1) | {0x32: 0, 0x24: 2},
    0x1D: dict.fromkeys(b"hwfHb", 1) | dict.fromkeys(b"LWP", 2),
    0x1C: dict.fromkeys(b"!WC", 1) | {0x26: 0, 0x2E: 0, 0x53: 2},
}
_CUT_WITHOUT_FEED = b"\x00\x01\x30\x31"


class _ResetError(Exception):
    """The buffers were cleared: forget the command that was being read."""


class PrinterEngine:
    """Takes ordinary bytes, prints them onto ``roll``, answers through ``say``; conditions may change any time."""

    def __init__(self, roll: PaperRoll, say: Callable[[bytes], None], mm_s: float, buffer_bytes: int) -> None:
        self.quirks: set[str] = set()
        self._roll, self._say, self._mm_s, self._room = roll, say, mm_s, buffer_bytes
        self._changed = threading.Condition()
        self._conditions: set[str] = set()
        self._buffer = bytearray()
        self._text = bytearray()
        self._look = Look()
        self._code = QrCode()
        self._generation = 0
        self._stopped = False
        self._reports = False
        self._due: dict[str, int] = {}
        self._head_free_at = 0.0
        self._actions: dict[tuple[int, int], Callable[[], None]] = {
            (0x1B, 0x40): self._initialise,
            (0x1B, 0x61): self._align,
            (0x1D, 0x21): self._enlarge,
            (0x1D, 0x42): self._reverse,
            (0x1B, 0x4A): self._feed,
            (0x1B, 0x64): self._feed_lines,
            (0x1B, 0x69): self._cut_now,
            (0x1B, 0x6D): self._cut_now,
            (0x1D, 0x56): self._cut,
            (0x1D, 0x76): self._raster,
            (0x1D, 0x61): self._report_changes,
            (0x1D, 0x72): self._state_paper,
            (0x1D, 0x49): self._identify,
            (0x1D, 0x28): self._extended,
        }
        self._thread = threading.Thread(target=self._run, name="sim-printer-engine", daemon=True)

    def start(self) -> None:
        """Switch on."""
        self._thread.start()

    def stop(self) -> None:
        """Switch off and wait for the head to stand still."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join()

    def conditions(self) -> frozenset[str]:
        """What is the case now."""
        with self._changed:
            return frozenset(self._conditions)

    def set_condition(self, name: str, on: bool) -> None:
        """Let ``name`` be the case or not; the printer says so when it was told to."""
        with self._changed:
            before = status_group(self._conditions)
            if name == "paper_end" and not on and name in self._conditions:
                self._roll.renew()
            (self._conditions.add if on else self._conditions.discard)(name)
            after = status_group(self._conditions)
            self._changed.notify_all()
            report = self._reports and before != after
        if report:
            self._say(after)

    def condition_after(self, name: str, rows: int) -> None:
        """Let ``name`` become the case after so many more rows of dots."""
        with self._changed:
            self._due[name] = rows

    def receive(self, data: bytes, abandoned: Callable[[], bool]) -> None:
        """Take ``data``; a full buffer makes the sender wait, or loses it where the printer has that quirk."""
        with self._changed:
            if len(self._buffer) + len(data) > self._room:
                if "drop_overflow" in self.quirks:
                    data = data[: max(self._room - len(self._buffer), 0)]
                else:
                    while len(self._buffer) > self._room - RESUME_BYTES and not abandoned():
                        self._changed.wait(0.05)
            self._buffer += data
            self._changed.notify_all()

    def clear(self, power_cycle: bool = False) -> None:
        """Forget all that is not on paper; after a power cycle the settings as well."""
        with self._changed:
            self._buffer.clear()
            self._text.clear()
            self._generation += 1
            self._roll.spoil()
            if power_cycle:
                self._reports = False
                self._conditions.discard("waiting")
            self._changed.notify_all()

    def pieces(self) -> list[PrintedSlip]:
        """All paper, the piece that still hangs in the printer last."""
        with self._changed:
            hanging = self._roll.hanging()
            return self._roll.pieces + ([hanging] if hanging else [])

    def tear(self) -> None:
        """A person takes the finished pieces away."""
        with self._changed:
            self._roll.pieces = []

    def idle(self) -> bool:
        """Nothing left to print."""
        with self._changed:
            return not self._buffer

    def _run(self) -> None:
        while not self._stopped:
            try:
                self._command(self._take(1)[0])
            except _ResetError:
                continue

    def _take(self, count: int) -> bytes:
        taken = bytearray()
        with self._changed:
            generation = self._generation
            while len(taken) < count:
                self._await_online(generation)
                part = self._buffer[: count - len(taken)]
                del self._buffer[: len(part)]
                taken += part
                if part:
                    self._changed.notify_all()
                else:
                    self._changed.wait()
        return bytes(taken)

    def _await_online(self, generation: int) -> None:
        while not self._stopped and self._generation == generation and self._conditions & STOPPING:
            self._refuse_confirmations()
            self._changed.wait()
        if self._stopped or self._generation != generation:
            raise _ResetError

    def _refuse_confirmations(self) -> None:
        """Some firmware states of what waits that it was not printed when the paper has ended."""
        question = b"\x1d\x28\x48\x06\x00\x30\x30"
        if "denies_at_paper_end" in self.quirks and "paper_end" in self._conditions:
            while (at := self._buffer.find(question)) >= 0 and len(self._buffer) >= at + 11:
                ident = bytes(self._buffer[at + 7 : at + 11])
                del self._buffer[at : at + 11]
                self._say(b"\x37\x33" + ident + b"\x00")

    def _command(self, first: int) -> None:
        if first == 0x0A:
            self._line()
        elif first in _IGNORED:
            self._escape(first, self._take(1)[0])
        elif first >= 0x20 and len(self._text) < MAX_TEXT_BYTES:
            self._text.append(first)

    def _escape(self, group: int, code: int) -> None:
        action = self._actions.get((group, code))
        if action is not None:
            action()
        else:
            self._take(_IGNORED[group].get(code, 0))

    def _line(self) -> None:
        text, self._text = bytes(self._text).decode("gb18030", "replace"), bytearray()
        self._letters(text, self._roll.text_rows(text, self._look) if text else [b""] * LINE_ROWS)

    def _letters(self, text: str, rows: list[bytes]) -> None:
        for row in rows:
            self._row(row)
        if text:
            self._roll.wrote(text)

    def _row(self, dots: bytes) -> None:
        """Print one row when the head is free and the printer ready."""
        with self._changed:
            generation = self._generation
            self._await_online(generation)
            if self._mm_s:
                now = time.monotonic()
                self._head_free_at = max(self._head_free_at, now) + 1 / (DOTS_PER_MM * self._mm_s)
                while (ahead_s := self._head_free_at - time.monotonic()) > PACE_S and not self._stopped:
                    self._changed.wait(ahead_s)
                self._await_online(generation)
            self._roll.row(dots)
            self._due = {name: rows - 1 for name, rows in self._due.items()}
            reached = [name for name, rows in self._due.items() if rows <= 0]
            for name in reached:
                del self._due[name]
        for name in reached:
            self.set_condition(name, True)

    def _initialise(self) -> None:
        self._reports = False
        self._text.clear()
        self._look, self._code = Look(), QrCode()

    def _align(self) -> None:
        self._look = replace(self._look, centred=self._take(1) in (b"\x01", b"1"))

    def _enlarge(self) -> None:
        size = self._take(1)[0]
        self._look = replace(self._look, wider=(size >> 4 & 7) + 1, higher=(size & 7) + 1)

    def _reverse(self) -> None:
        self._look = replace(self._look, reverse=bool(self._take(1)[0] & 1))

    def _raster(self) -> None:
        _, width_low, width_high, height_low, height_high = self._take(6)[1:]
        for _ in range(height_low + 256 * height_high):
            self._row(self._take(width_low + 256 * width_high))

    def _feed(self) -> None:
        for _ in range(self._take(1)[0] // 2):  # one motion unit is half a row of dots
            self._row(b"")

    def _feed_lines(self) -> None:
        for _ in range(self._take(1)[0] * LINE_ROWS):
            self._row(b"")

    def _cut(self) -> None:
        if self._take(1) not in (bytes((mode,)) for mode in _CUT_WITHOUT_FEED):
            self._take(1)
        self._cut_now()

    def _cut_now(self) -> None:
        if "cutter_jam" in self.quirks and self._roll.hanging():  # a blade jams in a slip, not in blank paper
            self.quirks.discard("cutter_jam")
            self.set_condition("cutter", True)
        with self._changed:
            self._await_online(self._generation)
            self._roll.cut()

    def _report_changes(self) -> None:
        mask = self._take(1)[0]
        if "no_asb" not in self.quirks:
            self._reports = mask != 0
            if mask:
                self._say(status_group(self.conditions()))

    def _state_paper(self) -> None:
        which = self._take(1)
        if "no_gsr" not in self.quirks:
            self._say(paper_byte(self.conditions()) if which in (b"\x01", b"1") else b"\x00")

    def _identify(self) -> None:
        which = self._take(1)
        self._say(b"\x5fTM-T88V\x00" if which >= b"\x41" else b"\x02")

    def _extended(self) -> None:
        function, low, high = self._take(3)
        data = self._take(low + 256 * high)
        if function == 0x6B and data[:1] == b"\x31":
            self._qr_code(data[1], data[2:])
        if function == 0x48 and data[:2] == b"\x30\x30" and "no_gsh" not in self.quirks:
            mark = b"\x37\x33" if "negative_id" in self.quirks else b"\x37\x22"
            self._say(mark + data[2:6] + b"\x00")

    def _qr_code(self, function: int, data: bytes) -> None:
        self._code = self._code.told(function, data)
        if function == 0x51 and self._code.content:
            rows = self._roll.code_rows(self._code, self._look)
            self._letters(self._code.content.decode("utf-8", "replace"), rows)
