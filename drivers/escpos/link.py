"""A conversation with one printer: questions, answers in the order of the wire, and what it last said of itself."""

from drivers.escpos import commands
from drivers.escpos.status import Answer, Kind, group_faults, realtime_faults, take_answer
from drivers.ports import Clock, DeviceError
from drivers.transport import Transport

WRITE_TIMEOUT_S = 2.0  # a unit fits every empty buffer, so a healthy printer takes it at once


class PrinterLink:
    """Sorts one untagged stream. ``fences_due`` counts the GS r answers still owed on this connection."""

    def __init__(self, transport: Transport, clock: Clock) -> None:
        self.fences_due = 0
        self.fences_heard = 0
        self.last_confirmed: bytes | None = None  # the id of the newest confirmation
        self.reported: tuple[str, ...] | None = None  # faults of the last status group; None: never heard one
        self._transport, self._clock = transport, clock
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
        return True

    def close(self) -> None:
        """End the connection; answers that come late die with it."""
        self._transport.close()
        self._is_open, self._buffer, self.fences_due = False, b"", 0
        self.reported = self.last_confirmed = None

    def send(self, data: bytes, wire_s: float = 0.0) -> None:
        """Hand over ``data``, which needs ``wire_s`` on a slow line."""
        self._transport.write(data, WRITE_TIMEOUT_S + wire_s)

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
            if answer.kind is Kind.JUNK:
                raise DeviceError("wrong_device", f"said {answer.data.hex()}")
