"""When a hall opens next, and which days are unlike others, in words for whoever stands before a screen."""

from datetime import date, datetime

from display import hours
from display.board import Board, Name, Opening, ServiceRow, Special
from display.moments import clock, day_name, local_day, moment, when
from display.phrases import Phrases

NOTICE_DAYS = 7  # who comes once a week reads it in time


def again(board: Board, phrases: Phrases, now: datetime) -> Name | None:
    """When tickets are given out again; None while they are, or when nobody knows."""
    opens = _opens(board.hours, board, now)
    return None if opens is None else phrases.both("open.again", when=opens)


def again_of(row: ServiceRow, board: Board, now: datetime) -> Name | None:
    """The same of a service with hours of its own, without words around it."""
    return _opens(row.hours, board, now) if row.hours else None


def _opens(openings: tuple[Opening, ...], board: Board, now: datetime) -> Name | None:
    here = hours.at(openings, now)
    if here.opening is None or here.open:
        return None
    return when(here.opening.opens, board.timezone, now)


def today(openings: tuple[Opening, ...], timezone: str, now: datetime) -> Name | None:
    """The openings of the day that runs or, when they are over, of the next day that has some."""
    coming = [one for one in openings if moment(one.closes) > now] or list(openings[-1:])
    if not coming:
        return None
    day = local_day(moment(coming[0].opens), timezone)
    spans = [one for one in openings if local_day(moment(one.opens), timezone) == day]
    said = " ".join("–".join(clock(moment(at), timezone) for at in (one.opens, one.closes)) for one in spans)
    if day == local_day(now, timezone):
        return Name(said, said)
    name = day_name(day)
    return Name(f"{name.zh} {said}", f"{name.en} {said}")


def notices(board: Board, phrases: Phrases, now: datetime) -> list[Name]:
    """Days off and make-up days of the next week, as long as they are not over."""
    first, last = local_day(now, board.timezone), local_day(now, board.timezone, NOTICE_DAYS)
    near = [one for one in board.special if first <= date.fromisoformat(one.last) and _first(one) <= last]
    return [_notice(one, phrases) for one in near]


def _first(one: Special) -> date:
    return date.fromisoformat(one.first)


def _notice(one: Special, phrases: Phrases) -> Name:
    begin, end = day_name(_first(one)), day_name(date.fromisoformat(one.last))
    days = begin if begin == end else Name(f"{begin.zh}–{end.zh}", f"{begin.en} – {end.en}")
    if not one.spans:
        return phrases.both("open.off", name=one.name, days=days)
    return phrases.both("open.unlike", name=one.name, days=days, spans=" ".join(one.spans))
