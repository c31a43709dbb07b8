"""What a journal and the answers that people got must agree on; says in sentences what does not."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from hall_server.core import facts as f
from hall_server.journal import Row


@dataclass(frozen=True, slots=True)
class Got:
    """An answer that somebody got: what was asked, the HTTP status, and the ticket it named."""

    asked: str  # "issue" or "next"
    status: int
    ticket: str = ""
    label: str = ""
    window: str = ""


@dataclass(slots=True)
class _Told:
    """The journal's story, told again without any of the product's rules."""

    by_key: dict[str, list[f.TicketIssued | f.TicketCalled]] = field(default_factory=dict)
    labels: Counter[tuple[str, str]] = field(default_factory=Counter)
    numbers: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    at_window: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def wrongs(rows: Iterable[Row], acknowledged: Mapping[str, Got]) -> list[str]:
    """Everything that is wrong, one sentence each; empty when the journal holds what it must."""
    told = _Told()
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
    elif isinstance(fact, f.TicketCalled):
        _call(told, row.seq, fact)
    elif isinstance(fact, f.TicketRequeued | f.TicketRedirected):
        _leave(told, fact.ticket)
        told.waiting.add(fact.ticket)
    elif isinstance(fact, f.TicketFinished | f.TicketNoShow | f.TicketCancelled | f.TicketExpired):
        _leave(told, fact.ticket)
        told.waiting.discard(fact.ticket)


def _leave(told: _Told, ticket: str) -> None:
    told.at_window = {window: there for window, there in told.at_window.items() if there != ticket}


def _call(told: _Told, seq: int, fact: f.TicketCalled) -> None:
    if fact.ticket not in told.waiting:
        told.wrong.append(f"Row {seq} calls {fact.ticket} to window {fact.window}, but it was not waiting.")
    if fact.window in told.at_window:
        told.wrong.append(f"Row {seq} calls a second ticket to window {fact.window}.")
    told.waiting.discard(fact.ticket)
    told.at_window[fact.window] = fact.ticket


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
