"""What customers said over some business days: read from the journal, on a real thread, for a bounded time."""

from hall_server import contract as c
from hall_server.core.figures import ratings as rating_figures
from hall_server.journal import Journal
from hall_server.records.device_rows import of_days
from hall_server.views.staff import rating_row
from hall_server.web.device_history import Span


def read_ratings(journal: Journal, span: Span) -> c.RatingFigures:
    """The figures of some business days. Raises ``JournalError``."""
    rows = of_days(journal, (span.first, span.last), {}, rating_figures.TELLING)
    by_window = rating_figures.said(row.fact() for row in rows)
    return c.RatingFigures(
        first=span.first, last=span.last, total=rating_row(rating_figures.together(by_window.values())),
        windows=tuple(rating_row(said, window) for window, said in sorted(by_window.items(), key=_in_order)),
    )  # fmt: skip


def _in_order(one: tuple[str, object]) -> tuple[int, str]:
    """Window 10 stands after window 9."""
    return len(one[0]), one[0]
