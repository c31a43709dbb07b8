"""Printers behind a spooler, CUPS or Windows: the last resort, for what a queue has taken is never heard of again."""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from drivers.escpos import commands
from drivers.escpos.native import drawing
from drivers.health import Health, State
from drivers.ports import Clock, PrintResult, Slip, Verdict
from drivers.queues import command, profile_of

TAKEN_WITHIN_S = 10.0  # a queue takes a slip in a tenth of a second; a customer waits no longer
REFUSED_FOR_S = 30.0  # what a queue did not take is a fault for so long; then the next slip finds out
SAID_BYTES = 300  # of what the program said: a sentence for whoever repairs


@dataclass(frozen=True, slots=True)
class _Handed:
    """What came of handing bytes to a program: its exit code (None: it was stopped), what it read, what it said."""

    code: int | None
    read: int
    said: str


def _hand_over(argv: Sequence[str], data: bytes, within_s: float) -> _Handed:
    """Files instead of pipes: nothing can block us, and how far the program has read is seen in its file."""
    with tempfile.TemporaryFile() as paper, tempfile.TemporaryFile() as said:
        paper.write(data)
        paper.flush()
        paper.seek(0)
        try:
            child = subprocess.Popen(
                argv, stdin=paper, stdout=said, stderr=said, env={**os.environ, "LC_ALL": "C.UTF-8"}
            )
        except OSError as error:
            return _Handed(None, 0, str(error))
        try:
            code: int | None = child.wait(within_s)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            code = None
        read = os.lseek(paper.fileno(), 0, os.SEEK_CUR)
        said.seek(0)
        words = said.read(SAID_BYTES).decode("utf-8", "replace").strip()
    return _Handed(code, read, words or ("no answer" if code is None else f"ended with {code}"))


class SpoolPrinter:
    """Hands slips to a queue. Implements ``drivers.ports.Printer``; its health is never better than *unknown*."""

    def __init__(
        self,
        argv: Sequence[str],
        draw: Callable[[Slip], list[bytes]],
        within_s: float = TAKEN_WITHIN_S,
        clock: Clock = time.monotonic,
    ) -> None:
        self._argv, self._draw, self._within_s, self._clock = argv, draw, within_s, clock
        self._refused_until = clock()
        self._said = ""

    def status(self) -> Health:
        """Nobody can ask the printer; only a queue that takes nothing is known to be at fault."""
        if self._clock() < self._refused_until:
            return Health(State.FAILED, ("refused",), self._said)
        return Health(State.UNKNOWN, ("unmonitored",), self._said)

    def print_slip(self, slip: Slip) -> PrintResult:
        """Hand the slip over: *spooled* at best, *not sent* when the program has not read a byte of it."""
        units = self._draw(slip)
        handed = _hand_over(self._argv, commands.INITIALISE + b"".join(units), self._within_s)
        self._said = handed.said
        if handed.code == 0:
            self._refused_until = self._clock()
            return PrintResult(Verdict.SPOOLED, (), handed.said, len(units))
        self._refused_until = self._clock() + REFUSED_FOR_S
        verdict = Verdict.UNKNOWN if handed.read else Verdict.NOT_SENT
        return PrintResult(verdict, ("refused",), handed.said, len(units))

    def close(self) -> None:
        """Nothing is held between two slips."""


def open_spooled(url: str, options: Mapping[str, str]) -> SpoolPrinter:
    """Build the printer of a spooler's URL. Raises ``ValueError`` for what it cannot be."""
    profile = profile_of(options)
    draw = drawing(profile)
    return SpoolPrinter(command(url), lambda slip: draw(slip, profile.paper))
