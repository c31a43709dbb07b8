"""Days that are over, as one unbroken piece of the journal that can be proved without the rest of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from hall_server.journal import GENESIS, Head, Journal, Row, walk
from hall_server.records.days import openings

CLOSED = "DayClosed"


class NoSpan(Exception):
    """There are no such days, or one of them is not over."""


@dataclass(frozen=True, slots=True)
class Span:
    """From the row that opened the first day to the last row before the next one; ``before`` is the hash before it."""

    hall: str
    days: tuple[str, ...]
    first: int
    last: int
    before: str


def span_of(of: Journal, first: str, last: str) -> Span:
    """The days from one date to another (YYYY-MM-DD). Raises ``NoSpan`` and ``JournalError``."""
    known = openings(of)
    wanted = [n for n, (_, day) in enumerate(known) if first <= day.partition("/")[0] <= last]
    if not wanted:
        raise NoSpan(f"The journal has no business day from {first} to {last}.")
    begin, following = known[wanted[0]][0], known[wanted[-1] + 1 :]
    end = following[0][0] - 1 if following else of.head().seq
    name = known[wanted[-1]][1]
    if not any(row.kind == CLOSED for row in _between(of, known[wanted[-1]][0], end)):
        raise NoSpan(f"Business day {name} is not closed.")
    before = next((row.hash for row in of.rows(begin - 2, 1)), GENESIS) if begin > 1 else GENESIS
    return Span(of.hall, tuple(known[n][1] for n in wanted), begin, end, before)


def rows_of(of: Journal, span: Span) -> Iterator[Row]:
    """Its rows. Raises ``JournalError``."""
    return _between(of, span.first, span.last)


def _between(of: Journal, first: int, last: int) -> Iterator[Row]:
    return takewhile(lambda row: row.seq <= last, of.rows(first - 1))


def proved(span: Span, head: str, rows: Iterable[Row]) -> str | None:
    """What is wrong with its rows, of which the last should have the hash ``head``: changed, missing, too many."""
    seq, wrong = walk(span.hall, rows, Head(0, span.last, head), Head(0, span.first - 1, span.before))
    return f"Rows were added after row {span.last}." if wrong is None and seq > span.last else wrong
