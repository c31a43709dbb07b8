"""The Board: everything that the public may see at one moment, as one value with a revision.

A page draws only a higher ``(epoch, rev)``. Times are ISO 8601 in UTC; what depends on the clock is computed by the
page, so that the same facts always make the same Board.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Name:
    """One text in the two languages of the hall."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Call:
    """A ticket called to a window. ``seq`` is the journal number: a page shows each once; a recall is a new Call.

    Without ``aloud`` it was made in quiet hours: it is shown, and not heard.
    """

    seq: int
    label: str
    window: str
    at: str
    recall: int = 0
    aloud: bool = True


@dataclass(frozen=True, slots=True)
class Opening:
    """Tickets are given out from then until then."""

    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class Question:
    """The customer with ``label`` is asked since ``at`` how it was, at the window's own display."""

    label: str
    at: str


@dataclass(frozen=True, slots=True)
class Display:
    """What only a window's own display shows: who serves there, by number and never by name, and its question.

    That is there until the customer has answered, or too much time has passed.
    """

    window: str
    clerk: str = ""
    asks: Question | None = None


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A window: state is idle | called | serving | paused | redirected; ``to`` names other windows, nearest first.

    It takes nobody new when ``until`` is set, and closes then.
    """

    id: str
    state: str
    label: str | None = None
    since: str | None = None
    to: tuple[str, ...] = ()
    reason: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """An honest wait in seconds: the point estimate and the bound that holds nine times in ten."""

    point_s: int
    upper90_s: int


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service: how many wait, the labels next to be called, the wait if one took a ticket now (null = unknown).

    ``hours`` where they are not the hall's; a ticket taken after ``last_at`` may not be served before closing.
    Where too many wait (``crowded``) no tickets are given out; ``slots`` are the next free appointments then.
    What is not ``offered`` customers cannot choose: they are sent there. ``group`` is one of the Board's ``groups``.
    """

    id: str
    name: Name
    icon: str
    open: bool
    waiting: int
    next: tuple[str, ...] = ()
    wait: Wait | None = None
    windows: tuple[str, ...] = ()
    hours: tuple[Opening, ...] = ()
    last_at: str | None = None
    crowded: bool = False
    slots: tuple[str, ...] = ()
    offered: bool = True
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Services that share a tile where a kiosk has more than fit on a page."""

    id: str
    name: Name
    icon: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A standing fault notice. ``place`` is window | kiosk | hall; ``to`` where people should go instead."""

    id: str
    place: str
    at: str
    device: str
    kind: str
    name: Name
    fault: str
    since: str
    to: tuple[str, ...] = ()
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class Promo:
    """Something that the hall tells, from ``begins`` until ``ends``: text, image or video (at ``url``)."""

    id: str
    kind: str
    url: str
    text: Name
    begins: str
    ends: str


@dataclass(frozen=True, slots=True)
class Contacts:
    """Where else people can complain: by phone, by mail, into a box, on a page; each may be empty."""

    phone: str = ""
    mail: str = ""
    box: Name = Name("", "")
    url: str = ""


@dataclass(frozen=True, slots=True)
class Special:
    """Days unlike others, from ``first`` to ``last`` (like 2026-11-22): open within ``spans``, or (none) closed."""

    name: Name
    first: str
    last: str
    spans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """What the TV, the kiosk and the customer's page show; pushed whole on every change.

    ``appointments``: some service takes them, so a kiosk offers check-in; ``codes``: staff hand out slips with codes.
    ``several``: one ticket may be for several services.
    ``promo`` is for the picture of the TV, ``messages`` for its ticker; ``info`` names what a kiosk has to read (guide,
    fees).
    ``special`` are the days off and make-up days of the next weeks; ``ready`` are numbers whose things can be fetched,
    with the day (MM-DD) where it is not today's. ``speaker`` is the screen that says calls (none named: every one).
    """

    epoch: int
    rev: int
    at: str
    build: str
    open: bool
    hall: Name
    timezone: str
    hero: Call | None = None
    calls: tuple[Call, ...] = ()
    windows: tuple[WindowRow, ...] = ()
    services: tuple[ServiceRow, ...] = ()
    notices: tuple[Notice, ...] = ()
    promo: tuple[Promo, ...] = ()
    messages: tuple[Promo, ...] = ()
    emergency: Name | None = None
    hours: tuple[Opening, ...] = ()
    appointments: bool = False
    codes: bool = False
    several: bool = False
    special: tuple[Special, ...] = ()
    ready: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    speaker: str = ""
    info: tuple[str, ...] = ()
    contacts: Contacts | None = None
    displays: tuple[Display, ...] = ()


def to_json(value: Any) -> dict[str, Any]:
    """The Board (or a part of it) as plain JSON values."""
    return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}


def _plain(value: Any) -> Any:
    """What ``asdict`` makes too, in a third of the time: each call makes a board."""
    if value is None or isinstance(value, str | int | float):
        return value
    return tuple(_plain(one) for one in value) if isinstance(value, tuple) else to_json(value)
