"""What customers said over some business days: read from the journal, on a real thread, for a bounded time."""

from collections import Counter
from collections.abc import Sequence

from hall_server import contract as c
from hall_server.core.facts.rated import TicketRatingExplained
from hall_server.core.figures import ratings as rating_figures
from hall_server.journal import Journal
from hall_server.records.device_rows import of_days
from hall_server.views.staff import rating_row
from hall_server.web.device_history import Span


def read_ratings(journal: Journal, span: Span) -> c.RatingFigures:
    """The figures of some business days. Raises ``JournalError``."""
    rows = of_days(journal, (span.first, span.last), {}, (*rating_figures.TELLING, TicketRatingExplained.__name__))
    facts = [row.fact() for row in rows]
    by_window, why = rating_figures.said(facts), [one for one in facts if isinstance(one, TicketRatingExplained)]
    return c.RatingFigures(
        first=span.first, last=span.last, total=_row(rating_figures.together(by_window.values()), why),
        windows=tuple(
            _row(said, [one for one in why if one.window == window], window)
            for window, said in sorted(by_window.items(), key=_in_order)
        ),
    )  # fmt: skip


def _row(said: rating_figures.Said, why: Sequence[TicketRatingExplained], window: str | None = None) -> c.RatingRow:
    row, reasons = rating_row(said, window), Counter(one.reason for one in why)
    return row if row.levels is None else row.model_copy(update={"reasons": dict(reasons.most_common())})


def _in_order(one: tuple[str, object]) -> tuple[int, str]:
    """Window 10 stands after window 9."""
    return len(one[0]), one[0]
