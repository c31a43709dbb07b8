"""Which sign families there are: the ``family`` option of a sign to its codec and the manners of its line."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from drivers.led import a0_90
from drivers.ports import SignCodec

Reading = Callable[[bytes, int], tuple[bool | None, int]]


class Proof(StrEnum):
    """What a family proves: that it took a text, only that it is alive, that it shows the text, or nothing."""

    ACK = "ack"
    POLL = "poll"
    READBACK = "readback"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A question by address that changes nothing on the sign, and how its answer is read (as ``SignCodec.reply``)."""

    ask: Callable[[int], bytes]
    alive: Reading


@dataclass(frozen=True, slots=True)
class Family:
    """A codec and what its boards need: legal addresses, the silence between frames, how long a reply is.

    ``codec`` is given the columns of a sign. ``ack_s`` is the least patience with an answer, ``bauds`` and ``format``
    are what the boards speak (no bauds: whatever the URL says), ``charset`` is what a sign can show.
    """

    codec: Callable[[int], SignCodec]
    addresses: range
    columns: int
    reply_bytes: int
    gap_s: float
    proof: Proof = Proof.ACK
    heartbeat: Heartbeat | None = None
    ack_s: float = 0.0
    bauds: tuple[int, ...] = ()
    format: str = "8N1"
    charset: str = "gbk"


DEFAULT_FAMILY = "a0_90"
FAMILIES = {
    "a0_90": Family(
        codec=a0_90.A090,
        addresses=a0_90.ADDRESSES,
        columns=a0_90.DEFAULT_COLUMNS,
        reply_bytes=a0_90.REPLY_BYTES,
        gap_s=0.005,  # 3.5 characters at 9600 Bd are 4 ms; boards tell frames apart by such a pause
    ),
}
