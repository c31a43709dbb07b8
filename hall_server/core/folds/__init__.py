"""Folds: how each fact changes the Hall. One function a fact, found in one table."""

from collections import deque
from collections.abc import Callable
from typing import Any

from hall_server.core import facts as f
from hall_server.core import routing
from hall_server.core.facts.windows import TicketTransferred
from hall_server.core.folds import appointments as appointment_folds
from hall_server.core.folds import away as away_folds
from hall_server.core.folds import checks as check_folds
from hall_server.core.folds import day as day_folds
from hall_server.core.folds import help as help_folds
from hall_server.core.folds import life as life_folds
from hall_server.core.folds import materials as material_folds
from hall_server.core.folds import pickups as pickup_folds
from hall_server.core.folds import redirects as redirect_folds
from hall_server.core.folds import replacing as replace_folds
from hall_server.core.folds.complaints import FOLDS as COMPLAINT_FOLDS
from hall_server.core.folds.content import FOLDS as CONTENT_FOLDS
from hall_server.core.folds.devices import FOLDS as DEVICE_FOLDS
from hall_server.core.folds.devices import carried, lately_verified, printed, taken_over
from hall_server.core.folds.emergency import FOLDS as EMERGENCY_FOLDS
from hall_server.core.folds.night import FOLDS as NIGHT_FOLDS
from hall_server.core.folds.night import stayed, staying
from hall_server.core.folds.rated import FOLDS as RATED_FOLDS
from hall_server.core.folds.rolls import FOLDS as ROLL_FOLDS
from hall_server.core.folds.seats import FOLDS as SEAT_FOLDS
from hall_server.core.folds.speech import FOLDS as SPEECH_FOLDS
from hall_server.core.folds.speech import owe
from hall_server.core.folds.windows import FOLDS as WINDOW_FOLDS
from hall_server.core.hall import ARRIVALS, RECENT_TICKETS, CallNow, DeviceNow, Hall, SlipNow, StationNow
from hall_server.core.places import join_queue, leave_window, move
from hall_server.core.policy import learning
from hall_server.core.tickets import State, Ticket


def apply(hall: Hall, fact: f.Fact, seq: int, at: float, actor: str) -> None:
    """Make the Hall what it is after this fact (journal number ``seq``, server time ``at`` in Unix seconds)."""
    hall.seq, hall.at = seq, at
    life_folds.remember(hall, fact, at, actor)
    _FOLDS[type(fact)](hall, fact, at, actor)
    if type(fact) in _REROUTING:
        hall.routes = routing.routes(hall)


def _configured(hall: Hall, fact: f.HallConfigured, at: float, actor: str) -> None:
    hall.configure(fact.config)
    check_folds.plans_changed(hall, at)


def _day_opened(hall: Hall, fact: f.DayOpened, at: float, actor: str) -> None:
    fresh = Hall(seq=hall.seq, at=hall.at, day=fact.day, day_open=True, opened_at=at)
    carried_over = fact.carried
    if carried_over.config is not None:
        fresh.configure(carried_over.config)
    for d in carried_over.devices:
        fresh.devices[d.device] = DeviceNow(
            d.state, d.faults, d.evidence, d.since, d.slips, rolls=d.rolls, replaced=d.replaced
        )
    fresh.released = {d.device: d.released for d in carried_over.devices if d.released}
    for r in carried_over.repairs:
        fresh.repairs[r.device] = taken_over(r)
    for r in carried_over.verified:
        fresh.verified[r.device] = taken_over(r)
    redirect_folds.remember(fresh, carried_over.redirects, at)
    replace_folds.remember(fresh, carried_over.trials)
    appointment_folds.remember(fresh, carried_over.appointments)
    material_folds.remember(fresh, carried_over.missing)
    pickup_folds.remember(fresh, carried_over.pickups)
    learning.remember(fresh, carried_over.learnt)
    for station in carried_over.stations:
        fresh.stations[station] = StationNow(station not in carried_over.stations_lost, at)
    check_folds.remember(fresh, carried_over.checks, at, fact.despite)
    day_folds.remember(fresh, carried_over.day)
    stayed(fresh, carried_over.tickets)
    for name in Hall.__dataclass_fields__:
        setattr(hall, name, getattr(fresh, name))


def _day_closed(hall: Hall, fact: f.DayClosed, at: float, actor: str) -> None:
    hall.day_open, hall.check = False, None
    day_folds.closed(hall, at)


def _issued(hall: Hall, fact: f.TicketIssued, at: float, actor: str) -> None:
    wait = None if fact.point_s is None or fact.upper90_s is None else (fact.point_s, fact.upper90_s)
    came_at = at if fact.came_at is None else fact.came_at
    ticket = Ticket(
        id=fact.ticket, code=fact.code, label=fact.label, service=fact.service, seq=hall.seq,
        arrival=(came_at if fact.due is None else fact.due) - fact.head_start_s, came_at=came_at, due=fact.due,
        kiosk=fact.kiosk, language=fact.language, ahead_quoted=fact.ahead, wait_quoted=wait,
        klass=fact.klass, need=fact.need, then=fact.then,
    )  # fmt: skip
    hall.add(ticket)
    help_folds.joined(hall, fact.help, ticket)
    if ticket.kiosk is not None:
        hall.recent.setdefault(ticket.kiosk, deque(maxlen=RECENT_TICKETS)).append(ticket.id)
    if fact.away:
        away_folds.used(hall, fact, ticket)
    else:
        hall.series[fact.series] = max(hall.series.get(fact.series, 0), fact.number)
    hall.count(ticket.service, State.WAITING, +1)
    join_queue(hall, ticket)
    hall.arrivals.setdefault((ticket.service, ticket.klass), deque(maxlen=ARRIVALS)).append(at)


def _called(hall: Hall, fact: f.TicketCalled, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    move(hall, ticket, State.CALLED)
    for other in tuple(hall.passed.get(ticket.service, ())):
        hall.tickets[other].pass_over -= 1
        if hall.tickets[other].pass_over <= 0:
            hall.passed[ticket.service].discard(other)
    ticket.window, ticket.bound, ticket.calls, ticket.pass_over = fact.window, None, 0, 0
    ticket.called_at = ticket.announced_at = at
    now = hall.windows[fact.window]
    now.ticket, now.since, now.last_active = ticket.id, at, at
    _announce(hall, ticket, fact.window, at)
    ticket.why, ticket.why_said = fact.why, fact.reason
    ticket.overtook, ticket.because = fact.overtaken, fact.because
    if fact.because is not None and fact.because.slot is not None:
        hall.pattern_at, hall.pattern_seq = fact.because.slot + 1, hall.seq


def _recalled(hall: Hall, fact: f.TicketRecalled, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    ticket.calls += 1
    ticket.announced_at = at
    _announce(hall, ticket, fact.window, at)


def _announce(hall: Hall, ticket: Ticket, window: str, at: float) -> None:
    hall.calls.append(CallNow(hall.seq, ticket.id, ticket.label, window, at, ticket.calls))
    owe(hall, hall.calls[-1])


def _started(hall: Hall, fact: f.TicketStarted, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    move(hall, ticket, State.SERVING)
    ticket.started_at = at
    now = hall.windows[fact.window]
    now.since = now.last_active = at


def _finished(hall: Hall, fact: f.TicketFinished, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    learning.served(hall, ticket, at)
    leave_window(hall, ticket, at)
    move(hall, ticket, State.DONE)
    ticket.ended_at, ticket.asked = at, fact.rating
    told = hall.ratings.setdefault(fact.window, {})
    for what in ("served", "asked") if fact.rating is not None else ("served",):
        told[what] = told.get(what, 0) + 1
    if fact.rating is not None:
        hall.asking[fact.rating] = ticket.id


def _requeued(hall: Hall, fact: f.TicketRequeued, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    leave_window(hall, ticket, at)
    move(hall, ticket, State.WAITING)
    ticket.window, ticket.calls = None, 0
    ticket.absences += 1
    ticket.pass_over = fact.pass_over
    hall.passed.setdefault(ticket.service, set()).add(ticket.id)


def _ended(state: State) -> Callable[[Hall, Any, float, str], None]:
    def end(hall: Hall, fact: Any, at: float, actor: str) -> None:
        ticket = hall.tickets[fact.ticket]
        if ticket.state in (State.CALLED, State.SERVING):
            leave_window(hall, ticket, at)
        move(hall, ticket, state)
        ticket.ended_at = at

    return end


def _redirected(hall: Hall, fact: f.TicketRedirected, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    leave_window(hall, ticket, at)
    move(hall, ticket, State.WAITING)
    ticket.window, ticket.calls, ticket.bound = None, 0, fact.to
    hall.sent.setdefault(fact.to, set()).add(ticket.id)
    ticket.incidents.add(fact.incident)


def _transferred(hall: Hall, fact: TicketTransferred, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    before = ticket.service
    hall.count(before, ticket.state, -1)
    hall.count(fact.service, ticket.state, +1)
    ticket.service = fact.service
    leave_window(hall, ticket, at)
    move(hall, ticket, State.WAITING)
    ticket.window, ticket.bound, ticket.started_at, ticket.calls, ticket.absences = None, fact.to, None, 0, 0
    ticket.sent_from, ticket.note = fact.window, fact.note
    if fact.to is not None:
        hall.sent.setdefault(fact.to, set()).add(ticket.id)
    if fact.come_back:
        ticket.back = (fact.window, before)
    elif ticket.back is not None and fact.service == ticket.back[1] and fact.to in (None, ticket.back[0]):
        ticket.back = None


def _slip_owed(hall: Hall, fact: f.SlipOwed, at: float, actor: str) -> None:
    before = hall.slips.get(fact.slip)
    tried = before.tried if before and before.copied == fact.copied else ()  # a first copy may try every printer
    slip = SlipNow(fact.slip, fact.ticket, "owed", fact.printer, fact.attempt, at, fact.copied, None, tried)
    hall.slips[slip.id] = slip
    hall.owed.setdefault(fact.printer, {})[slip.id] = slip
    if hall.written(slip.id) is None:
        hall.tickets[fact.ticket].slip = slip.id


def _slip_state(state: str, *, final: bool) -> Callable[[Hall, Any, float, str], None]:
    def change(hall: Hall, fact: Any, at: float, actor: str) -> None:
        slip = hall.slips[fact.slip]
        slip.state, slip.since = state, at
        slip.reason = getattr(fact, "reason", None) or getattr(fact, "verdict", None)
        if final:
            _settled(hall, slip)
        if state == "printed":
            printed(hall, fact.printer)

    return change


def _settled(hall: Hall, slip: SlipNow) -> None:
    hall.owed.get(slip.printer or "", {}).pop(slip.id, None)


def _slip_failed(hall: Hall, fact: f.SlipFailed, at: float, actor: str) -> None:
    slip = hall.slips.get(fact.slip)
    if slip is None:
        slip = SlipNow(fact.slip, fact.ticket, "failed", None, fact.attempt, at)
    slip.state, slip.since, slip.reason = "failed", at, fact.reason
    slip.tried = (*slip.tried, fact.printer) if fact.printer else slip.tried
    hall.slips[slip.id] = slip
    _settled(hall, slip)
    if hall.written(slip.id) is None and not slip.void:
        hall.tickets[slip.ticket].slip = slip.id


def _station(*, connected: bool) -> Callable[[Hall, Any, float, str], None]:
    def change(hall: Hall, fact: Any, at: float, actor: str) -> None:
        hall.stations[fact.station] = StationNow(connected, at)

    return change


_FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    f.HallConfigured: _configured,
    f.DayOpened: _day_opened,
    f.DayClosed: _day_closed,
    f.TicketIssued: _issued,
    f.TicketCalled: _called,
    f.TicketRecalled: _recalled,
    f.TicketStarted: _started,
    f.TicketFinished: _finished,
    f.TicketRequeued: _requeued,
    f.TicketNoShow: _ended(State.NO_SHOW),
    f.TicketCancelled: _ended(State.CANCELLED),
    f.TicketExpired: _ended(State.EXPIRED),
    f.TicketRedirected: _redirected,
    TicketTransferred: _transferred,
    f.SlipOwed: _slip_owed,
    f.SlipClaimed: _slip_state("printing", final=False),
    f.SlipPrinted: _slip_state("printed", final=True),
    f.SlipUnconfirmed: _slip_state("unconfirmed", final=True),
    f.SlipFailed: _slip_failed,
    f.StationConnected: _station(connected=True),
    f.StationLost: _station(connected=False),
    **redirect_folds.FOLDS,
    **DEVICE_FOLDS,
    **away_folds.FOLDS,
    **check_folds.FOLDS,
    **day_folds.FOLDS,
    **SEAT_FOLDS,
    **replace_folds.FOLDS,
    **WINDOW_FOLDS,
    **help_folds.FOLDS,
    **life_folds.FOLDS,
    **material_folds.FOLDS,
    **pickup_folds.FOLDS,
    **SPEECH_FOLDS,
    **EMERGENCY_FOLDS,
    **CONTENT_FOLDS,
    **COMPLAINT_FOLDS,
    **appointment_folds.FOLDS,
    **NIGHT_FOLDS,
    **ROLL_FOLDS,
    **RATED_FOLDS,
}
# Of windows, the settings, the day and who sits where: nothing else says who serves what.
_REROUTING = frozenset(kind for kind in _FOLDS if kind.__name__.startswith(("Window", "Hall", "Day", "Access")))


def carry(hall: Hall) -> f.Carried:
    """What the next day has to know."""
    return f.Carried(
        config=hall.config if hall.configured else None,
        devices=tuple(
            f.DeviceCarried(
                name, d.state, d.faults, d.evidence, d.since, d.slips, d.rolls, d.replaced, hall.released.get(name, "")
            )
            for name, d in hall.devices.items()
        ),
        repairs=tuple(carried(r) for r in hall.repairs.values()),
        verified=tuple(carried(r) for r in lately_verified(hall)),
        redirects=redirect_folds.carried(hall),
        stations=tuple(hall.stations),
        checks=check_folds.carried(hall),
        stations_lost=tuple(name for name, s in hall.stations.items() if not s.connected),
        learnt=learning.learnt(hall),
        day=day_folds.carried(hall),
        appointments=appointment_folds.carried(hall),
        missing=material_folds.carried(hall),
        pickups=pickup_folds.carried(hall),
        tickets=staying(hall),
        trials=replace_folds.carried(hall),
    )
