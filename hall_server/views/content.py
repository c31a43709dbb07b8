"""What the hall tells its customers: for the board what may still be shown, for its editors everything."""

from display.board import Name
from hall_server.contract.content import ContentRow, ContentView, GuideEntry, GuideView
from hall_server.core.content import Item, span
from hall_server.core.hall import Hall
from hall_server.views import MEDIA, iso, iso_or_none


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
            "more": Name(item.more_zh, item.more_en), "service": item.service, "on_tv": item.on_tv,
            "shown_s": played.seconds if played else 0, "shown_at": iso_or_none(played.last if played else None),
        }
    )  # fmt: skip


def guide(hall: Hall, now: float) -> GuideView:
    """What customers can look up now or later; a kiosk that has lost the hall goes on by its own clock."""
    return GuideView(rev=hall.seq, guide=_entries(hall, "guide", now), fees=_entries(hall, "fees", now))


def _entries(hall: Hall, place: str, now: float) -> tuple[GuideEntry, ...]:
    order = {service.id: n for n, service in enumerate(hall.config.services)}
    spans = ((one, *span(one, hall.config.timezone)) for one in hall.content.values() if one.place == place)
    current = sorted((row for row in spans if row[2] > now), key=lambda row: order.get(row[0].service, -1))
    return tuple(
        GuideEntry(
            id=one.id, service=one.service, title=Name(one.zh, one.en), text=Name(one.more_zh, one.more_en),
            begins=iso(begins), ends=iso(ends),
        )
        for one, begins, ends in current
    )  # fmt: skip


def _url(item: Item) -> str:
    return f"{MEDIA}{item.media}" if item.media else ""
