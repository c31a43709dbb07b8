"""A review: before a customer is done, another window looks at what was done; the service says in whose queue."""

from hall_server.core.hall import Hall
from hall_server.core.tickets import Ticket


def reviewer(hall: Hall, service: str) -> str:
    """The service in whose queue a service is reviewed; empty: it is done when its window says so."""
    known = hall.service_by_id.get(service)
    return known.review if known is not None and known.review in hall.service_by_id else ""


def reviewed(hall: Hall, ticket: Ticket) -> tuple[str, str] | None:
    """The window and the service that are reviewed while this ticket stands where it does."""
    if ticket.reviewed is None or reviewer(hall, ticket.reviewed[1]) != ticket.service:
        return None
    return ticket.reviewed


def following(hall: Hall, ticket: Ticket) -> tuple[str, ...]:
    """The services that come after this one, the review of this one first."""
    review = reviewer(hall, ticket.service)
    return (review, *ticket.then) if review else ticket.then
