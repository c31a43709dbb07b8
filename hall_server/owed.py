"""What each station owes at this moment: its devices, what signs, pads and rating units show, what to print and say."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from urllib.parse import urlsplit

from display.board import Name, Wait
from display.sign_text import check
from hall_server import contract as c
from hall_server.core import reviews
from hall_server.core.config import VOICE, Device
from hall_server.core.hall import DeviceTest, Hall, SlipNow
from hall_server.core.materials import Missing
from hall_server.core.pickups import PickUp
from hall_server.register.addresses import network_of
from hall_server.views import Outside, iso, paper, service_name
from hall_server.views.materials import order
from hall_server.views.signs import panel, sign

LEASE_S = 16 * 3600.0  # longer than any business day, shorter than until the next one: its numbers are others
SLIPS_AHEAD = 4  # slips of one printer that its station is told of at a time


def stations(orders: Mapping[str, tuple[str, c.DeviceOrder]]) -> tuple[str, ...]:
    """The stations that have devices."""
    return tuple(dict.fromkeys(station for station, _ in orders.values()))


def owed(hall: Hall, station: str, orders: Mapping[str, tuple[str, c.DeviceOrder]], outside: Outside) -> c.Owed:
    """The whole value for one station; ``orders`` holds, by device, its station and how to open it."""
    mine = {name: order for name, (at, order) in orders.items() if at == station}
    signs = {
        name: _sign(hall, device, outside.saying(device))
        for name in mine
        if (device := hall.device_by_id.get(name)) is not None and device.kind == "sign" and _says(hall, device)
    }
    tickets = (hall.tickets[name] for name in hall.recent.get(station, ()))
    papers = {t.id: known for t in tickets if (known := paper(hall, t)) is not None}
    return c.Owed(
        epoch=outside.epoch, rev=hall.seq, station=station, devices=tuple(mine.values()), signs=signs,
        pads={name: _pad(hall, device.at) for name in mine if (device := _standing(hall, name, "pad")) is not None},
        windows={name: _number(device) for name in signs if (device := hall.device_by_id.get(name)) is not None},
        ratings={name: ticket for name, ticket in hall.asking.items() if name in mine},
        slips=(*_test_slips(hall, mine), *(_slip(hall, slip, outside) for name in mine for slip in _first(hall, name))),
        speech=_speech(hall, mine),
        patterns=_patterns(hall, mine), trials=_trials(hall, station, outside),
        away=_away(hall, station, outside),
        papers=papers, released={name: repair for name, repair in hall.released.items() if name in mine},
    )  # fmt: skip


def _away(hall: Hall, kiosk: str, outside: Outside) -> c.AwayOrder | None:
    """The numbers that a kiosk may give out alone, as long as the day is open."""
    place = hall.kiosk_by_id.get(kiosk)
    if place is None or not hall.day_open or hall.day is None or not hall.config.away.block:
        return None
    printer = hall.device_by_id.get(place.printer or "")
    blocks = (block for block in hall.blocks.values() if block.kiosk == kiosk and block.left)
    return c.AwayOrder(
        day=hall.day, until=iso((hall.opened_at or hall.at) + LEASE_S), size=hall.config.away.block,
        page=outside.ticket_page if hall.config.qr else None,
        printer=printer.id if printer is not None and printer.station == kiosk else None,
        every_s=outside.issue_every_s, burst=outside.issue_burst,
        blocks=tuple(
            c.BlockOrder(
                holder=block.holder, service=block.service, series=block.series, first=block.first, last=block.last,
                digits=hall.numbers(block.series).digits, used=block.gone,
            )
            for block in blocks
        ),
    )  # fmt: skip


def _trials(hall: Hall, station: str, outside: Outside) -> tuple[c.TrialOrder, ...]:
    """What one station shall try; it is told whom it must leave in peace, also those of other stations."""
    return tuple(
        c.TrialOrder(
            trial=trial.id, device=device.id, kind=trial.kind, url=trial.url, options=trial.options,
            hall=Name(hall.config.zh, hall.config.en), name=Name(device.zh, device.en), at=iso(trial.at),
            timezone=hall.config.timezone, pages=_pattern(device),
            network="" if trial.url else network_of(outside.addresses.get(device.id, "")),
            known=tuple(urlsplit(url).netloc for url in dict(outside.addresses).values()),
        )
        for trial in hall.trials.values()
        if trial.outcome is None and trial.station == station
        and (device := hall.device_by_id.get(trial.device)) is not None
    )  # fmt: skip


def _pattern(device: Device) -> tuple[str, ...]:
    return tuple(text for text in ("8" * device.columns, device.at) if text)


def _says(hall: Hall, device: Device) -> bool:
    return device.place == "hall" or device.at in hall.window_by_id


def _sign(hall: Hall, device: Device, outside: Outside) -> c.SignOrder:
    """A sign of a window, or one that belongs to all of them."""
    if device.place == "hall":
        return panel(hall, outside, device)
    return sign(hall, device.at, outside, device.columns)


def _number(device: Device) -> str:
    """What a sign says when nobody knows any more what is true; a board of all windows then says nothing."""
    return "" if check(device.at, device.columns, device.charset) else device.at


def _standing(hall: Hall, name: str, kind: str) -> Device | None:
    """The device, if it is of this kind and stands at a window."""
    device = hall.device_by_id.get(name)
    return device if device is not None and device.kind == kind and device.at in hall.window_by_id else None


def _pad(hall: Hall, window: str) -> c.PadOrder:
    """What a clerk without a screen has to know."""
    ticket = hall.active(window)
    waiting = sum(len(hall.queues[service]) for service in hall.window_by_id[window].services)
    return c.PadOrder(waiting=waiting, ticket=ticket.label if ticket else "")


def _first(hall: Hall, printer: str) -> tuple[SlipNow, ...]:
    """A printer prints one slip after another: the next few are enough, however long its line has grown."""
    return tuple(islice(hall.owed.get(printer, {}).values(), SLIPS_AHEAD))


def _running(hall: Hall, devices: Iterable[str], kind: str) -> Iterator[tuple[DeviceTest, Device]]:
    """The tests that devices of this kind still owe."""
    for name in devices:
        test, device = hall.tests.get(name), hall.device_by_id.get(name)
        if test is not None and test.outcome is None and device is not None and device.kind == kind:
            yield test, device


def _test_slips(hall: Hall, devices: Iterable[str]) -> tuple[c.SlipOrder, ...]:
    """A test's slip is kept apart from tickets by its name; its label says what it is, also to an old station."""
    return tuple(
        c.SlipOrder(
            slip=test.name, ticket="", printer=device.id, attempt=1, copied=False,
            hall=Name(hall.config.zh, hall.config.en), label="TEST", service=Name(device.zh, device.en),
            language="zh", issued_at=iso(test.at), timezone=hall.config.timezone, ahead=0, estimate=None, url=None,
            test=True,
        )
        for test, device in _running(hall, devices, "printer")
    )  # fmt: skip


def _patterns(hall: Hall, devices: Iterable[str]) -> dict[str, c.SignOrder]:
    """Every digit place lit, then the number of the window: a dead module and a swapped sign both show."""
    return {
        device.id: c.SignOrder(content_id=test.name, pages=_pattern(device), colour="yellow")
        for test, device in _running(hall, devices, "sign")
    }


def _speech(hall: Hall, devices: Iterable[str]) -> tuple[c.SpeechOrder, ...]:
    """Tests first: somebody stands there and listens. Calls in their order, each with its own age."""
    tests = (
        c.SpeechOrder(
            id=test.name, device=device.id, ticket="", label="", window=device.at, at=iso(test.at),
            test=Name(device.zh, device.en),
        )
        for test, device in _running(hall, devices, VOICE)
    )  # fmt: skip
    calls = (
        c.SpeechOrder(id=one.name, device=name, ticket=one.ticket, label=one.label, window=one.window, at=iso(one.at))
        for name in devices
        for one in hall.speech.get(name, {}).values()
    )
    return (*tests, *calls)


def _slip(hall: Hall, slip: SlipNow, outside: Outside) -> c.SlipOrder:
    ticket, clerks = hall.tickets[slip.ticket], hall.written(slip.id)
    if clerks is not None:
        return _written_slip(hall, slip, clerks, outside)
    wait = ticket.wait_quoted
    return c.SlipOrder(
        slip=slip.id, ticket=ticket.id, printer=slip.printer or "", attempt=slip.attempt, copied=slip.copied,
        hall=Name(hall.config.zh, hall.config.en), label=ticket.label,
        service=service_name(hall, ticket.service),
        then=tuple(service_name(hall, one) for one in reviews.following(hall, ticket)),
        language="en" if ticket.language == "en" else "zh", issued_at=iso(ticket.came_at),
        timezone=hall.config.timezone, ahead=ticket.ahead_quoted, estimate=Wait(*wait) if wait else None,
        url=outside.ticket_url(ticket) if hall.config.qr else None, complaints=hall.config.contacts.phone,
    )  # fmt: skip


def _written_slip(hall: Hall, slip: SlipNow, one: Missing | PickUp, outside: Outside) -> c.SlipOrder:
    """Paper to take home; a phone opens its page by the same code from which a kiosk's scanner takes the digits."""
    return c.SlipOrder(
        slip=slip.id, ticket=one.ticket, printer=slip.printer or "", attempt=slip.attempt, copied=slip.copied,
        hall=Name(hall.config.zh, hall.config.en), label=one.label, language="zh",
        service=service_name(hall, one.service), issued_at=iso(one.at), timezone=hall.config.timezone, ahead=0,
        estimate=None,
        url=f"{outside.base_url}/m/{one.page}/{one.code}" if hall.config.qr else None, missing=order(one),
    )  # fmt: skip
