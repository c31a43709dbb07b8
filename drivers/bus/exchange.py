"""One question and its answer on a half-duplex line: echo, noise, late and foreign replies told apart.

A reply is credited only to the frame that is on the line now. What was there before is dropped, and after silence
the line stays quiet until the slowest sign could have answered, so that no reply meets the next question.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from drivers.bus.ear import Ear
from drivers.led.families import Family, Proof, Told
from drivers.ports import Clock, SignCodec
from drivers.transport import Transport

BITS_PER_BYTE = 10  # start, eight data, stop: 8N1
ACK_FLOOR_S = 0.12  # boards answer in 5-60 ms; bridges and USB adapters add up to 40
ACK_CEILING_S = 1.0  # slower than this is as good as dead for a call
SLACK = 2.0  # twice what was observed: a board busy with its own scan line may take double
WRITE_TIMEOUT_S = 1.0  # the longest frame takes 0.3 s at 9600 Bd
PURGE_LIMIT_S = 0.05  # a device that babbles must not keep us from speaking
GAP_CHARACTERS = 3.5  # the silence that ends a frame, by the custom of RS-485 lines
TURN_S = 0.002  # two characters at 9600 Bd: how often a frame that is under way is looked at
GAP_BITS = 11  # of each such character, parity or second stop bit included
MAX_HEARD_BYTES = 4096  # more than this within one answer time is babble


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


@dataclass(slots=True)
class Pace:
    """How long the signs of a line take to answer, in seconds after the frame has left, by address."""

    observed_s: dict[int, float] = field(default_factory=dict)
    least_s: dict[int, float] = field(default_factory=dict)

    def saw(self, address: int, turnaround_s: float) -> None:
        """Learn from an answer: up at once, down slowly."""
        known = self.observed_s.get(address, 0.0)
        self.observed_s[address] = max(turnaround_s, known * 0.9 + turnaround_s * 0.1)

    def timeout_s(self, address: int) -> float:
        """How long to wait for this sign."""
        least_s = max(ACK_FLOOR_S, self.least_s.get(address, 0.0))
        return max(least_s, min(SLACK * self.observed_s.get(address, 0.0), ACK_CEILING_S))

    def slowest_s(self) -> float:
        """How long the slowest sign of the line may take."""
        return max((self.timeout_s(address) for address in self.observed_s), default=ACK_FLOOR_S)


@dataclass(frozen=True, slots=True)
class Spoken:
    """The sign, or pad, that is spoken to: its address and the language it understands."""

    address: int
    family: Family
    codec: SignCodec


class Line:
    """A line and what was learnt about it; one transaction at a time, used by one thread."""

    def __init__(
        self,
        transport: Transport,
        baud: int,
        clock: Clock,
        sleep: Callable[[float], object],
        ear: Ear | None = None,
    ) -> None:
        self._transport, self._clock, self._sleep = transport, clock, sleep
        self._ear = ear or Ear(clock, None)
        self._byte_s, self._gap_s = BITS_PER_BYTE / baud, GAP_CHARACTERS * GAP_BITS / baud
        self._silent: _Silence | None = None
        self._free_at = clock()
        self._rested_at: dict[Family, float] = {}
        self._unprepared: dict[int, int] = {}
        self.pace = Pace()
        self.echoes = False
        self.dropped = 0

    def ask(self, sign: Spoken, frame: bytes, tries: int) -> Answer:
        """Send ``frame`` until it is answered or out of tries. Raises ``DeviceError`` when the port fails.

        A family that acknowledges answers the frame itself, one with a heartbeat only is asked behind it whether it
        lives, and of a family that never speaks nothing is expected: no fault, and no proof of anything. One that can
        be read back has to acknowledge the frame and then hold what it says; else it is painted again, or ``stuck``.
        """
        return self._until_answered(lambda: self._once(sign, frame), tries)

    def alive(self, sign: Spoken, tries: int) -> Answer:
        """Ask a sign whether it lives, without touching what it shows."""
        return self._until_answered(lambda: self._heartbeat(sign), tries)

    def holds(self, sign: Spoken, frame: bytes, tries: int) -> Answer:
        """Read a sign back: untouched while it holds what ``frame`` painted, painted again when it does not."""
        answer = self._until_answered(lambda: self._read(sign, frame), tries, (None, "stuck"))
        return self.ask(sign, frame, tries) if answer.fault == "stuck" else answer

    def _until_answered(
        self, once: Callable[[], Answer], tries: int, enough: tuple[str | None, ...] = (None,)
    ) -> Answer:
        answer = Answer("no_ack", 0)
        for attempt in range(1, tries + 1):
            last = once()
            answer = replace(last, tries=attempt, junk=answer.junk + last.junk)
            if last.fault in enough:
                break
        return answer

    def tell(self, frame: bytes) -> None:
        """Say what nobody answers; whoever speaks meanwhile is heard."""
        self._stay_quiet()
        self._purge()
        self._say(frame)
        self._until_free()

    def listen(self, seconds: float) -> bool:
        """Hear who speaks unasked, until anything comes; whether anything did."""
        data = self._transport.read(max(seconds, 0))
        self.dropped += len(self._ear.take(data))
        self._answer_pads()
        return bool(data)

    def finish(self) -> None:
        """Owe nobody anything: a key that was told must not be repeated to whoever has the line next."""
        self._answer_pads()
        self._until_free()

    def _say(self, frame: bytes) -> None:
        self._transport.write(frame, WRITE_TIMEOUT_S)
        # A write returns when the system has the bytes; they are on the wire until then.
        left_at = self._clock() + len(frame) * self._byte_s
        self._free_at = left_at + self._gap_s
        self._ear.said(frame, left_at)

    def _answer_pads(self) -> None:
        """A pad repeats its key until it hears it back: at once, as soon as the line is ours."""
        while self._ear.owed:
            self._free_at = max(self._free_at, self._clock() + self._gap_s)
            self._until_free()
            self._say(self._ear.owed[0])
            del self._ear.owed[0]

    def _until_free(self) -> None:
        """Until our last word has left the wire, and who is in the middle of a frame has ended it."""
        while (left_s := self._free_at - self._clock()) > 0 or self._ear.waits():
            self.dropped += len(self._ear.take(self._transport.read(max(left_s, TURN_S))))

    def _once(self, sign: Spoken, frame: bytes) -> Answer:
        if sign.family.proof in (Proof.ACK, Proof.READBACK):
            answer = self._acknowledged(sign, frame)
            return answer if answer.fault or sign.family.proof is Proof.ACK else self._read(sign, frame)
        self._send(sign, frame)
        return Answer(None, 1) if sign.family.proof is Proof.NONE else self._heartbeat(sign)

    def _acknowledged(self, sign: Spoken, frame: bytes) -> Answer:
        """A frame and its acknowledgement, behind those that the sign must have taken before."""
        first = sign.family.prepare(sign.address) if sign.family.prepare else ()
        lacking = self._unprepared.get(sign.address, len(first))
        for one in (*first[:lacking], frame):
            answer = self._question(sign, one, sign.codec.reply, sign.family.reply_bytes)
            if answer.fault is not None:
                # Whoever refuses may have lost its memory, whoever is silent perhaps only the wish to answer.
                self._unprepared[sign.address] = len(first) if answer.fault == "nak" else max(lacking, 1)
                return answer
        self._unprepared[sign.address] = 0
        return answer

    def _read(self, sign: Spoken, painted: bytes) -> Answer:
        memory = sign.family.memory
        assert memory is not None, "a family that is read back says how"
        return self._question(
            sign,
            memory.ask(sign.address),
            lambda buffer, address: memory.shows(buffer, address, painted),
            memory.reply_bytes,
        )

    def _heartbeat(self, sign: Spoken) -> Answer:
        heartbeat = sign.family.heartbeat
        assert heartbeat is not None, "a family that is polled has a heartbeat"
        return self._question(sign, heartbeat.ask(sign.address), heartbeat.alive, sign.family.reply_bytes)

    def _send(self, sign: Spoken, frame: bytes) -> float:
        """Put a frame on a quiet line; the moment at which its last byte has left."""
        self._stay_quiet()
        # Boards of one family need their maker's pause, all others the silence that ends a frame.
        early_s = max(self._free_at, self._rested_at.get(sign.family, 0.0)) - self._clock()
        if early_s > 0:
            self._sleep(early_s)
        self._purge()
        self._transport.write(frame, WRITE_TIMEOUT_S)
        # A write returns when the system has the bytes; they are on the wire until then.
        sent_at = self._clock() + len(frame) * self._byte_s
        self._rest(sign, sent_at)
        return sent_at

    def _rest(self, sign: Spoken, since: float) -> None:
        self._free_at = since + self._gap_s
        self._rested_at[sign.family] = since + sign.family.gap_s

    def _question(self, sign: Spoken, frame: bytes, reading: "_Reading", reply_bytes: int) -> Answer:
        sent_at = self._send(sign, frame)
        self.pace.least_s[sign.address] = sign.family.ack_s
        patience_s = self.pace.timeout_s(sign.address)
        heard = _Heard(sign, frame, reading, reply_bytes, self._ear)
        answer = self._listen(heard, sent_at + patience_s)
        self.echoes = heard.echoed
        if answer is None:
            self._silent = _Silence(sign, heard, sent_at, max(2 * patience_s, self.pace.slowest_s()))
            return Answer(heard.fault(), 1, heard.broken())
        self.pace.saw(sign.address, max(self._clock() - sent_at, 0.0))
        self._rest(sign, self._clock())
        self._answer_pads()
        return Answer(None, 1) if answer is True else Answer(answer or "nak", 1, heard.broken(), heard.said)

    def _listen(self, heard: "_Heard", deadline: float) -> Told:
        while (left_s := deadline - self._clock()) > 0 and heard.total < MAX_HEARD_BYTES:
            answer = heard.take(self._transport.read(left_s))
            if answer is not None:
                return answer
        return None

    def _stay_quiet(self) -> None:
        """Before the next frame let a slow answer to the last one pass: uncredited, but it tells how slow."""
        last, self._silent = self._silent, None
        if last is None:
            return
        while (left_s := last.sent_at + last.quiet_s - self._clock()) > 0 and last.heard.total < MAX_HEARD_BYTES:
            if last.heard.take(self._transport.read(left_s)) is not None:
                self.pace.saw(last.sign.address, self._clock() - last.sent_at)
            self._answer_pads()

    def _purge(self) -> None:
        """Drop what is on the line from before."""
        until = self._clock() + PURGE_LIMIT_S
        while (stale := self._transport.drain()) and self._clock() < until:
            self.dropped += len(self._ear.take(stale))
        if self._ear.listens:
            self._until_free()
            self._answer_pads()
            self._until_free()


_Reading = Callable[[bytes, int], tuple[Told, int]]


@dataclass(frozen=True, slots=True)
class _Silence:
    """A question without an answer, whose answer may still be on its way."""

    sign: Spoken
    heard: "_Heard"
    sent_at: float
    quiet_s: float


class _Heard:
    """The bytes that followed one frame: our own echo taken off the front, the rest given to the codec."""

    def __init__(self, sign: Spoken, frame: bytes, reading: _Reading, reply_bytes: int, ear: Ear) -> None:
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
