"""Check-in at the kiosk: what is typed or scanned is asked once, and each answer has one next step; pure."""

from collections.abc import Mapping
from dataclasses import replace

from hall_server.contract import Language, Ticket
from kiosk.touch import CheckIn, CheckInFace, Kiosk, Taken, Visit, face

# what the hall says -> the screen that tells it; every other code reads as "not possible now"
STEPS: Mapping[str, CheckInFace] = {
    "which_time": "which_time",
    "too_early": "too_early",
    "too_late": "too_late",
    "unknown_appointment": "not_found",
    "appointment_over": "not_found",
    "checked_in": "checked_in",
    "code_used": "checked_in",
    "code_expired": "not_found",
    "pickup_not_ready": "not_found",
}


def opened(kiosk: Kiosk, language: Language, now: float) -> Kiosk:
    """The customer has an appointment: show the pad."""
    return replace(kiosk, check_in=CheckIn("", language, now)) if face(kiosk) == "home" else kiosk


def typed(kiosk: Kiosk, digits: str, language: Language, key: str, now: float) -> Kiosk:
    """Digits are complete; a scanner's need no pad."""
    if face(kiosk) not in ("home", "check_in"):
        return kiosk
    return replace(kiosk, check_in=CheckIn(key, language, now, "asking", digits))


def chosen(kiosk: Kiosk, appointment: str, key: str, now: float) -> Kiosk:
    """Of several times the customer names theirs."""
    asked = kiosk.check_in
    if asked is None or face(kiosk) != "which_time" or appointment not in asked.said:
        return kiosk
    return replace(kiosk, check_in=replace(asked, key=key, step="asking", since=now, appointment=appointment))


def walk_in(kiosk: Kiosk, key: str, now: float) -> Kiosk:
    """Too late, and content with an ordinary ticket."""
    asked = kiosk.check_in
    if asked is None or face(kiosk) != "too_late":
        return kiosk
    return replace(kiosk, check_in=replace(asked, key=key, step="asking", since=now, walk_in=True))


def given(kiosk: Kiosk, key: str, ticket: Ticket, now: float) -> Kiosk:
    """The hall gave a ticket: from here on it is one like all others."""
    asked = kiosk.check_in
    if asked is None or asked.key != key:
        return kiosk
    paper = kiosk.papers.get(ticket.id, ticket.slip)
    visit = Visit(key, ticket.service, asked.language, "issued", now, ticket=ticket, paper=paper)
    return replace(kiosk, check_in=None, visit=visit, taken=Taken(ticket.service, key, now, ticket.label))


def denied(kiosk: Kiosk, key: str, code: str, said: Mapping[str, str], now: float) -> Kiosk:
    """The hall said no, or (``UNREACHABLE``) nothing."""
    asked = kiosk.check_in
    if asked is None or asked.key != key:
        return kiosk
    step: CheckInFace = STEPS.get(code, "refused")
    return replace(kiosk, check_in=replace(asked, step=step, since=now, code=code, said=dict(said)))
