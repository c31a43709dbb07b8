"""What the hall tells its customers: for the board what may still be shown, for its editors everything."""

from display.board import Name
from hall_server.contract.content import ContentRow, ContentView
from hall_server.core.content import Item, span
from hall_server.core.hall import Hall
from hall_server.views import MEDIA, iso_or_none


def view(hall: Hall, now: float) -> ContentView:
    """All items; ``now`` decides which are over."""
    return ContentView(rev=hall.seq, rows=tuple(row(hall, item, now) for item in reversed(hall.content.values())))


def row(hall: Hall, item: Item, now: float) -> ContentRow:
    """One item with its dates and how long it was shown."""
    begins, ends = span(item, hall.config.timezone)
    played = hall.played.get(item.id)
    return ContentRow.model_validate(
        {
            "id": item.id, "place": item.place, "kind": item.kind, "text": Name(item.zh, item.en), "owner": item.owner,
            "by": item.by, "first": item.first, "last": item.last,
            "state": "over" if now >= ends else "coming" if now < begins else "now", "url": _url(item),
            "shown_s": played.seconds if played else 0, "shown_at": iso_or_none(played.last if played else None),
        }
    )  # fmt: skip


def _url(item: Item) -> str:
    return f"{MEDIA}{item.media}" if item.media else ""
