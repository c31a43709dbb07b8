"""One voice module at the end of a line: its answers told apart, and a text followed until its last word.

A text was said when the module took it (or was found busy with it), was busy, and then idle, after as long as anybody
needs to say so much, and did not start anew meanwhile. That is its own word: only a person hears whether it was loud.
"""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.ports import Clock, DeviceError
from drivers.speech.frames import ACCEPTED, ANSWERS, BOOTED, BUSY, IDLE, REFUSED, Module
from drivers.speech.text import ENCODING, pieces
from drivers.transport import Transport

TRIES = 2  # the second repairs noise; a text is sent again only when the module says that it is idle
WRITE_TIMEOUT_S = 1.0  # the longest frame takes 0.2 s at 9600 Bd
BITS_PER_BYTE = 10  # 8N1


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds of waiting for a module, without the time that bytes need on the line."""

    answer_s: float = 0.8  # modules answer in milliseconds; adapters and bridges add up to 40
    late_s: float = 1.0  # after a silence nothing is asked for so long, or a late answer would meet the next question
    ask_s: float = 0.4  # between questions to a module that speaks; it also says by itself when it has ended
    begun_s: float = 0.1  # from *accepted* to the first of them: no sentence is over by then
    busy_s: float = 10.0  # that somebody else's speech may take before ours; after half of it the module is stopped
    fastest_s: float = 0.08  # a character; nobody understands twelve syllables a second
    slowest_s: float = 1.0  # a character; its slowest speed takes half of that
    longest_s: float = 5.0  # for the pauses between
    poll_s: float = 4.0  # between questions to an idle one: with a second for each of two links named within 10 s
    missed_s: float = 1.0  # after a silence


USUAL = Patience()


class Voice:
    """Speaks and asks; for one thread. ``meanwhile`` is called now and then, because a sentence takes seconds."""

    def __init__(
        self, transport: Transport, module: Module, baud: int, command: bytes, clock: Clock, patience: Patience,
        meanwhile: Callable[[], object],
    ) -> None:  # fmt: skip
        self._transport, self._module, self._command = transport, module, command
        self._clock, self._patience, self._meanwhile = clock, patience, meanwhile
        self._byte_s = BITS_PER_BYTE / baud
        self._quiet_until = clock()
        self._booted, self._junk = False, 0

    def alive(self) -> None:
        """Ask how it is. Raises ``DeviceError`` when it does not say."""
        if self._ask(self._module.status, BUSY, IDLE) is None:
            raise self._silence()

    def is_free(self) -> bool:
        """A module that says something else gets time to end it, then it is stopped; whether it is idle at last."""
        until, stopped = self._clock() + self._patience.busy_s, False
        while (heard := self._ask(self._module.status, BUSY, IDLE)) == BUSY and self._clock() < until:
            self._meanwhile()
            if not stopped and self._clock() >= until - self._patience.busy_s / 2:
                stopped = self._ask(self._module.stop, ACCEPTED, REFUSED) is not None
            self._hear(self._clock() + self._patience.ask_s, IDLE)
        if heard is None:
            self.alive()  # the second try: one lost byte is no silence
        return heard != BUSY

    def say(self, text: str) -> str:
        """Why the text was not said to its end; empty when it was. Raises ``DeviceError``, also for what it cannot."""
        for piece in pieces(text, self._command):
            if why := self._piece(piece):
                return why
        return ""

    def _piece(self, piece: bytes) -> str:
        """Send a piece until it is taken; again only while the module says that it is saying nothing."""
        self._booted = False
        heard: int | None = None
        for _ in range(TRIES):
            self._meanwhile()
            heard = self._ask(self._module.say(piece), ACCEPTED, REFUSED)
            if heard is None:  # the text was lost, or the answer: its status tells
                heard = self._ask(self._module.status, ACCEPTED, REFUSED, BUSY, IDLE)
            if heard is None:
                raise self._silence()
            if heard in (ACCEPTED, BUSY):
                return self._until_said(len(piece.decode(ENCODING)) - len(self._command), heard == BUSY)
        return "nak" if heard == REFUSED else "it took no text"

    def _until_said(self, characters: int, busy: bool) -> str:
        patience, began, misses = self._patience, self._clock(), 0
        pause_s = patience.begun_s
        while self._clock() - began < patience.longest_s + patience.slowest_s * characters:
            self._meanwhile()
            # An end that it tells by itself, before it was seen busy, may be a late answer to an older question.
            ended = self._hear(self._clock() + pause_s, *((IDLE, BOOTED) if busy else (BOOTED,)))
            heard = ended or self._ask(self._module.status, BUSY, IDLE, BOOTED)
            pause_s = patience.ask_s
            if self._booted:
                return "it started anew while it spoke"
            misses = misses + 1 if heard is None else 0
            if misses >= TRIES:
                raise self._silence()
            if heard == IDLE:
                whole = busy and self._clock() - began >= patience.fastest_s * characters
                return "" if whole else "it was idle too soon"
            busy = busy or heard == BUSY
        self._ask(self._module.stop, ACCEPTED, REFUSED)
        return "it did not end"

    def _ask(self, frame: bytes, *wanted: int) -> int | None:
        """Send a frame and hear one of these answers; after a silence nothing is asked until late ones have passed."""
        self._hear(self._quiet_until)
        self._take(self._transport.drain())
        self._junk = 0
        self._transport.write(frame, WRITE_TIMEOUT_S)
        sent_at = self._clock() + len(frame) * self._byte_s
        heard = self._hear(sent_at + self._patience.answer_s, *wanted)
        if heard is None:
            self._quiet_until = self._clock() + self._patience.late_s
        return heard

    def _hear(self, until: float, *wanted: int) -> int | None:
        while (left_s := until - self._clock()) > 0:
            data = self._take(self._transport.read(left_s))
            if (heard := next((one for one in data if one in wanted), None)) is not None:
                return heard
        return None

    def _take(self, data: bytes) -> bytes:
        """Whatever is read, a start of the module is noted and noise is counted."""
        self._booted = self._booted or BOOTED in data
        self._junk += sum(one not in ANSWERS for one in data)
        return data

    def _silence(self) -> DeviceError:
        if self._junk:
            return DeviceError("garbled", f"{self._junk} bytes not understood")
        return DeviceError("no_answer", self._transport.describe())
