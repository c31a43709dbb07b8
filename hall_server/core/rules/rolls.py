"""Rules of a paper roll: who had which number and what became of them, as people remember it afterwards."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hall_server.core import facts as f
from hall_server.core import hours
from hall_server.core.blocks import Torn
from hall_server.core.commands.rolls import EnterHandedOut, EnterLeft, EnterServed, SpoilNumbers, Stretch
from hall_server.core.facts.away import NumbersVoided
from hall_server.core.facts.rolls import TicketArrivalEntered, TicketLeftEntered, TicketServedEntered
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from hall_server.core.series import Series
from hall_server.core.tickets import Ticket, require

MOST = 500  # numbers in one entry: a whole roll, in one append that nobody has to wait for
NAMED = 10  # labels in one sentence


def hand_out(hall: Hall, command: EnterHandedOut, now: float) -> list[f.Fact]:
    """A ticket for each number; one that a clerk has called already only learns when its customer came."""
    numbers, series = command.numbers, _need_roll(hall, command.numbers)
    if command.service not in hall.service_by_id:
        raise Refused("unknown_service", f"There is no service {command.service!r}.")
    known = hall.torn.get(numbers.roll, {})
    entered = (n for n in _each(numbers) if not _only_called(known.get(n)) or series.label(n) in hall.kept)
    _need_new(series, entered)
    _need_times(hall, now, command.since, command.until)
    _need_order(hall, series, numbers, command.since, command.until)
    times = _spread(command.since, command.until, numbers.last - numbers.first)
    each = zip(_each(numbers), times, command.names, strict=False)
    return [_handed_out(hall, command, number, came_at, name) for number, came_at, name in each]


def _handed_out(hall: Hall, command: EnterHandedOut, number: int, came_at: float, name: tuple[str, str]) -> f.Fact:
    prefix = command.numbers.roll
    called = hall.torn.get(prefix, {}).get(number)
    if called is not None:
        latest = hall.tickets[called.ticket].called_at
        return TicketArrivalEntered(called.ticket, came_at if latest is None else min(came_at, latest))
    return f.TicketIssued(
        ticket=name[0], code=name[1], label=hall.numbers(prefix).label(number), series=prefix, number=number,
        service=command.service, came_at=came_at, away="roll",
    )  # fmt: skip


def serve(hall: Hall, command: EnterServed, now: float) -> list[f.Fact]:
    """Each number was called when the one before it was done."""
    series = _need_roll(hall, command.numbers)
    if command.window not in hall.window_by_id:
        raise Refused("unknown_window", f"There is no window {command.window!r}.")
    _need_times(hall, now, command.since, command.until)
    tickets = _need_tickets(hall, series, command.numbers)
    times = list(_spread(command.since, command.until, len(tickets)))
    for ticket, called_at in zip(tickets, times, strict=False):
        _need_after(hall, ticket, called_at)
    return [
        TicketServedEntered(ticket.id, command.window, times[place], times[place + 1])
        for place, ticket in enumerate(tickets)
    ]


def leave(hall: Hall, command: EnterLeft, now: float) -> list[f.Fact]:
    """They are counted as given up, at the time at which they went."""
    series = _need_roll(hall, command.numbers)
    _need_times(hall, now, command.at, command.at)
    tickets = _need_tickets(hall, series, command.numbers)
    for ticket in tickets:
        _need_after(hall, ticket, command.at)
    return [TicketLeftEntered(ticket.id, command.at) for ticket in tickets]


def spoil(hall: Hall, command: SpoilNumbers, now: float) -> list[f.Fact]:
    """Nobody has them: the hole in the series has its record."""
    numbers, series = command.numbers, _need_roll(hall, command.numbers)
    _need_new(series, (n for n in _each(numbers) if n in hall.torn.get(numbers.roll, {})))
    return [NumbersVoided("", numbers.roll, numbers.first, numbers.last, "spoiled")]


def begins(hall: Hall) -> float:
    """The earliest time that may be entered: the first day of a date may have begun before the hall could say so."""
    opened = hall.opened_at or hall.at
    day, _, serial = (hall.day or "").partition("/")
    if serial != "1":
        return opened - opened % 60  # people enter minutes
    midnight = datetime.combine(date.fromisoformat(day), datetime.min.time(), ZoneInfo(hall.config.timezone))
    return min(opened, midnight.timestamp())


def _each(numbers: Stretch) -> range:
    return range(numbers.first, numbers.last + 1)


def _spread(since: float, until: float, steps: int) -> Iterator[float]:
    """Both ends, and as many times between them as make so many equal steps."""
    for place in range(steps + 1):
        yield round(since + (until - since) * place / max(1, steps), 3)


def _only_called(torn: Torn | None) -> bool:
    """Whether an entry of this number is news: nobody spoke of it, or a clerk has called it."""
    return torn is None or (torn.ticket != "" and torn.came_at is None)


def _need_roll(hall: Hall, numbers: Stretch) -> Series:
    series = hall.series_by_prefix.get(numbers.roll)
    if series is None or not series.printed:
        raise Refused("unknown_roll", f"There is no paper roll {numbers.roll!r}.")
    if not hall.day_open:
        raise Refused("day_closed", "The hall is closed: what was done by hand is entered while its day is open.")
    if not (series.has(numbers.first) and series.has(numbers.last)) or numbers.last < numbers.first:
        whole = f"{series.label(series.first)} to {series.label(series.last)}"
        raise Refused("not_on_roll", f"The roll has {whole}, the lower number comes first.")
    if numbers.last - numbers.first >= MOST:
        raise Refused("not_on_roll", f"Enter at most {MOST} numbers at once.")
    return series


def _need_new(series: Series, doubled: Iterable[int]) -> None:
    labels = [series.label(number) for number in doubled]
    if labels:
        raise Refused("already_entered", f"Entered already: {_named(labels)}.", _about(labels))


def _about(labels: list[str]) -> dict[str, str]:
    return dict.fromkeys(labels[:NAMED], "")


def _named(labels: list[str]) -> str:
    return ", ".join(labels[:NAMED]) + ("…" if len(labels) > NAMED else "")


def _need_times(hall: Hall, now: float, since: float, until: float) -> None:
    if max(since, until) > now:
        raise Refused("future_time", "What has not happened yet cannot be entered.")
    if since < begins(hall):
        raise Refused("before_day", f"The business day {hall.day} had not begun then.")
    if until < since:
        raise Refused("not_in_order", "The end is before the beginning.")


def _need_order(hall: Hall, series: Series, numbers: Stretch, since: float, until: float) -> None:
    """Numbers are torn off in their order, so a later one has not come earlier."""
    told = [(n, torn.came_at) for n, torn in hall.torn.get(numbers.roll, {}).items() if torn.came_at is not None]
    before = max(((at, n) for n, at in told if n < numbers.first), default=None)
    after = min(((at, n) for n, at in told if n > numbers.last), default=None)
    wrong = before if before and before[0] > since else after if after and after[0] < until else None
    if wrong is not None:
        at = hours.told(hall.config, wrong[0], hall.at)
        label = series.label(wrong[1])
        raise Refused("not_in_order", f"{label} was handed out at {at}: numbers go in their order.", {label: at})


def _need_tickets(hall: Hall, series: Series, numbers: Stretch) -> list[Ticket]:
    """The tickets of entered numbers, all of which still wait."""
    known = hall.torn.get(numbers.roll, {})
    missing = [series.label(n) for n in _each(numbers) if n not in known or known[n].came_at is None]
    if missing:
        raise Refused("not_entered", f"Enter first when they were handed out: {_named(missing)}.", _about(missing))
    tickets = [hall.tickets[known[n].ticket] for n in _each(numbers)]
    for ticket in tickets:
        require(ticket, "enter")
    return tickets


def _need_after(hall: Hall, ticket: Ticket, at: float) -> None:
    if at < ticket.came_at:
        came = hours.told(hall.config, ticket.came_at, hall.at)
        raise Refused("not_in_order", f"{ticket.label} was handed out at {came}, not later.", {ticket.label: came})
