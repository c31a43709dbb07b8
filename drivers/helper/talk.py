"""The conversation with a maker's program: one question at a time, each with a number, answered in time or ended."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from drivers.helper.words import MAX_LINE_BYTES, PROTOCOL, Said, line, parse
from drivers.ports import Clock, DeviceError
from drivers.transport import Transport

WRITE_S = 1.0  # a line fits into the pipe; only one that is never emptied takes longer
MAX_STRANGERS = 200  # lines that answer nothing, before one that does: more is babble


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a program may take: to say hello, to answer, and to print."""

    hello_s: float = 4.0  # a slow machine starts a large library in two
    answer_s: float = 2.0  # a maker's own time-out must be shorter, or its one dead sign is everybody's
    print_s: float = 15.0  # as for every printer


USUAL = Patience()


class Talk:
    """Questions and answers over the wire of one program; for one thread.

    Whoever does not answer, or babbles, is ended: the next question starts the program anew, so that no late answer
    meets another question.
    """

    def __init__(self, wire: Transport, kind: str, clock: Clock = time.monotonic, patience: Patience = USUAL) -> None:
        self._wire, self._kind, self._clock = wire, kind, clock
        self.patience = patience
        self._greeted = False
        self._number = 0
        self._rest = b""

    def ready(self) -> None:
        """Have the program running and greeted. Raises ``DeviceError``; nothing was asked then."""
        try:
            self._wire.open()
            if self._greeted:
                self._wire.drain()  # what was said unasked; also whether it still lives
                self._rest = b""
            else:
                self._greet()
        except DeviceError:
            self.close()
            raise

    def ask(self, do: str, within_s: float, **more: object) -> Said:
        """One question and its answer. Raises ``no_answer`` or ``garbled``."""
        self.ready()
        self._number += 1
        try:
            self._wire.write(line({"id": self._number, "do": do, **more}), WRITE_S)
            return self._awaited(within_s, "id", self._number, f"no answer to {do}")
        except DeviceError:
            self.close()
            raise

    def close(self) -> None:
        """End the program."""
        self._greeted, self._rest = False, b""
        self._wire.close()

    def _greet(self) -> None:
        said = self._awaited(self.patience.hello_s, "hello", None, "no hello")
        if (said["hello"], said.get("kind")) != (PROTOCOL, self._kind):
            raise DeviceError("wrong_device", f"it speaks protocol {said['hello']!r} for a {said.get('kind')!r}")
        self._greeted = True

    def _awaited(self, within_s: float, key: str, value: object, else_told: str) -> Said:
        strangers = 0
        for said in self._lines(self._clock() + within_s):
            if said is not None and key in said and value in (None, said[key]):
                return said
            strangers += 1
            if strangers > MAX_STRANGERS:
                break
        told = f"{else_told} within {within_s:g} s, {strangers} lines that were none"
        raise DeviceError("garbled" if strangers else "no_answer", told)

    def _lines(self, until: float) -> Iterator[Said | None]:
        """The lines that come until then; None for one that is no JSON object."""
        while True:
            while (end := self._rest.find(b"\n")) >= 0:
                one, self._rest = self._rest[:end], self._rest[end + 1 :]
                yield parse(one)
            if len(self._rest) > MAX_LINE_BYTES:
                raise DeviceError("garbled", f"a line of more than {MAX_LINE_BYTES} bytes")
            left_s = until - self._clock()
            if left_s <= 0:
                return
            self._rest += self._wire.read(left_s)
