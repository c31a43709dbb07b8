"""One question and its answer on a half-duplex line: echo, noise, late and foreign replies told apart.

A reply is credited only to the frame that is on the line now. What was there before is dropped, and after silence
the line stays quiet until the slowest sign could have answered, so that no reply meets the next question.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from drivers.bus.ear import Ear
from drivers.bus.hearing import Answer, Heard, Reading, Silence, Spoken
from drivers.led.families import Family, Proof, Told
from drivers.ports import Clock
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
SLOW_TRIES = (
    2  # so often a board that has become slow is waited for; one that names itself costs its neighbours no more
)
REPEATED_S = 0.26  # pads repeat a key five times a second, not all at the same pace
MAX_HEARD_BYTES = 4096  # more than this within one answer time is babble


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
        self._silent: Silence | None = None
        self._free_at = clock()
        self._rested_at: dict[Family, float] = {}
        self._unprepared: dict[int, int] = {}
        self._misses: dict[Spoken, int] = {}
        self._strangers: dict[Spoken, int] = {}
        self._hush_until = 0.0
        self.pace = Pace()
        self.echoes = False
        self.dropped = 0

    def ask(self, sign: Spoken, frame: bytes, tries: int) -> Answer:
        """Send ``frame`` until it is answered or out of tries. Raises ``DeviceError`` when the port fails.

        A family that acknowledges answers the frame itself, one with a heartbeat only is asked behind it whether it
        lives, and of a family that never speaks nothing is expected: no fault, and no proof of anything. One that can
        be read back has to acknowledge the frame and then hold what it says; else it is painted again, or ``stuck``.
        """
        return self._until_answered(sign, lambda: self._once(sign, frame), tries)

    def alive(self, sign: Spoken, tries: int) -> Answer:
        """Ask a sign whether it lives, without touching what it shows."""
        return self._until_answered(sign, lambda: self._heartbeat(sign), tries)

    def holds(self, sign: Spoken, frame: bytes, tries: int) -> Answer:
        """Read a sign back: untouched while it holds what ``frame`` painted, painted again when it does not."""
        answer = self._until_answered(sign, lambda: self._read(sign, frame), tries, (None, "stuck"))
        return self.ask(sign, frame, tries) if answer.fault == "stuck" else answer

    def _until_answered(
        self, sign: Spoken, once: Callable[[], Answer], tries: int, enough: tuple[str | None, ...] = (None,)
    ) -> Answer:
        answer = Answer("no_ack", 0)
        for attempt in range(1, tries + 1):
            last = once()
            answer = replace(last, tries=attempt, junk=answer.junk + last.junk)
            if last.fault in enough:
                self._strangers.pop(sign, None)
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

    def _answer_pads(self) -> bool:
        """A pad repeats its key until it hears it back: at once, as soon as the line is ours; whether one did."""
        owed = bool(self._ear.owed)
        while self._ear.owed:
            self._free_at = max(self._free_at, self._clock() + self._gap_s)
            self._until_free()
            self._say(self._ear.owed[0])
            del self._ear.owed[0]
        return owed

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
        self._stay_quiet(frame)
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

    def _question(self, sign: Spoken, frame: bytes, reading: Reading, reply_bytes: int) -> Answer:
        sent_at = self._send(sign, frame)
        self.pace.least_s[sign.address] = sign.family.ack_s
        patience_s = self.pace.timeout_s(sign.address)
        heard = Heard(sign, frame, reading, reply_bytes, self._ear)
        answer = self._listen(sign, heard, sent_at, sent_at + patience_s)
        self.echoes = heard.echoed
        if answer is None:
            self._silent = Silence(sign, frame, heard, sent_at, sent_at + self._quiet_s(sign, patience_s))
            if self._met(heard):
                self._hush_until = sent_at + REPEATED_S
            return Answer(self._fault(sign, heard), 1, heard.broken())
        self._misses.pop(sign, None)
        self.pace.saw(sign.address, max(self._clock() - sent_at, 0.0))
        self._rest(sign, self._clock())
        self._answer_pads()
        return Answer(None, 1) if answer is True else Answer(answer or "nak", 1, heard.broken(), heard.said)

    def _met(self, heard: Heard) -> bool:
        """Whether a key may have met our question: then neither was understood, and the pad repeats itself."""
        return self._ear.listens and heard.broken() > 0

    def _quiet_s(self, sign: Spoken, patience_s: float) -> float:
        """How long after a question without an answer nothing may be said, counted from its end."""
        misses = self._misses[sign] = self._misses.get(sign, 0) + 1
        if misses > SLOW_TRIES and sign.family.addressed:
            return patience_s
        return max(2 * patience_s, self.pace.slowest_s())

    def _fault(self, sign: Spoken, heard: Heard) -> str:
        """Another board's answer may be late for another question; who answers twice in this one's place is there."""
        fault = heard.fault()
        strangers = self._strangers[sign] = self._strangers.get(sign, 0) + 1 if fault == "wrong_device" else 0
        return "no_ack" if strangers == 1 else fault

    def _listen(self, sign: Spoken, heard: Heard, sent_at: float, deadline: float) -> Told:
        usual = sent_at + SLACK * self.pace.observed_s.get(sign.address, deadline)
        while (left_s := deadline - self._clock()) > 0 and heard.total < MAX_HEARD_BYTES:
            if (self._ear.owed or self._met(heard)) and not self._ear.waits():
                left_s = usual - self._clock()  # it will hardly answer now, and the pad repeats itself soon
            answer = heard.take(self._transport.read(left_s)) if left_s > 0 else None
            if answer is not None or left_s <= 0:
                return answer
        return None

    def _stay_quiet(self, frame: bytes = b"") -> None:
        """Before the next frame let a slow answer to the last one pass: uncredited, but it tells how slow."""
        last, self._silent = self._silent, None
        self._answer_pads()
        if last is not None and self._met(last.heard) and last.frame == frame:
            return  # asked again at once, it is through before the pad's repetition
        while (left_s := max(last.until if last else 0.0, self._hush_until) - self._clock()) > 0:
            data = self._transport.read(left_s)
            if last is not None and last.heard.take(data) is not None:
                self.pace.saw(last.sign.address, self._clock() - last.sent_at)
            elif last is None:
                self.dropped += len(self._ear.take(data))
            if self._answer_pads() or (last is not None and last.heard.total >= MAX_HEARD_BYTES):
                self._hush_until = 0.0
                return

    def _purge(self) -> None:
        """Drop what is on the line from before."""
        until = self._clock() + PURGE_LIMIT_S
        while (stale := self._transport.drain()) and self._clock() < until:
            self.dropped += len(self._ear.take(stale))
        if self._ear.listens:
            self._until_free()
            self._answer_pads()
            self._until_free()
