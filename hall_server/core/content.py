"""What a hall tells its customers of its own accord: slides, films, lines, guides, fees, with dates and owner."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

READ = ("guide", "fees")  # what customers look up at a kiosk
MOST = 100  # items: a playlist of a day, many times over, and still a short list to look through


@dataclass(frozen=True, slots=True)
class Item:
    """Shown at ``place`` from ``first`` to ``last``, days of the hall.

    promo is the TV's picture, ticker its last line; guide and fees are read at kiosks: what to do, or what it costs, is
    ``more``, for a ``service`` or (none) for all, and ``on_tv`` tells the TV's last line of it.
    ``kind`` is text | image | video, ``media`` the file's name by its content; ``by`` (role:id) put it there, ``owner``
    answers for it. ``notice`` is the template that it was made of.
    """

    id: str
    place: str
    zh: str
    en: str
    owner: str
    first: str
    last: str
    kind: str = "text"
    media: str = ""
    by: str = ""
    more_zh: str = ""
    more_en: str = ""
    service: str = ""
    on_tv: bool = False
    notice: str = ""

    def at(self, place: str) -> bool:
        """Whether it stands at that place."""
        return self.place == place or (place == "ticker" and self.on_tv)


@dataclass(frozen=True, slots=True)
class Played:
    """How long TVs have said that they show an item, in seconds, and when last (Unix seconds)."""

    content: str
    seconds: int
    last: float


@lru_cache(maxsize=2 * MOST)  # each board asks for all of them
def span(item: Item, timezone: str) -> tuple[float, float]:
    """From when until when it may be shown, in Unix seconds."""
    zone = ZoneInfo(timezone)
    days = (date.fromisoformat(item.first), date.fromisoformat(item.last) + timedelta(days=1))
    begins, ends = (datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() for day in days)
    return begins, ends
