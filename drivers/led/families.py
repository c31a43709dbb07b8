"""Which sign families there are: the ``family`` option of a sign to its codec and the manners of its line."""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.led import a0_90
from drivers.ports import SignCodec


@dataclass(frozen=True, slots=True)
class Family:
    """A codec and what its boards need: legal addresses, the silence between frames, how long a reply is."""

    codec: Callable[[int], SignCodec]
    addresses: range
    columns: int
    reply_bytes: int
    gap_s: float


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
