"""A ticket: its states, the moves between them as one table, and the record that the hall keeps of it."""

from dataclasses import dataclass, field
from enum import StrEnum
from string import ascii_uppercase

from hall_server.core.policy.because import Because
from hall_server.core.policy.classes import Lane
from hall_server.core.refusal import Refused


class State(StrEnum):
    """Where a ticket stands; the last three are final."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    NO_SHOW = "no_show"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


FINAL = frozenset({State.DONE, State.CANCELLED, State.EXPIRED})
GONE = frozenset({State.NO_SHOW, State.CANCELLED})  # and may come back

# move -> the states it may start from. A move that is not here does not exist.
MOVES: dict[str, frozenset[State]] = {
    "call": frozenset({State.WAITING}),
    "recall": frozenset({State.CALLED}),
    "start": frozenset({State.CALLED}),
    "finish": frozenset({State.CALLED, State.SERVING}),
    "absent": frozenset({State.CALLED}),
    "cancel": frozenset({State.WAITING, State.HELD, State.CALLED}),
    "redirect": frozenset({State.CALLED}),
    "hold": frozenset({State.CALLED, State.SERVING}),
    "resume": frozenset({State.HELD}),
    "reinstate": frozenset({State.NO_SHOW, State.CANCELLED}),
    "mark": frozenset({State.WAITING}),
    "transfer": frozenset({State.CALLED, State.SERVING, State.HELD}),
    "expire": frozenset(set(State) - FINAL),
    "keep": frozenset({State.WAITING, State.HELD}),
    "enter": frozenset({State.WAITING}),
}


@dataclass(frozen=True, slots=True)
class Hold:
    """Set aside since then, at that window, for whom ``pool`` says; ``due`` is when somebody should look after it."""

    window: str
    pool: str
    reason: str
    since: float
    due: float
    not_before: float | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Care:
    """What the staff did for somebody who waits long, who (role:id) and when (Unix seconds)."""

    what: str
    by: str
    at: float


@dataclass(slots=True)
class Ticket:
    """One customer's ticket. ``arrival`` orders the queue (Unix seconds), ties by ``seq``:
    when the customer came (``came_at``), or, with an appointment, when that is (``due``).

    ``sent_from`` is the window that transferred it last, with its ``note``; ``back`` the window and service that
    want it again when the next one is done; ``reviewed`` those whose work is reviewed. ``then`` are services that
    follow this one; ``served_s`` is how long this one took before a hold; ``apart``: its wait says nothing about its
    estimate. ``moved`` is the last move's fact.
    """

    id: str
    code: str
    label: str
    service: str
    arrival: float
    seq: int
    kiosk: str | None = None
    language: str = "zh"
    state: State = State.WAITING
    window: str | None = None
    bound: str | None = None
    called_at: float | None = None
    announced_at: float | None = None
    started_at: float | None = None
    ended_at: float | None = None
    calls: int = 0
    absences: int = 0
    pass_over: int = 0
    ahead_quoted: int = 0
    wait_quoted: tuple[int, int] | None = None
    slip: str | None = None
    asked: str | None = None
    rating: int | None = None
    aloud: str = ""  # of the last call: "spoken", "not_spoken", or nobody has told yet
    incidents: set[str] = field(default_factory=set)
    sent_from: str | None = None
    note: str = ""
    back: tuple[str, str] | None = None
    reviewed: tuple[str, str] | None = None
    klass: str = ""
    need: bool = False
    why: str = ""
    overtook: int = 0
    why_said: str = ""
    because: Because | None = None
    came_at: float = 0.0
    due: float | None = None
    hold: Hold | None = None
    served_s: float = 0.0
    apart: bool = False
    urgent: str = ""  # why it goes before everybody
    then: tuple[str, ...] = ()
    moved: int = 0
    care: tuple[Care, ...] = ()
    help: str = ""  # why its customer asked for help, before they took it
    kept: str = ""  # the business day on which it was issued, when it stayed beyond that

    @property
    def key(self) -> tuple[float, int, str]:
        """Its place in the order of arrival."""
        return self.arrival, self.seq, self.id

    @property
    def since(self) -> float:
        """From when on its wait counts: whoever is early for an appointment does not wait before its time."""
        return max(self.arrival, self.came_at)

    @property
    def lane(self) -> Lane:
        """Among whom it is always called in the order of arrival."""
        return self.klass, self.need


def number_in(label: str) -> int:
    """What is behind the letters; -1: no number is."""
    digits = label.lstrip(ascii_uppercase)
    return int(digits) if digits.isascii() and digits.isdigit() else -1


def slip_of(ticket: str) -> str:
    """The id of a ticket's paper, as every journal has it."""
    return f"s-{ticket}"


def ticket_of(slip: str) -> str:
    """Whose paper it is, of a fact that names no ticket; what clerks write out has ids of its own."""
    return slip.removeprefix("s-")


def require(ticket: Ticket, move: str) -> None:
    """Let the move pass, or raise ``Refused('illegal_move')`` naming the state that forbids it."""
    if ticket.state not in MOVES[move]:
        raise Refused("illegal_move", f"{ticket.label} is {ticket.state}: it cannot {move} from there.")
