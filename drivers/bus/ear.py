"""Hears the key frames of pads among all that a line carries, and knows our own words when an adapter repeats them."""

from collections.abc import Callable

from drivers.pad import ff68
from drivers.pad.ff68 import Frame
from drivers.ports import Clock

OWN_ECHO_S = 0.1  # an adapter hears itself within 20 ms, a bridge may add 40; a pad that repeats by then repeats again
REST_S = 0.05  # the rest of a frame that has begun comes within its 20 ms on the wire and what a bridge adds


class Ear:
    """The bytes of one line, sorted as they come; used by the line's thread.

    ``tail`` is what may still become a key frame. A sign may end its answer with the same bytes, so that whoever waits
    for an answer looks at it too, and takes it away when it was the sign's. ``owed`` are the acknowledgements that must
    be sent; who sent one takes it off.
    """

    def __init__(self, clock: Clock, heard: Callable[[Frame], bytes | None] | None) -> None:
        self._clock, self._heard = clock, heard
        self._own: list[tuple[bytes, float]] = []
        self._tail_at = 0.0
        self.tail = b""
        self.owed: list[bytes] = []

    @property
    def listens(self) -> bool:
        """Whether there is anybody who speaks unasked."""
        return self._heard is not None

    def said(self, frame: bytes, left_at: float) -> None:
        """We sent this to a pad, off the wire at that time: the same once more, soon, is our own voice."""
        self._own.append((frame, left_at + OWN_ECHO_S))

    def waits(self) -> bool:
        """Whether a pad is in the middle of a frame."""
        return bool(self.tail) and self._clock() < self._tail_at + REST_S

    def take(self, data: bytes) -> bytes:
        """Keep the key frames and give back what is left for others."""
        if self._heard is None:
            return data
        left = b""
        if self.tail and not self.waits():
            left, self.tail = self.tail, b""
        if data:
            self.tail, self._tail_at = self.tail + data, self._clock()
        while self.tail:
            found = ff68.take(self.tail)
            if found is None:
                break
            if isinstance(found, Frame):
                self.tail = self.tail[len(found.raw) :]
                self._tell(found)
            else:
                left, self.tail = left + self.tail[:found], self.tail[found:]
        return left

    def _tell(self, frame: Frame) -> None:
        now = self._clock()
        self._own = [(own, until) for own, until in self._own if now < until]
        mine = next((own for own in self._own if own[0] == frame.raw), None)
        if mine is not None:
            self._own.remove(mine)
            return
        if self._heard is None or frame.raw in self.owed:  # it repeats what we have not yet had a turn to acknowledge
            return
        answer = self._heard(frame)
        if answer is not None:
            self.owed.append(answer)
