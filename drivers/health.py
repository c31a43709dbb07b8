"""Health of a device: five states, the fault codes and how long evidence lasts."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What we may claim about a device; *unknown* is never shown as *ok*."""

    UNKNOWN = "unknown"
    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"
    DISABLED = "disabled"


# Every fault code that a driver may report; the wording for people is in the catalogues under "fault.CODE".
FAULTS = frozenset(
    "paper_end paper_low cover_open feeding cutter mechanical head_hot unrecoverable offline_panel "
    "no_answer unreachable refused in_use wrong_device garbled nak no_ack lossy stuck address_clash bus_down "
    "port_missing port_busy port_permission port_blocked ticket_unconfirmed text_unsupported unmonitored stale "
    "unspoken not_probed".split()
)


@dataclass(frozen=True, slots=True)
class Health:
    """One reading: the state, its fault codes (most serious first) and a short trace of the evidence."""

    state: State
    faults: tuple[str, ...] = ()
    evidence: str = ""
