"""What a journal and the answers that people got must agree on; says in sentences what does not."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from hall_server.core import facts as f
from hall_server.core.facts import life as lf
from hall_server.core.facts.windows import TicketTransferred
from hall_server.journal import Row


@dataclass(frozen=True, slots=True)
class Got:
    """An answer that somebody got: what was asked, the HTTP status, and the ticket it named."""

    asked: str  # "issue", or "next" for whatever calls somebody
    status: int
    ticket: str = ""
    label: str = ""
    window: str = ""


@dataclass(slots=True)
class _Told:
    """The journal's story, told again without any of the product's rules."""

    services: Mapping[str, tuple[str, ...]]
    by_key: dict[str, list[f.TicketIssued | f.TicketCalled]] = field(default_factory=dict)
    labels: Counter[tuple[str, str]] = field(default_factory=Counter)
    numbers: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    came: dict[str, tuple[float, int]] = field(default_factory=dict)
    service: dict[str, str] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    apart: set[str] = field(default_factory=set)  # sent to a window, or called before and not there
    at_window: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def wrongs(
    rows: Iterable[Row], acknowledged: Mapping[str, Got], services: Mapping[str, tuple[str, ...]] | None = None
) -> list[str]:
    """Everything that is wrong, one sentence each; empty when the journal holds what it must.

    ``services`` of each window: where they are given, nobody may be called before whoever came earlier, unless the call
    says why.
    """
    told = _Told(services or {})
    for row in rows:
        _tell(told, row, row.fact())
    doubles = [f"Label {label} was given out {n} times on {day}." for (day, label), n in told.labels.items() if n > 1]
    gaps = [
        f"Series {series} of {day} has a gap or a double: {sorted(numbers)[:5]} …"
        for (day, series), numbers in told.numbers.items()
        if sorted(numbers) != list(range(1, len(numbers) + 1))
    ]
    return [*told.wrong, *doubles, *gaps, *_unkept(told.by_key, acknowledged)]


def _tell(told: _Told, row: Row, fact: f.Fact) -> None:
    if row.request_id and isinstance(fact, f.TicketIssued | f.TicketCalled):
        told.by_key.setdefault(row.request_id, []).append(fact)
    if isinstance(fact, f.TicketIssued):
        told.labels[row.day, fact.label] += 1
        told.numbers.setdefault((row.day, fact.series), []).append(fact.number)
        told.waiting.add(fact.ticket)
        told.came[fact.ticket], told.service[fact.ticket] = (row.at, row.seq), fact.service
    elif isinstance(fact, f.TicketCalled):
        _call(told, row.seq, fact)
    elif isinstance(fact, lf.TicketResumed):
        _stand(told, row.seq, fact.ticket, fact.window, told.held)
    elif isinstance(fact, f.TicketRequeued | f.TicketRedirected | TicketTransferred | lf.TicketHeld):
        _wait(told, fact)
    elif isinstance(fact, f.TicketFinished | f.TicketNoShow | f.TicketCancelled | f.TicketExpired):
        _leave(told, fact.ticket)
        told.waiting.discard(fact.ticket)


def _wait(told: _Told, fact: f.TicketRequeued | f.TicketRedirected | TicketTransferred | lf.TicketHeld) -> None:
    _leave(told, fact.ticket)
    (told.held if isinstance(fact, lf.TicketHeld) else told.waiting).add(fact.ticket)
    if isinstance(fact, TicketTransferred):
        told.service[fact.ticket] = fact.service
    if isinstance(fact, f.TicketRequeued) or getattr(fact, "to", None) is not None:
        told.apart.add(fact.ticket)


def _leave(told: _Told, ticket: str) -> None:
    told.at_window = {window: there for window, there in told.at_window.items() if there != ticket}


def _call(told: _Told, seq: int, fact: f.TicketCalled) -> None:
    came, served = told.came.get(fact.ticket), told.services.get(fact.window, ())
    if fact.why == "fifo" and came is not None:
        others = told.waiting - told.apart
        earlier = [t for t in others if told.service[t] in served and told.came[t] < came]
        told.wrong += [f"Row {seq} calls {fact.ticket}, but {t} came earlier and it does not say why" for t in earlier]
    _stand(told, seq, fact.ticket, fact.window, told.held if fact.why == "held" else told.waiting)


def _stand(told: _Told, seq: int, ticket: str, window: str, among: set[str]) -> None:
    """Be at a window from now on, having been among those."""
    if ticket not in among:
        told.wrong.append(f"Row {seq} calls {ticket} to window {window}, but it was not waiting.")
    if window in told.at_window:
        told.wrong.append(f"Row {seq} calls a second ticket to window {window}.")
    among.discard(ticket)
    told.apart.discard(ticket)
    told.at_window[window] = ticket


def _unkept(
    by_key: Mapping[str, list[f.TicketIssued | f.TicketCalled]], acknowledged: Mapping[str, Got]
) -> Iterator[str]:
    """Answers that the journal knows nothing or something else of, and keys that did something twice."""
    kind_of = {"issue": f.TicketIssued, "next": f.TicketCalled}
    for key, got in acknowledged.items():
        done = [fact for fact in by_key.get(key, []) if isinstance(fact, kind_of[got.asked])]
        if len(done) != (1 if got.ticket else 0):
            yield f"{key} was answered {got.status} {got.label}, but the journal has {len(done)} facts of it."
        elif done and (done[0].ticket, getattr(done[0], "label", got.label)) != (got.ticket, got.label):
            yield f"{key} was answered {got.label}, but the journal says {done[0]}."
        elif done and getattr(done[0], "window", got.window) != got.window:
            yield f"{key} was called at window {got.window}, but the journal says {done[0]}."
    for key in by_key.keys() - acknowledged.keys():
        yield f"{key} is in the journal, but nobody got an answer."
