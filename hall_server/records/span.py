"""Days that are over, as one unbroken piece of the journal that can be proved without the rest of it."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import takewhile

from hall_server.journal import GENESIS, Journal, Row, chain
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


def proved(span: Span, rows: Iterable[Row]) -> tuple[str, str | None]:
    """The hash of the last row, and what is wrong with them: a row changed, missing or too many."""
    previous, seq = span.before, span.first - 1
    for row in rows:
        seq += 1
        if row.seq != seq:
            return previous, f"Row {seq} is missing: the next row has number {row.seq}."
        said = asdict(row)
        del said["seq"], said["hash"]
        if chain(previous, span.hall, seq, *said.values()) != row.hash:
            return previous, f"Row {seq} ({row.kind}) was changed after it was written."
        previous = row.hash
    return previous, None if seq == span.last else f"It ends at row {seq} instead of {span.last}."
