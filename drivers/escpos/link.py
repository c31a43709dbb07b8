"""A conversation with one printer: questions, answers in the order of the wire, and what it last said of itself."""

from drivers.escpos import commands
from drivers.escpos.status import Answer, Kind, group_faults, may_be_fence, realtime_faults, take_answer
from drivers.ports import Clock, DeviceError
from drivers.transport import Transport

WRITE_TIMEOUT_S = 2.0  # a unit fits every empty buffer, so a healthy printer takes it at once
LATE_S = 0.05  # answers come at once, through an adapter with its 16 ms or a bridge with its 4; then twice that


class PrinterLink:
    """Sorts one untagged stream. ``fences_due`` counts the GS r answers still owed on this connection.

    ``baud`` is the speed of a serial line somewhere on the way, None for a printer on the network. The difference
    is more than speed: a late answer dies with its connection, but on a serial line it meets the next question.
    """

    def __init__(self, transport: Transport, baud: int | None, clock: Clock) -> None:
        self.fences_due = 0
        self.fences_heard = 0
        self.last_confirmed: bytes | None = None  # the id of the newest confirmation
        self.reported: tuple[str, ...] | None = None  # faults of the last status group; None: never heard one
        self.connections = 0  # how many were made so far
        self._transport, self._baud, self._clock = transport, baud, clock
        self._buffer = b""
        self._is_open = False

    def ready(self) -> bool:
        """Hold an open link; True when it had to be made. Raises ``DeviceError`` when it cannot be."""
        if self._is_open:
            try:
                self._buffer += self._transport.drain()
            except DeviceError:
                self.close()  # the printer hung up while idle, as some do after minutes: nothing is lost
            else:
                while self.answer(self._clock()) is not None:
                    continue  # status groups update what we know; anything else answers nobody's question
                return False
        self._transport.open()
        self._is_open = True
        self.connections += 1
        return True

    def close(self) -> None:
        """End the connection; on the network, answers that come late die with it."""
        self._transport.close()
        self._is_open, self._buffer, self.fences_due = False, b"", 0
        self.reported = self.last_confirmed = None

    def wire_s(self, count: int) -> float:
        """Seconds that so many bytes need on the line."""
        return count * 10 / self._baud if self._baud else 0.0

    def send(self, data: bytes) -> None:
        """Hand over ``data``."""
        self._transport.write(data, WRITE_TIMEOUT_S + self.wire_s(len(data)))

    def answer(self, deadline: float) -> Answer | None:
        """The next answer, or None at ``deadline``. Raises ``DeviceError`` when the link is gone."""
        while True:
            answer, self._buffer = take_answer(self._buffer, self.fences_due > 0)
            if answer is not None:
                self._note(answer)
                return answer
            left_s = deadline - self._clock()
            data = self._transport.read(max(left_s, 0.0)) if left_s > 0 else b""
            if not data:
                return None
            self._buffer += data

    def swallow_strangers(self, window_s: float) -> None:
        """On a serial line, take the answers owed to whoever spoke before us; ours came among them."""
        if self._baud is not None:
            deadline = self._clock() + window_s + LATE_S
            while self.answer(deadline) is not None:
                continue

    def _note(self, answer: Answer) -> None:
        """Evidence counts whoever was listening: a fence may come back in the middle of another question."""
        if answer.kind is Kind.QUEUED:
            self.fences_due -= 1
            self.fences_heard += 1
        elif answer.kind is Kind.GROUP:
            self.reported = group_faults(answer.data)
        elif answer.kind is Kind.BLOCK and answer.data.startswith(b"\x37\x22"):
            self.last_confirmed = answer.data[2:]

    def status(self, timeout_s: float) -> tuple[tuple[str, ...], str]:
        """Ask the four real-time questions one by one: (faults, the answers in hexadecimal).

        Closes the link and raises ``no_answer`` on silence and ``wrong_device`` on anything a printer never says.
        """
        deadline = self._clock() + timeout_s
        answers = b""
        try:
            for question in commands.STATUS_QUESTIONS:
                self.send(question)
                answers += self._realtime(deadline)
            self._expect_no_more()
        except DeviceError:
            self.close()
            raise
        return realtime_faults(answers), answers.hex(" ")

    def _realtime(self, deadline: float) -> bytes:
        while True:
            answer = self.answer(deadline)
            if answer is None:
                raise DeviceError("no_answer", self._transport.describe())
            if answer.kind is Kind.REALTIME:
                return answer.data
            if answer.kind is Kind.JUNK and not (self._baud and may_be_fence(answer.data)):
                raise DeviceError("wrong_device", f"said {answer.data.hex()}")

    def _expect_no_more(self) -> None:
        """A fifth answer means that the first ones belonged to older questions: none of them counts."""
        if self._baud is None:
            return
        deadline, late = self._clock() + LATE_S, False
        while (answer := self.answer(deadline)) is not None:
            late = late or answer.kind is Kind.REALTIME
        if late:
            raise DeviceError("no_answer", "answers to older questions came late")
