"""Why a ticket was called before others: what each call keeps, so that anybody may be told later."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rival:
    """The best ticket of another class, and the key that was not small enough."""

    klass: str
    label: str
    key: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A ticket that has waited longer and was not called, and by how many seconds longer."""

    label: str
    seconds: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A ticket that has waited longer and could not be called: passed_over | elsewhere | skill | other_service."""

    label: str
    why: str


@dataclass(frozen=True, slots=True)
class Because:
    """How the choice was made: ``version`` is the journal number of the policy in force.

    ``rivals``, ``overtaken`` and ``left_out`` name the first few; ``TicketCalled.overtaken`` counts all of them.
    """

    policy: str
    version: int
    key: tuple[float, ...]
    klass: str = ""
    need: bool = False
    guarantee: bool = False
    slot: int | None = None
    rivals: tuple[Rival, ...] = ()
    overtaken: tuple[Overtaken, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
