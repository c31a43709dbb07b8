"""What a customer reads at the kiosk: guides and fees, asked for when they are opened, each within its dates; pure."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any, Literal

from display.board import Name
from hall_server.contract import GuideEntry, GuideView, Language
from kiosk.aside import Aside
from kiosk.touch import Kiosk, face

Opens = Literal["menu", "guide", "fees"]


def offered(kiosk: Kiosk) -> tuple[str, ...]:
    """What this screen can open besides tickets; nothing while nobody answers, for it might be over by now."""
    at_home = face(kiosk) in ("home", "menu") and not kiosk.cut
    return (*kiosk.board.info, "complaint") if at_home and kiosk.board is not None else ()


def opened(kiosk: Kiosk, what: Opens, language: Language, key: str, now: float) -> Kiosk:
    """A touch on the header, or on the menu that stands for it in some modes."""
    known = offered(kiosk)
    if what == "menu":
        return replace(kiosk, aside=Aside(key, language, now, "menu")) if known and face(kiosk) == "home" else kiosk
    return replace(kiosk, aside=Aside(key, language, now, "fetching", topic=what)) if what in known else kiosk


def fetched(kiosk: Kiosk, key: str, view: GuideView | None, now: float) -> Kiosk:
    """The hall has answered, or (None) nobody knows anything."""
    aside = kiosk.aside
    if aside is None or aside.key != key or aside.step != "fetching":
        return kiosk
    if view is None:
        return replace(kiosk, aside=replace(aside, step="unread", since=now))
    step: Literal["guide", "fees"] = "guide" if aside.topic == "guide" else "fees"
    return replace(kiosk, aside=replace(aside, step=step, read=view, topic="", since=now))


def chosen(kiosk: Kiosk, topic: str, now: float) -> Kiosk:
    """A guide was touched, or (empty) the way back to all of them."""
    aside = kiosk.aside
    if aside is None or aside.step not in ("guide", "topic"):
        return kiosk
    return replace(kiosk, aside=replace(aside, step="topic" if topic else "guide", topic=topic, since=now))


def shown(kiosk: Kiosk, now_ms: int) -> dict[str, Any]:
    """What the page draws of it: titles to choose from, lines of a guide, names with their fees."""
    found: dict[str, Any] = {"asides": offered(kiosk), "topics": [], "lines": []}
    aside = kiosk.aside
    if aside is None or aside.read is None:
        return found
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    if aside.step == "guide":
        found["topics"] = [{"id": one.id, "title": asdict(one.title)} for one in _current(aside.read.guide, now)]
    elif aside.step == "fees":
        found["lines"] = [_fee(one, kiosk) for one in _current(aside.read.fees, now)]
    else:
        found["lines"] = [{"text": asdict(line)} for line in _lines(_topic(kiosk, now))]
    return found


def title(kiosk: Kiosk, now_ms: int) -> Name | None:
    """Of the guide that is being read."""
    found = _topic(kiosk, datetime.fromtimestamp(now_ms / 1000, UTC))
    return found.title if found is not None else None


def _topic(kiosk: Kiosk, now: datetime) -> GuideEntry | None:
    aside = kiosk.aside
    entries = _current(aside.read.guide, now) if aside is not None and aside.read is not None else []
    return next((one for one in entries if aside is not None and one.id == aside.topic), None)


def _current(entries: tuple[GuideEntry, ...], now: datetime) -> list[GuideEntry]:
    return [one for one in entries if datetime.fromisoformat(one.begins) <= now < datetime.fromisoformat(one.ends)]


def _fee(entry: GuideEntry, kiosk: Kiosk) -> dict[str, Any]:
    rows = kiosk.board.services if kiosk.board is not None else ()
    service = next((row.name for row in rows if row.id == entry.service), Name("", ""))
    return {"text": asdict(entry.title), "fee": asdict(entry.text), "service": asdict(service)}


def _lines(entry: GuideEntry | None) -> list[Name]:
    """Step by step; a language that has fewer lines says nothing beside the last ones."""
    if entry is None:
        return []
    return [Name(*pair) for pair in zip_longest(entry.text.zh.splitlines(), entry.text.en.splitlines(), fillvalue="")]
