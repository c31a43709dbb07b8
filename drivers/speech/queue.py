"""The announcements that wait for a voice module: in order, each for twenty seconds, repeated calls as one. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from drivers.ports import Announcement

MAX_AGE_S = 20.0  # who was called longer ago has come, or looks at a screen: a late call sends people astray
REPEATED_WHILE = 0  # announcements behind one that is said a second time at its end ...
ENGLISH_WHILE = 2  # ... and behind one that is also said in English: with three waiting, nobody hears theirs in time


@dataclass(slots=True)
class Waiting:
    """One thing to be said, the ids of all calls that it answers, and when it is too late (monotonic seconds)."""

    announcement: Announcement
    until: float
    ids: list[str] = field(default_factory=list)


def texts(announcement: Announcement, behind: int, english: bool) -> tuple[str, ...]:
    """What is said: Chinese, English, Chinese again; the more wait, the less of it."""
    told = [announcement.zh]
    if english and announcement.en and behind <= ENGLISH_WHILE:
        told.append(announcement.en)
    return (*told, announcement.zh) if behind <= REPEATED_WHILE else tuple(told)


def joined(waiting: list[Waiting], current: Waiting | None, new: Announcement, now: float) -> None:
    """Queue an announcement. A recall of who is being called, or waits to be, is no second sentence."""
    name, until = new.announcement_id, now + MAX_AGE_S - new.age_s
    everybody: Iterable[Waiting] = [*([current] if current else []), *waiting]
    if any(name in one.ids for one in everybody):
        return
    if current is not None and (current.announcement.subject, current.announcement.zh) == (new.subject, new.zh):
        current.ids.append(name)
        return
    for one in waiting:
        if one.announcement.subject == new.subject:  # the way to another window takes the place of the old one
            one.announcement, one.until = new, until
            one.ids.append(name)
            return
    waiting.append(Waiting(new, until, [name]))


def expired(waiting: list[Waiting], now: float) -> list[Waiting]:
    """Take out what is too old to be said."""
    late = [one for one in waiting if now >= one.until]
    waiting[:] = [one for one in waiting if now < one.until]
    return late
