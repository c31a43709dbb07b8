"""What became of each ticket of a day, and what each window did meanwhile: a fold over the day's facts."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from hall_server.core import facts as f
from hall_server.core.config import HallConfig, Service
from hall_server.core.facts import life as lf
from hall_server.core.facts import windows as w
from hall_server.core.facts.away import TicketMerged
from hall_server.core.facts.materials import TicketReturned
from hall_server.core.facts.redirects import WindowKept
from hall_server.core.facts.rolls import TicketArrivalEntered, TicketLeftEntered, TicketServedEntered
from hall_server.core.figures.devices import Told
from hall_server.core.folds.life import UNDOABLE
from hall_server.core.tickets import State, Ticket

SERVED = "done"
KEPT = "kept"  # the ticket goes on counting on the next day
APART = (lf.TicketHeld, lf.TicketReinstated, lf.TicketStepped)  # after these a promise says nothing about a wait
ENDS = {f.TicketCancelled: "cancelled", f.TicketNoShow: "no_show", f.TicketExpired: "expired"}


@dataclass(slots=True)
class Visit:
    """A ticket's day; times in Unix seconds. ``outcome`` is empty as long as it has none."""

    ticket: str
    label: str
    service: str
    klass: str
    came_at: float
    quoted: tuple[int, int] | None = None
    called_at: float | None = None
    calls: int = 0
    started_at: float | None = None
    ended_at: float | None = None
    outcome: str = ""
    waiting: bool = True
    gave_up: bool = False  # cancelled, a no-show, or still waiting when the day was closed
    window: str | None = None
    rating: int | None = None
    overtook: int = 0
    why: str = ""
    due: float | None = None  # the time of an appointment
    queued_at: float | None = None  # since when it waits for this service, if that is not since it came
    waited_s: float = 0.0  # for services before this one, and before it was set aside
    busy_s: float = 0.0  # of this service, before it was set aside
    walked_s: float | None = None
    spent_s: tuple[float, ...] = ()  # how long the services before this one took
    held: bool = False
    holds: int = 0
    reinstated: int = 0
    undone: int = 0
    reviewing: str = ""  # in whose queue what was done is reviewed, as long as it is
    reviews: int = 0
    sent_back: int = 0
    returned: bool = False  # came again with what was missing
    by_hand: bool = False  # a number of a paper roll: when it came is what a person remembered
    called_by_hand: bool = False  # and so is when it was called
    before: "Visit | None" = None  # as it was before the last move, which may be taken back

    @property
    def since(self) -> float:
        """From when on it counts as waiting: before an appointment's time nobody does."""
        return max(self.came_at, self.due or 0.0)

    @property
    def line(self) -> str:
        """The service in whose queue it stands."""
        return self.reviewing or self.service

    @property
    def place(self) -> float:
        """By what it stands in line."""
        return self.came_at if self.due is None else self.due

    @property
    def stood_s(self) -> float | None:
        """From check-in to the last call, as it was promised."""
        return None if self.called_at is None else max(0.0, self.called_at - self.came_at)

    @property
    def wait_s(self) -> float | None:
        """From arrival to the last call, of all its services together; None: never called."""
        begun = self.since if self.queued_at is None else self.queued_at
        return None if self.called_at is None else self.waited_s + max(0.0, self.called_at - begun)

    @property
    def service_s(self) -> float | None:
        """From the start, else from the call, to the end of its last service, without the time on hold."""
        begun = self.called_at if self.started_at is None else self.started_at
        over = self.outcome == SERVED and begun is not None and self.ended_at is not None
        return self.busy_s + (self.ended_at or 0.0) - (begun or 0.0) if over else None

    @property
    def services_s(self) -> tuple[float, ...]:
        """How long each of its services took."""
        return self.spent_s if self.service_s is None else (*self.spent_s, self.service_s)


@dataclass(slots=True)
class Desk:
    """A window's day in seconds: with a customer, paused or redirected, and free while somebody waited for it."""

    busy_s: float = 0.0
    away_s: float = 0.0
    idle_s: float = 0.0
    served: int = 0
    ticket: str | None = None
    away: set[str] = field(default_factory=set)


@dataclass(slots=True)
class DayTold:
    """A business day: its tickets in the order of arrival, its windows, and how many waited at most."""

    day: str = ""
    opened_at: float = 0.0
    ended_at: float = 0.0
    timezone: str = "UTC"
    visits: dict[str, Visit] = field(default_factory=dict)
    desks: dict[str, Desk] = field(default_factory=dict)
    guests: dict[str, Visit] = field(default_factory=dict)  # who came on a day before, and is counted there
    waiting: int = 0
    by_hand: int = 0  # of those who wait: entered later, so that nobody knows with how many others they waited
    most_waiting: int = 0
    most_at: float | None = None
    skills: dict[str, frozenset[str]] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    queues: dict[str, int] = field(default_factory=dict)

    def desk(self, window: str) -> Desk:
        """The window of that id."""
        return self.desks.setdefault(window, Desk())


def day_of(rows: Iterable[Told]) -> DayTold | None:
    """The last business day that the rows tell of; None when they tell of none."""
    day: DayTold | None = None
    for told in rows:
        if isinstance(told.fact, f.DayOpened):
            day = DayTold(told.fact.day, told.at, told.at)
            _configure(day, told.fact.carried.config)
            for window in told.fact.carried.redirects:
                day.desk(window.window).away |= set(window.incidents)
            for ticket in told.fact.carried.tickets:
                _greet(day, ticket, told.at)
        if day is not None:
            _pass(day, told.at)
            _take(day, told)
    return day


def _greet(day: DayTold, ticket: Ticket, at: float) -> None:
    """Whoever stayed overnight waits here as well."""
    guest = Visit(ticket.id, ticket.label, ticket.service, ticket.klass, ticket.came_at, waiting=False)
    day.guests[ticket.id] = guest
    _wait(day, guest, at, waits=ticket.state is State.WAITING)


def _known(day: DayTold, name: str) -> Visit | None:
    return day.visits.get(name) or day.guests.get(name)


def _configure(day: DayTold, config: HallConfig | None) -> None:
    if config is not None:
        day.timezone = config.timezone
        day.services = {service.id: service for service in config.services}
        day.skills = {window.id: frozenset(window.services) for window in config.windows}
        for window in day.skills:
            day.desk(window)


def _pass(day: DayTold, at: float) -> None:
    """Each window has spent the time since the fact before in one way."""
    passed_s, day.ended_at = at - day.ended_at, max(at, day.ended_at)
    if passed_s <= 0:
        return
    for window, desk in day.desks.items():
        if desk.ticket is not None:
            desk.busy_s += passed_s
        elif desk.away:
            desk.away_s += passed_s
        elif any(day.queues.get(service) for service in day.skills.get(window, ())):
            desk.idle_s += passed_s


def _wait(day: DayTold, visit: Visit, at: float, *, waits: bool) -> None:
    if visit.waiting is not waits:
        visit.waiting = waits
        _count(day, visit, at, 1 if waits else -1)


def _count(day: DayTold, visit: Visit, at: float, by: int) -> None:
    day.waiting += by
    day.by_hand += by if visit.by_hand else 0
    day.queues[visit.line] = day.queues.get(visit.line, 0) + by
    if day.waiting - day.by_hand > day.most_waiting:
        day.most_waiting, day.most_at = day.waiting - day.by_hand, at


def _take(day: DayTold, told: Told) -> None:
    match told.fact:
        case f.HallConfigured(config=config):
            _configure(day, config)
        case f.TicketIssued() as fact:
            quoted = None if fact.point_s is None or fact.upper90_s is None else (fact.point_s, fact.upper90_s)
            came_at = told.at if fact.came_at is None else fact.came_at
            visit = Visit(fact.ticket, fact.label, fact.service, fact.klass, came_at, quoted=quoted)
            visit.due, visit.by_hand = fact.due, fact.away == "roll"
            day.visits[fact.ticket] = visit
            _count(day, visit, told.at, 1)
        case TicketReturned(ticket=ticket) if ticket in day.visits:
            day.visits[ticket].returned = True
        case TicketMerged() as fact if fact.ticket in day.visits:
            day.visits[fact.ticket].came_at = fact.came_at
        case lf.TicketUndone() as fact:
            _undo(day, fact, told.at)
        case _:
            _of_window(day, told.fact)
            _of_ticket(day, told)


def _of_window(day: DayTold, fact: f.Fact) -> None:
    """Why a window calls nobody, and why no longer."""
    match fact:
        case w.WindowPaused(window=window):
            day.desk(window).away.add("pause")
        case w.WindowResumed(window=window):
            day.desk(window).away.discard("pause")
        case f.WindowReleased(window=window, pad=False):
            day.desk(window).away.add("nobody")
        case f.WindowAttended(window=window) | f.AccessGranted(what="session", role="clerk", window=str(window)):
            day.desk(window).away.discard("nobody")
        case f.WindowRedirected(window=window, incident=incident):
            day.desk(window).away.add(incident)
        case f.WindowRestored(window=window, incident=incident) | WindowKept(window=window, incident=incident):
            day.desk(window).away.discard(incident)
        case _:
            pass


def _of_ticket(day: DayTold, told: Told) -> None:
    visit = _known(day, getattr(told.fact, "ticket", ""))
    if visit is None:
        return
    if type(told.fact).__name__ in UNDOABLE:
        visit.before = replace(visit, before=None)
    _move(day, visit, told)


def _move(day: DayTold, visit: Visit, told: Told) -> None:
    match told.fact:
        case f.TicketCalled() as fact:
            _wait(day, visit, told.at, waits=False)
            visit.called_at, visit.started_at, visit.walked_s = told.at, None, None
            visit.queued_at = told.at if visit.held else visit.queued_at  # whoever was set aside had waited before
            visit.held = False
            visit.calls, visit.overtook, visit.why = visit.calls + 1, fact.overtaken, fact.why
            visit.window, day.desk(fact.window).ticket = fact.window, visit.ticket
        case f.TicketStarted():
            visit.started_at = told.at
            visit.walked_s = None if visit.called_at is None else told.at - visit.called_at
        case f.TicketFinished():
            _end(day, visit, told.at, SERVED)
            if visit.window is not None:
                day.desk(visit.window).served += 1
        case f.TicketRequeued() | f.TicketRedirected() | w.TicketTransferred():
            _leave(day, visit)
            if isinstance(told.fact, w.TicketTransferred):
                _send(visit, told.fact)
            _wait(day, visit, told.at, waits=True)
        case f.TicketCancelled() | f.TicketNoShow() | f.TicketExpired() if not visit.outcome:
            _end(day, visit, told.at, ENDS[type(told.fact)])
        case w.TicketRated(level=level):
            visit.rating = level
        case _:
            _besides(day, visit, told)


def _send(visit: Visit, fact: w.TicketTransferred) -> None:
    """On to another queue; back from a review to whose work it was, or to another window that reviews."""
    if fact.service == visit.line:
        return
    visit.sent_back += visit.reviewing != "" and fact.service == visit.service
    visit.service, visit.reviewing = fact.service, ""


def _besides(day: DayTold, visit: Visit, told: Told) -> None:
    """Set aside, taken up, brought back, on to the next service: what the ticket was promised says nothing then."""
    visit.quoted = None if isinstance(told.fact, APART) else visit.quoted
    match told.fact:
        case lf.TicketHeld():
            _leave(day, visit)
            visit.busy_s += 0.0 if visit.started_at is None else told.at - visit.started_at
            visit.waited_s, visit.queued_at = visit.wait_s or 0.0, visit.called_at
            visit.held, visit.holds = True, visit.holds + 1
        case lf.TicketResumed(window=window):
            visit.held, visit.started_at, visit.window = False, told.at, window
            day.desk(window).ticket = visit.ticket
        case lf.TicketReinstated():
            visit.outcome, visit.gave_up, visit.ended_at, visit.called_at = "", False, None, None
            visit.queued_at, visit.waited_s, visit.reinstated = told.at, 0.0, visit.reinstated + 1
            _wait(day, visit, told.at, waits=True)
        case lf.TicketStepped(window=window, service=service, review=review):
            _leave(day, visit)
            day.desk(window).served += 1
            begun = visit.called_at if visit.started_at is None else visit.started_at
            visit.spent_s = (*visit.spent_s, visit.busy_s + told.at - (told.at if begun is None else begun))
            visit.waited_s, visit.queued_at, visit.busy_s = visit.wait_s or 0.0, told.at, 0.0
            visit.reviews, visit.reviewing = visit.reviews + review, service if review else ""
            visit.service = visit.service if review else service
            _wait(day, visit, told.at, waits=True)
        case _:
            _entered(day, visit, told)


def _entered(day: DayTold, visit: Visit, told: Told) -> None:
    """What was done by hand happened when people say that it did; whoever stays overnight is no longer of this day."""
    match told.fact:
        case TicketArrivalEntered(came_at=came_at):
            visit.came_at, visit.called_by_hand = came_at, True
        case TicketServedEntered() as fact:
            visit.called_at, visit.window, visit.calls, visit.called_by_hand = fact.called_at, fact.window, 1, True
            _end(day, visit, fact.ended_at, SERVED)
            day.desk(fact.window).served += 1
        case TicketLeftEntered(left_at=left_at):
            _end(day, visit, left_at, "cancelled")
        case lf.TicketKept():
            _wait(day, visit, told.at, waits=False)
            visit.ended_at, visit.outcome = told.at, KEPT
        case _:
            pass


def _undo(day: DayTold, fact: lf.TicketUndone, at: float) -> None:
    for name, move in reversed(list(zip(fact.tickets, fact.moves, strict=True))):
        visit = _known(day, name)
        if visit is not None:
            _restore(day, visit, move, at)


def _restore(day: DayTold, visit: Visit, move: str, at: float) -> None:
    """The last move of a ticket was taken back."""
    before = visit.before
    if before is None:
        return
    _leave(day, visit)
    if move in ("TicketFinished", "TicketStepped") and visit.window is not None:
        day.desk(visit.window).served -= 1
    if visit.waiting:
        _count(day, visit, at, -1)
    undone = visit.undone + 1
    for name in Visit.__dataclass_fields__:
        setattr(visit, name, getattr(before, name))
    visit.undone = undone
    if visit.waiting:
        _count(day, visit, at, 1)
    elif visit.window is not None and not visit.outcome and not visit.held:
        day.desk(visit.window).ticket = visit.ticket


def _leave(day: DayTold, visit: Visit) -> None:
    if visit.window is not None and day.desk(visit.window).ticket == visit.ticket:
        day.desk(visit.window).ticket = None


def _end(day: DayTold, visit: Visit, at: float, outcome: str) -> None:
    _leave(day, visit)
    visit.gave_up = outcome != SERVED and (outcome != "expired" or visit.waiting)
    _wait(day, visit, at, waits=False)
    visit.ended_at, visit.outcome = at, outcome
