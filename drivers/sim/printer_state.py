"""What a simulated printer would state about itself: conditions in, status bytes out."""

from collections.abc import Set

# Conditions with which a printer stops printing; paper_low and the drawer only change what it says.
STOPPING = frozenset(
    ("paper_end", "cover_open", "cutter", "mechanical", "unrecoverable", "head_hot")
    + ("offline_panel", "feed", "waiting")
)
CONDITIONS = STOPPING | {"paper_low", "drawer", "no_near_sensor"}
_ERRORS = frozenset(("cutter", "mechanical", "unrecoverable", "head_hot"))

_REALTIME = {
    1: {"offline": 0x08, "drawer": 0x04, "waiting": 0x20, "feed": 0x40},
    2: {"cover_open": 0x04, "feed": 0x08, "paper_end": 0x20, "error": 0x40},
    3: {"mechanical": 0x04, "cutter": 0x08, "unrecoverable": 0x20, "head_hot": 0x40},
    4: {"near": 0x0C, "paper_end": 0x60},
}
_GROUP: tuple[dict[str, int], ...] = (
    {"offline": 0x08, "drawer": 0x04, "cover_open": 0x20, "feed": 0x40},
    {"waiting": 0x01, "feed": 0x02, "mechanical": 0x04, "cutter": 0x08, "unrecoverable": 0x20, "head_hot": 0x40},
    {"near": 0x03, "paper_end": 0x0C},
    {},
)


def realtime_byte(number: int, conditions: Set[str]) -> bytes:
    """The answer to DLE EOT ``number``, 1-4; nothing for a number that the printer does not know."""
    table = _REALTIME.get(number)
    return b"" if table is None else bytes((0x12 | _bits(table, conditions),))


def status_group(conditions: Set[str]) -> bytes:
    """The four bytes of automatic status back."""
    first, *others = (_bits(table, conditions) for table in _GROUP)
    return bytes((0x10 | first, *others))


def paper_byte(conditions: Set[str]) -> bytes:
    """The answer to GS r 1."""
    return bytes((_bits(_GROUP[2], conditions),))


def _bits(table: dict[str, int], conditions: Set[str]) -> int:
    stated = set(conditions)
    if stated & STOPPING:
        stated.add("offline")
    if stated & _ERRORS:
        stated.add("error")
    if stated & {"paper_low", "paper_end"} and "no_near_sensor" not in stated:
        stated.add("near")
    return sum(mask for word, mask in table.items() if word in stated)
