"""A complaint at the kiosk: about what, a number to call or none, and the number under which the hall has it; pure."""

from dataclasses import replace
from typing import Any

from display.board import Name
from hall_server.contract import ComplaintRequest, Language
from kiosk.aside import Aside
from kiosk.touch import Kiosk, face

# what can be chosen -> the icon of its button
MATTERS = {
    "attitude": "user",
    "wait": "clock",
    "outcome": "scroll-text",
    "fees": "receipt-text",
    "place": "wrench",
    "other": "circle-help",
}


def opened(kiosk: Kiosk, language: Language, key: str, now: float) -> Kiosk:
    """A touch on the header, or on the menu."""
    if face(kiosk) not in ("home", "menu") or kiosk.cut or kiosk.board is None:
        return kiosk
    return replace(kiosk, aside=Aside(key, language, now, "complaint"))


def chosen(kiosk: Kiosk, matter: str, now: float) -> Kiosk:
    """About what; whoever leaves no number stays unknown."""
    aside = kiosk.aside
    if aside is None or aside.step != "complaint" or matter not in MATTERS:
        return kiosk
    return replace(kiosk, aside=replace(aside, step="complaint_contact", topic=matter, since=now))


def sending(kiosk: Kiosk, now: float) -> Kiosk:
    """The customer is done: of many taps only the first changes anything."""
    aside = kiosk.aside
    if aside is None or aside.step != "complaint_contact":
        return kiosk
    return replace(kiosk, aside=replace(aside, step="sending", since=now))


def request(aside: Aside, contact: str) -> ComplaintRequest:
    """What the hall is told."""
    return ComplaintRequest.model_validate({"matter": aside.topic, "contact": contact})


def sent(kiosk: Kiosk, key: str, number: int | None, now: float) -> Kiosk:
    """The hall has it, or (None) nobody took it: then the customer has to know that."""
    aside = kiosk.aside
    if aside is None or aside.key != key or aside.step != "sending":
        return kiosk
    step: Any = "uncomplained" if number is None else "complained"
    return replace(kiosk, aside=replace(aside, step=step, number=number or 0, since=now))


def elsewhere(kiosk: Kiosk, both: Any) -> Name | None:
    """Where else one can complain, in a line."""
    known = kiosk.board.contacts if kiosk.board is not None else None
    if known is None:
        return None
    box = both("complaint.box", where=known.box) if known.box.zh else Name("", "")
    parts = (Name(known.phone, known.phone), Name(known.mail, known.mail), box)
    said = [part for part in parts if part.zh]
    zh, en = (" · ".join(getattr(part, lang) for part in said) for lang in ("zh", "en"))
    return both("complaint.else", ways=Name(zh, en)) if said else None
