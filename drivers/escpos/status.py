"""What a printer's answers mean: a pure codec from its byte stream to answers, and from answers to faults."""

from dataclasses import dataclass
from enum import StrEnum

MAX_BLOCK_BYTES = 90  # the longest block a printer may send; more without an end is another device talking
_FLOW = bytes((0x11, 0x13))  # XON and XOFF may stand anywhere, even inside a status group
_BLOCK_STARTS = frozenset((0x35, 0x37, 0x3B, 0x3D, 0x5F))


class Kind(StrEnum):
    """The classes of answers that share one untagged stream."""

    REALTIME = "realtime"  # one byte: the answer to DLE EOT
    GROUP = "group"  # four bytes: automatic status back
    BLOCK = "block"  # from its first byte up to a zero
    QUEUED = "queued"  # one byte: the answer to GS r
    JUNK = "junk"  # what no printer says


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer and its bytes; a block without its closing zero."""

    kind: Kind
    data: bytes


def take_answer(buffer: bytes, fence_due: bool) -> tuple[Answer | None, bytes]:
    """Split the first answer off ``buffer``: (answer or None when more bytes are needed, the rest).

    ``0xx1xx10`` is a real-time answer; ``0xx1xx00`` opens a status group, whose other three bytes have bits 7
    and 4 clear, as has the answer to GS r (believed only when one is due).
    """
    buffer = buffer.translate(None, _FLOW)
    if not buffer:
        return None, b""
    first = buffer[0]
    if first & 0x93 == 0x12:
        return Answer(Kind.REALTIME, buffer[:1]), buffer[1:]
    if first & 0x93 == 0x10:
        if any(byte & 0x90 for byte in buffer[1:4]):
            return Answer(Kind.JUNK, buffer[:1]), buffer[1:]
        return (Answer(Kind.GROUP, buffer[:4]), buffer[4:]) if len(buffer) >= 4 else (None, buffer)
    if first in _BLOCK_STARTS:
        return _take_block(buffer)
    kind = Kind.QUEUED if fence_due and may_be_fence(buffer[:1]) else Kind.JUNK
    return Answer(kind, buffer[:1]), buffer[1:]


def may_be_fence(answer: bytes) -> bool:
    """Whether this byte can be the answer to GS r."""
    return answer[0] & 0x90 == 0


def _take_block(buffer: bytes) -> tuple[Answer | None, bytes]:
    end = buffer.find(0, 1, MAX_BLOCK_BYTES + 1)
    if end > 0:
        return Answer(Kind.BLOCK, buffer[:end]), buffer[end + 1 :]
    if len(buffer) > MAX_BLOCK_BYTES:
        return Answer(Kind.JUNK, buffer[:1]), buffer[1:]
    return None, buffer


# Most serious first: what needs a technician, then what needs a hand, then what passes, then a warning.
SEVERITY = (
    "unrecoverable",
    "cutter",
    "mechanical",
    "cover_open",
    "paper_end",
    "head_hot",
    "feeding",
    "offline_panel",
    "paper_low",
)
NEEDS_A_PERSON_AT_THE_BLADE = frozenset(("unrecoverable", "cutter", "mechanical"))

_Bits = tuple[tuple[int, str], ...]  # (mask, what any bit of it says); "offline" and "error" want a cause
_REALTIME_BITS: tuple[_Bits, ...] = (
    ((0x08, "offline"), (0x20, "offline"), (0x40, "feeding")),
    ((0x04, "cover_open"), (0x08, "feeding"), (0x20, "paper_end"), (0x40, "error")),
    ((0x04, "mechanical"), (0x08, "cutter"), (0x20, "unrecoverable"), (0x40, "head_hot")),
    ((0x0C, "paper_low"), (0x60, "paper_end")),
)
_GROUP_BITS: tuple[_Bits, ...] = (
    ((0x08, "offline"), (0x20, "cover_open"), (0x40, "feeding")),
    ((0x01, "offline"), (0x02, "feeding"), (0x04, "mechanical"), (0x08, "cutter"))
    + ((0x20, "unrecoverable"), (0x40, "head_hot")),
    ((0x03, "paper_low"), (0x0C, "paper_end")),
    (),  # reserved; some models send 0F
)
_PAPER_BITS: tuple[_Bits, ...] = (((0x03, "paper_low"), (0x0C, "paper_end")),)


def realtime_faults(answers: bytes) -> tuple[str, ...]:
    """Faults stated by the answers to DLE EOT 1, 2, 3, 4, in this order."""
    return _faults(answers, _REALTIME_BITS)


def group_faults(group: bytes) -> tuple[str, ...]:
    """Faults stated by one automatic status group of four bytes."""
    return _faults(group, _GROUP_BITS)


def paper_faults(answer: bytes) -> tuple[str, ...]:
    """Faults stated by the answer to GS r 1."""
    return _faults(answer, _PAPER_BITS)


def blocking(faults: tuple[str, ...]) -> tuple[str, ...]:
    """Those faults with which nothing can be printed."""
    return tuple(fault for fault in faults if fault != "paper_low")


def worst_first(faults: tuple[str, ...]) -> tuple[str, ...]:
    """Each fault once: those that a printer states by severity, then the others as they came."""
    if set(blocking(faults)) - {"offline_panel"}:
        # "Offline, no cause" beside a cause is a status that was asked while the cause came or went.
        faults = tuple(fault for fault in faults if fault != "offline_panel")
    stated = [fault for fault in SEVERITY if fault in faults]
    return tuple(dict.fromkeys((*stated, *faults)))


def _faults(data: bytes, tables: tuple[_Bits, ...]) -> tuple[str, ...]:
    said = {word for byte, bits in zip(data, tables, strict=True) for mask, word in bits if byte & mask}
    causes = said - {"offline", "error", "paper_low"}
    causes.discard("error")
    if "error" in said and not causes:
        causes.add("mechanical")
    if "offline" in said and not causes:
        causes.add("offline_panel")
    if "cover_open" in causes:
        causes.discard("head_hot")  # one bit stands for both: the open cover explains it
    if "paper_low" in said and "paper_end" not in causes:
        causes.add("paper_low")
    return tuple(fault for fault in SEVERITY if fault in causes)
