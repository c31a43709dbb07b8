"""Folds of a hall's day: how draining, crowds, shifts and the closing check change the Hall."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hall_server.core import day_state as s
from hall_server.core.facts import day as d
from hall_server.core.folds.complaints import kept
from hall_server.core.hall import Hall


def _draining(hall: Hall, fact: d.WindowDraining, at: float, actor: str) -> None:
    window = hall.windows[fact.window]
    window.until, window.left_min, window.by_hand = fact.until, fact.minutes, fact.by_hand


def _minutes(hall: Hall, fact: d.WindowMinutesLeft, at: float, actor: str) -> None:
    for name in fact.windows:
        hall.windows[name].left_min = fact.minutes


def _reopened(hall: Hall, fact: d.WindowReopened, at: float, actor: str) -> None:
    window = hall.windows[fact.window]
    window.kept_until = window.until if fact.kept else None
    window.until, window.by_hand = None, False


def _asked(hall: Hall, fact: d.WindowPauseAsked, at: float, actor: str) -> None:
    hall.windows[fact.window].asks = s.LeaveAsked(actor, at, fact.reason, fact.cover)


def _refused(hall: Hall, fact: d.WindowPauseRefused, at: float, actor: str) -> None:
    hall.windows[fact.window].asks = None


def _idle(hall: Hall, fact: d.WindowIdle, at: float, actor: str) -> None:
    hall.windows[fact.window].idle_since = fact.since


def _idle_ended(hall: Hall, fact: d.WindowIdleEnded, at: float, actor: str) -> None:
    window = hall.windows[fact.window]
    if window.idle_since is not None:
        hall.gaps.append(s.Gap(fact.window, window.idle_since, at))
    window.idle_since = None


def _substitutes(hall: Hall, fact: d.WindowSubstitutes, at: float, actor: str) -> None:
    hall.windows[fact.window].also[fact.service] = fact.until


def _substitution_ended(hall: Hall, fact: d.WindowSubstitutionEnded, at: float, actor: str) -> None:
    hall.windows[fact.window].also.pop(fact.service, None)


def _handed_over(hall: Hall, fact: d.WindowHandedOver, at: float, actor: str) -> None:
    hall.handovers[fact.window] = s.Handover(
        fact.window, fact.by, at, fact.note, fact.to, fact.tickets, fact.faults, fact.served, fact.waiting
    )


def _signed(hall: Hall, fact: d.WindowHandoverSigned, at: float, actor: str) -> None:
    hall.handovers[fact.window] = replace(hall.handovers[fact.window], signed_by=fact.by, signed_at=at)


def _stopped(hall: Hall, fact: d.DayTicketsStopped, at: float, actor: str) -> None:
    hall.stopped.add(fact.service)


def _resumed(hall: Hall, fact: d.DayTicketsResumed, at: float, actor: str) -> None:
    hall.stopped.discard(fact.service)


def _crowded(hall: Hall, fact: d.HallCrowded, at: float, actor: str) -> None:
    hall.crowds[fact.service] = s.Crowded(at, fact.waiting, fact.wait_s, fact.stop)


def _eased(hall: Hall, fact: d.HallEased, at: float, actor: str) -> None:
    hall.crowds.pop(fact.service, None)


def _signed_off(hall: Hall, fact: d.DaySignedOff, at: float, actor: str) -> None:
    hall.signed_off = s.SignedOff(fact.day, actor, at, fact.answering, fact.note)


def closed(hall: Hall, at: float) -> None:
    """With the day ends what only an open hall has: nobody idles, drains or asks to leave any more."""
    for name, window in hall.windows.items():
        if window.idle_since is not None:
            hall.gaps.append(s.Gap(name, window.idle_since, at))
        window.idle_since, window.until, window.asks, window.also, window.unattended = None, None, None, {}, None
    hall.stopped, hall.crowds = set(), {}


def carried(hall: Hall) -> s.DayCarried:
    """What the next day has to know: hand-overs that nobody has read, and who signed the evening off."""
    unread = (one for one in hall.handovers.values() if one.signed_at is None)
    seats = (one for one in hall.seats.values() if one.window in hall.window_by_id)
    told = tuple(hall.content.values()), tuple(hall.played.values())
    return s.DayCarried(tuple(unread), hall.signed_off, tuple(seats), hall.emergency, *told, kept(hall))


def remember(hall: Hall, known: s.DayCarried) -> None:
    """Take over what was carried."""
    hall.handovers = {one.window: one for one in known.handovers}
    hall.signed_off = known.signed_off
    hall.seats = {seat.window: seat for seat in known.seats}
    hall.emergency = known.emergency
    hall.content = {item.id: item for item in known.content}
    hall.played = {one.content: one for one in known.played}
    hall.complaints = {one.id: one for one in known.complaints}


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    d.WindowDraining: _draining,
    d.WindowMinutesLeft: _minutes,
    d.WindowReopened: _reopened,
    d.WindowPauseAsked: _asked,
    d.WindowPauseRefused: _refused,
    d.WindowIdle: _idle,
    d.WindowIdleEnded: _idle_ended,
    d.WindowSubstitutes: _substitutes,
    d.WindowSubstitutionEnded: _substitution_ended,
    d.WindowHandedOver: _handed_over,
    d.WindowHandoverSigned: _signed,
    d.DayTicketsStopped: _stopped,
    d.DayTicketsResumed: _resumed,
    d.HallCrowded: _crowded,
    d.HallEased: _eased,
    d.DaySignedOff: _signed_off,
}
