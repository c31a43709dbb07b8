"""What is heard after a question: the answer of who was asked, our own echo, others, noise, and what that means."""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.bus.ear import Ear
from drivers.led.families import Family, Told
from drivers.ports import SignCodec


@dataclass(frozen=True, slots=True)
class Spoken:
    """The sign, or pad, that is spoken to: its address and the language it understands."""

    address: int
    family: Family
    codec: SignCodec


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``fault`` is None for an acknowledgement, ``junk`` counts bytes that answered nothing.

    ``said`` is the answer of a sign that refused, or that holds another text; ``words`` are those of whoever named the
    sign's fault for it.
    """

    fault: str | None
    tries: int
    junk: int = 0
    said: bytes = b""
    words: str = ""

    def evidence(self) -> str:
        """A short trace for the maintenance page."""
        if self.words:
            return self.words
        said = f", answered {self.said.hex(' ').upper()}" if self.said else ""
        return f"{self.tries} tries, {self.junk} bytes not understood{said}"


Reading = Callable[[bytes, int], tuple[Told, int]]


@dataclass(frozen=True, slots=True)
class Silence:
    """A question without an answer, whose answer may still be on its way."""

    sign: Spoken
    frame: bytes
    heard: "Heard"
    sent_at: float
    until: float


class Heard:
    """The bytes that followed one frame: our own echo taken off the front, the rest given to the codec."""

    def __init__(self, sign: Spoken, frame: bytes, reading: Reading, reply_bytes: int, ear: Ear) -> None:
        self._sign, self._reading, self._reply_bytes, self._ear = sign, reading, reply_bytes, ear
        # An answer that repeats the question cannot be told from an echo: those who give it are read back.
        self._echo = b"" if reading(frame, sign.address)[0] is True else frame
        self._buffer = self.said = b""
        self._refused = b""
        self.echoed = False
        self.total = 0

    def take(self, data: bytes) -> Told:
        """Feed bytes; True, False or a fault once the sign has said yes, no or something else."""
        self.total += len(data)
        if self._echo:
            self._buffer += data
            if not self._strip_echo():
                return None
            data, self._buffer = self._buffer, b""
        self._buffer += self._ear.take(data)
        answer, used = self._reading(self._buffer + self._ear.tail, self._sign.address)
        if answer is None:
            used = min(used, len(self._buffer))
            self._refused += self._buffer[:used]
        else:
            self.said = (self._buffer + self._ear.tail)[:used]
        self._ear.tail = self._ear.tail[max(used - len(self._buffer), 0) :]
        self._buffer = self._buffer[used:]
        return answer

    def _strip_echo(self) -> bool:
        """Take our own frame off the front; False while what came may still be its beginning."""
        if self._echo.startswith(self._buffer) and self._echo != self._buffer:
            return False
        if self._buffer.startswith(self._echo):
            self._buffer, self.echoed = self._buffer[len(self._echo) :], True
        self._echo = b""
        return True

    def broken(self) -> int:
        """How many bytes were no answer of this sign."""
        return len(self._refused) + len(self._buffer)

    def fault(self) -> str:
        """What it means that no answer could be credited."""
        junk = self._refused + self._buffer
        if not junk:
            return "no_ack"
        if any(self._reading(junk, other)[0] is not None for other in self._sign.family.addresses):
            return "wrong_device"
        # One sign answers with so many bytes; a few more of them, all broken, are two signs speaking at once.
        return "address_clash" if self._reply_bytes < len(junk) <= 2 * self._reply_bytes else "garbled"
