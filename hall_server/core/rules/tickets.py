"""Rules of a ticket: issue it, give it up, and the paper that belongs to it."""

from hall_server.core import facts as f
from hall_server.core import routing
from hall_server.core.commands import AnswerSlip, Cancel, Issue
from hall_server.core.hall import Hall
from hall_server.core.policy.classes import Newcomer
from hall_server.core.policy.estimate import estimate
from hall_server.core.refusal import Refused
from hall_server.core.rules import evenings, helping, numbers
from hall_server.core.rules import help as help_rules
from hall_server.core.rules.emergency import need_calm
from hall_server.core.rules.slips import drop, next_attempt
from hall_server.core.tickets import FINAL, Ticket, require, slip_of


def issue(
    hall: Hall, command: Issue, now: float, due: float | None = None, *, head_start_s: int = 0
) -> list[f.Fact]:  # fmt: skip
    """Number, promise and printer of a new ticket; ``due`` is the time of an appointment as of which it waits."""
    service = hall.service_by_id.get(command.service)
    if service is None:
        raise Refused("unknown_service", f"There is no service {command.service!r}.")
    if not hall.day_open:
        raise Refused("day_closed", "The hall is closed: no tickets are issued.")
    need_calm(hall)
    if due is None:  # an appointment was promised a place before the crowd came
        evenings.need_hours(hall, service.id, now)
        helping.need_room(hall, service.id)
    _need_known(hall, command)
    arrival = (now if due is None else due) - head_start_s
    new = Newcomer(arrival, command.klass, command.need, early_s=max(0.0, (due or now) - now))
    wait = estimate(hall, service.id, new=new)
    if wait is None:
        raise Refused("service_closed", f"No window serves {service.en} now.")
    number, voids = numbers.following(hall, service.prefix)
    issued = f.TicketIssued(
        ticket=command.ticket, code=command.code, label=hall.numbers(service.prefix).label(number),
        series=service.prefix, number=number, service=service.id, kiosk=command.kiosk, language=command.language,
        ahead=wait.ahead, point_s=wait.point_s, upper90_s=wait.upper90_s, klass=command.klass, need=command.need,
        then=command.then, due=due, head_start_s=head_start_s, help=help_rules.of(hall, command.help, command.kiosk),
    )  # fmt: skip
    if command.kiosk is None or hall.kiosk_by_id[command.kiosk].printer is None:
        return [*voids, issued]
    slip = slip_of(command.ticket)
    printer = routing.printer(hall, command.kiosk)
    if printer is None:
        return [*voids, issued, f.SlipFailed(slip, command.ticket, "", 0, "no_printer")]
    return [*voids, issued, f.SlipOwed(slip, command.ticket, printer, 1)]


def _need_known(hall: Hall, command: Issue) -> None:
    """Refuse what names a kiosk, a class or a further service that the hall has not."""
    if command.kiosk is not None and command.kiosk not in hall.kiosk_by_id:
        raise Refused("unknown_kiosk", f"There is no kiosk {command.kiosk!r}.")
    if command.klass and command.klass not in {one.id for one in hall.config.policy.classes}:
        raise Refused("unknown_class", f"There is no class of customers {command.klass!r}.")
    for following in command.then:
        if following not in hall.service_by_id:
            raise Refused("unknown_service", f"There is no service {following!r}.")


def need_ticket(hall: Hall, name: str) -> Ticket:
    """The ticket of that id, or a refusal."""
    ticket = hall.tickets.get(name)
    if ticket is None:
        raise Refused("unknown_ticket", "There is no such ticket today.")
    return ticket


def cancel(hall: Hall, command: Cancel, now: float) -> list[f.Fact]:
    """Give a ticket up; the number is never used again."""
    ticket = need_ticket(hall, command.ticket)
    require(ticket, "cancel")
    return [f.TicketCancelled(ticket.id, command.reason), *drop(hall, ticket.slip, "cancelled")]


def answer_slip(hall: Hall, command: AnswerSlip, now: float) -> list[f.Fact]:
    """ "Did you get your paper?": yes settles it, no asks for one more, marked as a copy."""
    ticket = need_ticket(hall, command.ticket)
    slip = hall.slips.get(ticket.slip or "")
    if slip is None or slip.state != "unconfirmed":
        raise Refused("illegal_move", f"Nobody asks about the paper of {ticket.label}.")
    if command.got:
        return [f.SlipPrinted(slip.id, slip.printer or "", slip.attempt, "customer")]
    if ticket.state in FINAL:
        raise Refused("illegal_move", f"{ticket.label} is {ticket.state}: it needs no paper.")
    return next_attempt(hall, slip, copied=True)
