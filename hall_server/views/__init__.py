"""Views: frozen values made from the Hall for the public, for clerks, managers and maintenance."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from display.board import (
    Board,
    Call,
    Contacts,
    Display,
    Group,
    Name,
    Notice,
    Opening,
    Promo,
    Question,
    ServiceRow,
    Special,
    Wait,
    WindowRow,
)
from display.sign_text import SignTexts
from hall_server import contract as c
from hall_server.core import closing, crowd, hours, repairs, routing
from hall_server.core.config import INWARD, VOICE, Device, OnFault
from hall_server.core.content import READ, Item, span
from hall_server.core.hall import CallNow, Hall, Repair, WindowNow
from hall_server.core.pickups import ready_labels
from hall_server.core.policy import choice as policy
from hall_server.core.policy.estimate import Estimate, competing, estimate
from hall_server.core.policy.promise import risen
from hall_server.core.quiet import quiet
from hall_server.core.tickets import State, Ticket
from hall_server.views import tablets

MEDIA = "/media/"  # where pictures and films are
NEXT_ON_BOARD = 2  # labels shown as "next" per service
NEXT_FOR_CLERK = 5
NOT_CALLED = (State.WAITING, State.HELD)  # called once, but nobody is to come now
PAPERS_KEPT = 1024  # of all printers, in all states
AWAY = ("redirected", "paused")  # states in which a window names others


@dataclass(frozen=True, slots=True)
class Outside:
    """What views need that is no fact of the hall: the database's epoch, the build, where things are."""

    epoch: int
    build: str
    base_url: str
    signs: SignTexts
    addresses: Mapping[str, str] = field(default_factory=dict)
    simulated: Mapping[str, bool] = field(default_factory=dict)
    assets: Mapping[str, c.RegisterRow] = field(default_factory=dict)
    clerk_numbers: Mapping[str, str] = field(default_factory=dict)  # by role:id
    issue_every_s: float = 3.0  # how often one kiosk may issue, after a burst
    issue_burst: int = 3

    def saying(self, device: Device) -> "Outside":
        """The same for one sign, in words that its board has characters for."""
        own = self.signs.on(device.charset)
        return self if own is self.signs else replace(self, signs=own)

    def ticket_url(self, ticket: Ticket) -> str:
        """The address of a ticket's own page."""
        return f"{self.ticket_page}{ticket.code}"

    @property
    def ticket_page(self) -> str:
        """The same without the code."""
        return f"{self.base_url}/t/"


def iso(at: float) -> str:
    """Unix seconds as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_or_none(at: float | None) -> str | None:
    """The same, of a moment that may not have come."""
    return None if at is None else iso(at)


def service_name(hall: Hall, service: str) -> Name:
    """What a service is called; its id when it has been taken out of the settings meanwhile."""
    known = hall.service_by_id.get(service)
    return Name(known.zh, known.en) if known else Name(service, service)


def board(hall: Hall, outside: Outside) -> Board:
    """What the public sees."""
    calls = tuple(_call(hall, one) for one in hall.calls)
    asked = hall.calls if hall.day_open else ()  # a closed hall sends nobody to a window
    heroes = [one for one in asked if hall.tickets[one.ticket].state not in NOT_CALLED]
    return Board(
        epoch=outside.epoch, rev=hall.seq, at=iso(hall.at), build=outside.build, open=hall.day_open,
        hall=Name(hall.config.zh, hall.config.en), timezone=hall.config.timezone,
        hero=_call(hall, heroes[-1]) if heroes else None, calls=calls,
        windows=tuple(window_row(hall, w.id) for w in hall.config.windows),
        displays=tuple(sorted(_displays(hall, outside), key=lambda one: one.window)),
        services=tuple(_service_row(hall, s.id) for s in hall.config.services),
        appointments=bool(hall.config.appointments), codes=_codes(hall),
        several=hall.config.several,
        groups=tuple(Group(g.id, Name(g.zh, g.en), g.icon) for g in hall.config.groups),
        notices=tuple(_notice(hall, r) for r in hall.repairs.values() if _stands(hall, r) and _public(hall, r.device)),
        hours=openings(hall, ""), special=_special(hall),
        emergency=warning(hall, outside), promo=_told(hall, outside, "promo"), messages=_told(hall, outside, "ticker"),
        contacts=_contacts(hall, outside), info=tuple(place for place in READ if any(_current(hall, place))),
        speaker=next((device.id for device in hall.config.devices if device.speaks), ""),
        ready=ready_labels(hall.pickups.values(), hall.at, hall.config.timezone) if hall.config.pickup.shown else (),
    )  # fmt: skip


def _told(hall: Hall, outside: Outside, place: str) -> tuple[Promo, ...]:
    """What may still be shown there; pages look at their clock."""
    return tuple(
        Promo(one.id, one.kind, f"{MEDIA}{one.media}" if one.media else "", _line(one, outside), iso(begins), iso(ends))
        for one, begins, ends in _current(hall, place)
    )


def _contacts(hall: Hall, outside: Outside) -> Contacts:
    known = hall.config.contacts
    page = f"{outside.base_url}/complaint" if hall.config.qr else ""
    return Contacts(known.phone, known.mail, Name(known.box_zh, known.box_en), page)


def _current(hall: Hall, place: str) -> Iterator[tuple[Item, float, float]]:
    """What stands at a place and is not over, with its span."""
    spans = ((one, *span(one, hall.config.timezone)) for one in hall.content.values() if one.at(place))
    return (found for found in spans if found[2] > hall.at)


def _line(one: Item, outside: Outside) -> Name:
    """What the TV says of an item: of a guide where it is, of a fee how much."""
    name = Name(one.zh, one.en)
    if one.place not in READ:
        return name
    return outside.signs.phrases.both(f"tv.ticker.{one.place}", name=name, more=Name(one.more_zh, one.more_en))


def warning(hall: Hall, outside: Outside) -> Name | None:
    """What everybody shall do now, in words."""
    return None if hall.emergency is None else outside.signs.phrases.both(f"emergency.{hall.emergency.kind}")


def _codes(hall: Hall) -> bool:
    """Whether staff hand out slips by whose codes customers come back."""
    lists = any(one.materials for one in hall.config.checklists)
    return lists or any(one.pickup for one in hall.config.services)


def openings(hall: Hall, service: str) -> tuple[Opening, ...]:
    """The openings of today and of the next day that has some; none where nobody has said."""
    found = hours.shown(hall.config, hall.at, service) if hours.known(hall.config) else ()
    return tuple(Opening(iso(one.opens), iso(one.closes)) for one in found)


def _special(hall: Hall) -> tuple[Special, ...]:
    """Days unlike others that a page may have to announce, with the hours that hold on the first of them."""
    config = hall.config
    zone = ZoneInfo(config.timezone)
    near = hours.unlike(config, hall.at) if hours.known(config) else ()
    return tuple(
        Special(Name(one.zh, one.en), one.first, one.last, tuple(_span(span, zone) for span in found))
        for one, found in near
    )


def _span(one: hours.Opening, zone: ZoneInfo) -> str:
    local = (datetime.fromtimestamp(at, zone) for at in (one.opens, one.closes))
    return "–".join(at.strftime("%H:%M") for at in local)


def _stands(hall: Hall, repair: Repair) -> bool:
    """Whether a device is out of use; one with a defect that an inspection found works on until it fails."""
    return repair.fault != repairs.DEFECT or routing.failing(hall, repair.device)


def _public(hall: Hall, name: str) -> bool:
    """Whether a fault of this device changes anything for customers."""
    device = hall.device_by_id.get(name)
    if device is None or device.kind in INWARD or (device.kind == VOICE and device.place == "window"):
        return False
    if device.place == "window" or device.kind == "tv":
        others = device.kind == "tv" and routing.tv_works(hall)  # another one shows the calls
        return routing.chosen(hall, device) is not OnFault.NONE and not others
    if device.place == "kiosk" and device.kind == "printer":
        other = routing.printer(hall, device.at, tried=(device.id,))
        return other is None or routing.kiosk_of(hall, other) != device.at
    return True


def _call(hall: Hall, one: CallNow) -> Call:
    return Call(one.seq, one.label, one.window, iso(one.at), one.recall, not quiet(hall.config, one.at))


def reason(hall: Hall, window: str) -> str | None:
    """Why a window is redirected: the fault of the device that is broken, or 'manual'."""
    incidents = hall.windows[window].incidents
    broken = [r.fault for r in hall.repairs.values() if r.id in incidents]
    return broken[0] if broken else ("manual" if incidents else None)


def window_state(hall: Hall, window: str) -> str:
    """idle | called | serving | paused | redirected: whoever is still served at a paused window comes first.

    To the public a window where nobody is known to be is paused.
    """
    ticket = hall.active(window)
    if hall.windows[window].incidents:
        return "redirected"
    return ticket.state.value if ticket else "idle" if away_since(hall.windows[window]) is None else "paused"


def away_since(now: WindowNow) -> float | None:
    """Since when nobody calls at a window, because its clerk said so or because nobody is there."""
    return now.unattended if now.paused_at is None else now.paused_at


def _displays(hall: Hall, outside: Outside) -> Iterator[Display]:
    """Of windows whose clerk has a number, or whose customer is asked something."""
    asked = {at: Question(one.label, iso(one.ended_at or hall.at)) for at, one in tablets.asking(hall).items()}
    for window in hall.seats.keys() | asked.keys():
        number, question = tablets.number_of(hall, window, outside.clerk_numbers), asked.get(window)
        if number or question:
            yield Display(window, number, question)


def window_row(hall: Hall, window: str) -> WindowRow:
    """A window as the public sees it."""
    now, ticket, state = hall.windows[window], hall.active(window), window_state(hall, window)
    return WindowRow(
        id=window, state=state, label=ticket.label if ticket else None,
        since=iso_or_none(away_since(now) if state == "paused" else now.since),
        to=routing.detour(hall, window) if state in AWAY else (), reason=reason(hall, window),
        until=iso_or_none(now.until),
    )  # fmt: skip


def _service_row(hall: Hall, service: str) -> ServiceRow:
    known = hall.service_by_id[service]
    windows = routing.windows_for(hall, service)
    wait = estimate(hall, service)
    labels = (ticket.label for ticket in policy.coming(hall, (service,)))
    own = any(one.service == service for one in hall.config.calendar.hours)
    given = hall.day_open and bool(windows) and service not in hall.stopped
    full = hall.day_open and crowd.stops(hall, service)
    return ServiceRow(
        id=service, name=Name(known.zh, known.en), icon=known.icon, open=given and not full, crowded=full,
        slots=tuple(map(iso, crowd.free_slots(hall, service))) if full else (),
        waiting=len(hall.queues[service]), next=tuple(islice(labels, NEXT_ON_BOARD)),
        wait=Wait(wait.point_s, wait.upper90_s) if wait else None, windows=windows,
        hours=openings(hall, service) if own else (),
        last_at=iso_or_none(closing.last_at(hall, service, wait.ahead, hall.at)) if wait else None,
        offered=known.offered, group=known.group or None,
    )  # fmt: skip


def _notice(hall: Hall, repair: Repair) -> Notice:
    device, now = hall.device_by_id[repair.device], hall.devices[repair.device]
    # What the device says now is truer than what it said when the repair was asked for.
    fault = now.faults[0] if now.state == "failed" and now.faults and not repair.stops else repair.fault
    return Notice(
        id=repair.id, place=device.place, at=device.at, device=device.id, kind=device.kind,
        name=Name(device.zh, device.en), fault=fault, since=iso(repair.since), to=_instead(hall, device),
        expected=repair.expected if repairs.moment(repair.expected) is not None else None,
    )  # fmt: skip


def _instead(hall: Hall, device: Device) -> tuple[str, ...]:
    """Where people go instead: windows for a window, a kiosk for a kiosk, as long as the notice stands."""
    if device.place == "window":
        return routing.detour(hall, device.at) if hall.windows[device.at].incidents else ()
    if device.place == "kiosk" and device.kind == "printer":
        printer = routing.printer(hall, device.at, tried=(device.id,))
        kiosk = routing.kiosk_of(hall, printer) if printer else None
        return (kiosk,) if kiosk and kiosk != device.at else ()
    return ()


def paper(hall: Hall, ticket: Ticket) -> c.SlipState | None:
    """What is known about a ticket's paper."""
    return paper_of(hall, ticket.slip or "")


def paper_of(hall: Hall, name: str) -> c.SlipState | None:
    """What is known about a slip."""
    slip = hall.slips.get(name)
    if slip is None:
        return None
    kiosk = routing.kiosk_of(hall, slip.printer) if slip.printer else None
    return _paper(slip.state, slip.printer, kiosk, slip.copied, slip.reason)


@lru_cache(maxsize=PAPERS_KEPT)
def _paper(state: str, printer: str | None, kiosk: str | None, copied: bool, reason: str | None) -> c.SlipState:
    """One value for all slips of which the same is known: each call tells every kiosk of its last twenty."""
    return c.SlipState.model_validate(
        {"state": state, "printer": printer, "kiosk": kiosk, "copied": copied, "reason": reason}
    )


def ticket(hall: Hall, one: Ticket, outside: Outside) -> c.Ticket:
    """A ticket as its holder sees it."""
    wait = estimate(hall, one.service, one) if one.state is State.WAITING else None
    return c.Ticket(
        id=one.id, label=one.label, service=one.service, state=one.state.value, ahead=wait.ahead if wait else None,
        estimate=Wait(wait.point_s, wait.upper90_s) if wait else None, issued_at=iso(one.came_at),
        window=one.window if one.state in (State.CALLED, State.SERVING) else None, calls=one.calls,
        language="en" if one.language == "en" else "zh", slip=paper(hall, one), url=outside.ticket_url(one),
        to=one.bound if one.state is State.WAITING and not routing.free(hall, one) else None,
        later=wait.later if wait else 0, appointments=_by_appointment(hall, one) if wait and wait.ahead else 0,
        risen=_risen(hall, one, wait),
    )  # fmt: skip


def _risen(hall: Hall, one: Ticket, wait: Estimate | None) -> c.RisenWait | None:
    found = risen(hall, one, wait) if wait is not None else None
    return None if found is None else c.RisenWait.model_validate({"by_s": found.by_s, "why": found.why})


def _by_appointment(hall: Hall, mine: Ticket) -> int:
    """How many of those ahead have checked in after this ticket was taken."""
    given = (hall.tickets.get(one.ticket) for one in hall.appointments.values() if one.ticket is not None)
    rivals = competing(hall, routing.windows_for(hall, mine.service))
    waiting = [one for one in given if one is not None and one.state is State.WAITING and one.service in rivals]
    return sum(one.due is not None and one.seq > mine.seq and one.key < mine.key for one in waiting)
