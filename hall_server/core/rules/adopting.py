"""The rule of an administrator's page: nobody of today is left without a service or a window."""

from hall_server.core import facts as f
from hall_server.core.commands import Configure
from hall_server.core.commands.adopting import Adopt
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from hall_server.core.rules import days
from hall_server.core.tickets import FINAL

EXPECTED = ("booked", "confirmed")


def adopt(hall: Hall, command: Adopt, now: float) -> list[f.Fact]:
    """The configuration, unless somebody still needs what it drops."""
    for service in hall.service_by_id.keys() - {one.id for one in command.config.services}:
        if why := _needed(hall, service):
            raise Refused("service_in_use", f"{service!r} cannot go: {why}.")
    for window in hall.window_by_id.keys() - {one.id for one in command.config.windows}:
        tickets = (one for one in hall.tickets.values() if one.state not in FINAL and window in (one.window, one.bound))
        if one := next(tickets, None):
            raise Refused("window_in_use", f"Window {window} cannot go: {one.label} belongs there.")
    return days.configure(hall, Configure(command.config), now)


def _needed(hall: Hall, service: str) -> str:
    """Who came for a service today, or will come for it."""
    labels = [one.label for one in hall.tickets.values() if service in (one.service, *one.then)]
    if labels:
        return f"tickets of today are for it, such as {labels[0]}"
    if any(one.service == service and one.state in EXPECTED for one in hall.appointments.values()):
        return "customers have appointments for it"
    return (
        "customers will fetch something there" if any(one.service == service for one in hall.pickups.values()) else ""
    )
