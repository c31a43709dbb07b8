"""What customers have to bring, what they lacked, and the code by which they come back once, a little sooner."""

from collections.abc import Iterable
from dataclasses import dataclass

CODE_DIGITS = 10  # as many as an appointment has: typed on the same pad, and guesses are limited
MOST_HEAD_START_S = 1800  # a return may never push aside who has waited for half an hour


@dataclass(frozen=True, slots=True)
class Material:
    """Something that a service needs from its customer."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something that a clerk verifies or says before the customer goes."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """What a service needs from customers, and of what its clerks are reminded before they finish."""

    service: str
    materials: tuple[Material, ...] = ()
    remind: tuple[Reminder, ...] = ()


def checklist(known: Iterable[Checklist], service: str) -> Checklist:
    """The one of that service; an empty one where nobody wrote any."""
    return next((one for one in known if one.service == service), Checklist(service))


@dataclass(frozen=True, slots=True)
class QuickReturn:
    """For how many days after today a code is good, and by how many seconds earlier its holder counts as come."""

    days: int = 7
    head_start_s: int = 300


@dataclass(frozen=True, slots=True)
class Missing:
    """What a customer lacked at a window: the slip that says it, its code, until when that is good (Unix seconds).

    ``page`` is the secret in the address of the slip's page; ``back`` the ticket with which they came back.
    """

    slip: str
    ticket: str
    label: str
    window: str
    service: str
    items: tuple[Material, ...]
    code: str
    page: str
    at: float
    until: float
    back: str | None = None
