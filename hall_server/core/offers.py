"""Which slots a hall offers: those of its settings, as far as the calendar has the service open then. Looks only."""

from collections.abc import Iterator
from datetime import date, time

from hall_server.core import hours
from hall_server.core.appointments import Slots, local, moment
from hall_server.core.config import HallConfig


def slots_at(config: HallConfig, service: str, at: float) -> Slots | None:
    """The slots of a service of which one begins then, whether or not it is offered."""
    then = local(at, config.timezone)
    weekday = _weekday(config, then.date())
    return next((one for one in config.appointments if one.service == service and one.has(then, weekday)), None)


def offered(config: HallConfig, service: str, at: float) -> Slots | None:
    """The same, if the service is open for the whole slot."""
    slots = slots_at(config, service, at)
    return slots if slots is not None and _fits(slots, _spans(config, slots, hours.day_of(config, at)), at) else None


def offered_on(config: HallConfig, day: date, service: str = "") -> Iterator[tuple[Slots, float]]:
    """Every slot of a day that is offered, service by service or for one; of a time that the clock shows twice the
    first.
    """
    weekday = _weekday(config, day)
    for one in (one for one in config.appointments if service in ("", one.service) and weekday in one.weekdays):
        spans = _spans(config, one, day)
        for minute in range(one.opens_min, one.closes_min - one.slot_min + 1, one.slot_min):
            at = moment(day, time(*divmod(minute, 60)), config.timezone)
            if at is not None and _fits(one, spans, at):
                yield one, at


def _weekday(config: HallConfig, day: date) -> int:
    """Monday is 1; a make-up day is the weekday that it stands in for."""
    unlike = hours.special(config, day)
    return 1 + (day.weekday() if unlike is None or unlike.like is None else unlike.like)


def _spans(config: HallConfig, slots: Slots, day: date) -> tuple[hours.Opening, ...] | None:
    """When the service is open on a day; None: nobody has said, so that it always is."""
    return hours.on(config, day, slots.service) if hours.known(config) else None


def _fits(slots: Slots, spans: tuple[hours.Opening, ...] | None, at: float) -> bool:
    return spans is None or any(one.opens <= at <= one.closes - slots.slot_min * 60 for one in spans)
