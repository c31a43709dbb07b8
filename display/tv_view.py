"""The words of the hall TV for one Board at one moment; board.js draws the same from the same phrases."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from display import hours, openings
from display.board import Board, Call, Name, Notice, Opening, ServiceRow, WindowRow
from display.moments import clock, moment, when_short
from display.phrases import Phrases
from display.waits import minutes

LIVE_S = 20  # a called row stands out for as long as a call may still be spoken
SERVICES_FEW = 5
AWAY = frozenset({"redirected", "paused"})
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
ROWS_MIN = 3  # six windows and fewer get the largest rows; less than that would only be taller
USUAL_LABEL = 4  # a letter and three digits; longer ones are drawn smaller beside the window's number
USUAL_NAME = 7  # Chinese characters of a service, thrice as many letters; longer ones are drawn smaller
NOTICE_LONG = 95  # columns (a hanzi is two) from which zh and en go on two lines of the ticker
LARGEST_FIT, SMALLEST_FIT = 5, 9  # characters of label and window together; tv.css has a size for each


@dataclass(frozen=True, slots=True)
class WindowView:
    """One window row; ``look`` picks its style, ``word`` says the state in words."""

    id: str
    look: str
    label: str
    word: Name
    icon: str

    @property
    def long(self) -> bool:
        return len(self.label) > USUAL_LABEL


@dataclass(frozen=True, slots=True)
class ServiceView:
    """One row of the waiting list."""

    name: Name
    waiting: str
    wait: Name

    @property
    def long(self) -> bool:
        return len(self.name.zh) > USUAL_NAME or len(self.name.en) > 3 * USUAL_NAME


@dataclass(frozen=True, slots=True)
class NextView:
    """A label that will be called soon; ``first`` begins the group of its service."""

    label: str
    first: bool


@dataclass(frozen=True, slots=True)
class TickerView:
    """One message of the ticker."""

    text: Name
    icon: str
    long: bool


def cover(board: Board) -> str:
    """What lies over the whole board: emergency, closed, or nothing while anybody is still served."""
    if board.emergency:
        return "emergency"
    busy = board.hero or any(row.state in {"called", "serving"} for row in board.windows)
    return "" if board.open or busy else "closed"


def fit(call: Call) -> int:
    """The size of the hero: so many characters have to stand in one line."""
    return min(max(len(call.label) + len(number(call.window)), LARGEST_FIT), SMALLEST_FIT)


def window_view(row: WindowRow, board: Board, phrases: Phrases, now: datetime, *, far: bool = False) -> WindowView:
    """A called row is *live* (amber) for its first seconds; a redirected or paused one names the way.

    The words of a ``far`` screen are the shortest that still say it.
    """
    words = "tv.far" if far else "tv"
    closed = row.state == "idle" and row.until is not None and moment(row.until) <= now
    if row.state not in AWAY and not closed:
        live = row.state == "called" and (now - _called_at(row, board)).total_seconds() < LIVE_S
        word = phrases.both(f"tv.state.{row.state}")
        if row.state == "idle" and row.until is not None:
            word = phrases.both(f"{words}.until", time=clock(moment(row.until), board.timezone))
        return WindowView(row.id, "live" if live else row.state, row.label or "", word, "bell" if live else "")
    named = row.reason is not None and f"fault.{row.reason}" in phrases.texts["zh"]
    noticed = any(one.place == "window" and one.at == row.id for one in board.notices)
    broken = row.state == "redirected" and (named or noticed)
    key = f"{words}.repair" if broken else f"{words}.paused"
    to = Name(number(row.to[0]), number(row.to[0])) if far and row.to else _either(row.to, phrases)
    word = phrases.both(f"{key}_to", to=to) if row.to else phrases.both(key)
    return WindowView(row.id, "redirected", "", word, "wrench" if broken else "pause")


def service_view(row: ServiceRow, board: Board, phrases: Phrases, now: datetime, *, far: bool = False) -> ServiceView:
    """A service outside of its hours says when it opens."""
    here = hours.at(row.hours or board.hours, now)
    words = "tv.far" if far else "tv"
    wait = _wait(row, phrases, words) if here.open else _opens(here.opening, board, phrases, now, words)
    return ServiceView(row.name, str(row.waiting), wait)


def _opens(opening: Opening | None, board: Board, phrases: Phrases, now: datetime, words: str) -> Name:
    if opening is None:
        return phrases.both("tv.service_closed")
    when, today = when_short(opening.opens, board.timezone, now)
    return phrases.both(f"{words}.opens" if today else f"{words}.opens_on", when=when)


def next_labels(board: Board) -> list[NextView]:
    """Of each service the next two; the next one only where there are many services."""
    each = 2 if len(board.services) <= SERVICES_FEW else 1
    return [NextView(label, n == 0) for row in board.services for n, label in enumerate(row.next[:each])]


def ticker(board: Board, phrases: Phrases, now: datetime) -> list[TickerView]:
    """Notices first, then what the hall has put up, then what is always worth knowing."""
    standing = [phrases.both("tv.ticker.1"), phrases.both("tv.ticker.2")]
    notices = [notice_text(one, board, phrases, now) for one in board.notices]
    if board.ready:
        standing.append(phrases.both("tv.ticker.ready", labels=" ".join(board.ready)))
    if said := openings.today(board.hours, board.timezone, now):
        standing.append(phrases.both("tv.ticker.hours", hours=said))
    if board.contacts is not None and board.contacts.phone:
        standing.append(phrases.both("tv.ticker.complaint", phone=board.contacts.phone))
    special = [_message(text, "calendar-check") for text in openings.notices(board, phrases, now)]
    alarms = [_message(text, "triangle-alert") for text in notices]
    own = [one.text for one in board.messages if moment(one.begins) <= now < moment(one.ends)]
    return [*alarms, *special, *(_message(text, "bell") for text in (*own, *standing))]


def notice_text(notice: Notice, board: Board, phrases: Phrases, now: datetime) -> Name:
    """A fault in customers' words: where, what, where to go instead; a promise that has passed is not repeated."""
    key = f"tv.notice.{notice.place}"
    if notice.to and notice.place != "hall":
        key += "_to"
    fault = f"fault.{notice.fault}.public"
    known = fault if fault in phrases.texts["zh"] else "fault.declared.public"
    text = phrases.both(
        key, at=number(notice.at), to=_either(notice.to, phrases), name=notice.name, fault=phrases.both(known)
    )
    if notice.expected is None:
        return text
    promised = moment(notice.expected)
    key = "tv.notice.expected" if promised > now else "tv.notice.late"
    until = phrases.both(key, time=clock(promised, board.timezone))
    return Name(text.zh + until.zh, text.en + until.en)


def number(place: str) -> str:
    """The number of a window or kiosk as people say it: of "kiosk-2" the 2."""
    found = re.search(r"\d+$", place)
    return found.group() if found else place


def _called_at(row: WindowRow, board: Board) -> datetime:
    """A recall is a new call of a row that has been called for a while."""
    calls = [one.at for one in board.calls if one.window == row.id and one.label == row.label]
    return max((moment(at) for at in (*calls, row.since) if at), default=LONG_AGO)


def _wait(row: ServiceRow, phrases: Phrases, words: str) -> Name:
    if not row.open:
        return phrases.both("tv.service_closed")
    if row.wait is None:
        return phrases.both("tv.wait_unknown")
    low, high = minutes(row.wait)
    if high == 0:
        return phrases.both("tv.no_wait")
    return phrases.both(f"{words}.wait_one" if low == high else f"{words}.wait_range", low=low, high=high)


def _either(places: tuple[str, ...], phrases: Phrases) -> Name:
    """The two nearest places: more would be a list, not a direction."""
    numbers = [number(place) for place in places[:2]]
    word = phrases.both("tv.or")
    return Name(word.zh.join(numbers), word.en.join(numbers))


def _message(text: Name, icon: str) -> TickerView:
    return TickerView(text, icon, 2 * len(text.zh) + len(text.en) > NOTICE_LONG)
