"""What each station owes at this moment: its devices, the texts of its signs, the slips of its printers."""

from collections.abc import Mapping
from itertools import islice

from display.board import Name, Wait
from hall_server import contract as c
from hall_server.core.hall import Hall, SlipNow
from hall_server.views import Outside, iso, paper, sign

SLIPS_AHEAD = 4  # slips of one printer that its station is told of at a time


def stations(orders: Mapping[str, tuple[str, c.DeviceOrder]]) -> tuple[str, ...]:
    """The stations that have devices."""
    return tuple(dict.fromkeys(station for station, _ in orders.values()))


def owed(hall: Hall, station: str, orders: Mapping[str, tuple[str, c.DeviceOrder]], outside: Outside) -> c.Owed:
    """The whole value for one station; ``orders`` holds, by device, its station and how to open it."""
    mine = {name: order for name, (at, order) in orders.items() if at == station}
    signs = {
        name: sign(hall, device.at, outside, device.columns)
        for name in mine
        if (device := hall.device_by_id.get(name)) is not None and device.kind == "sign" and device.place == "window"
    }
    tickets = (hall.tickets[name] for name in hall.recent.get(station, ()))
    papers = {t.id: known for t in tickets if (known := paper(hall, t)) is not None}
    return c.Owed(
        epoch=outside.epoch, rev=hall.seq, station=station, devices=tuple(mine.values()), signs=signs,
        slips=tuple(_slip(hall, slip, outside) for name in mine for slip in _first(hall, name)),
        papers=papers, released={name: repair for name, repair in hall.released.items() if name in mine},
    )  # fmt: skip


def _first(hall: Hall, printer: str) -> tuple[SlipNow, ...]:
    """A printer prints one slip after another: the next few are enough, however long its line has grown."""
    return tuple(islice(hall.owed.get(printer, {}).values(), SLIPS_AHEAD))


def _slip(hall: Hall, slip: SlipNow, outside: Outside) -> c.SlipOrder:
    ticket = hall.tickets[slip.ticket]
    service = hall.service_by_id.get(ticket.service)  # it may have been taken out of the settings meanwhile
    name = Name(service.zh, service.en) if service else Name(ticket.service, ticket.service)
    wait = ticket.wait_quoted
    return c.SlipOrder(
        slip=slip.id, ticket=ticket.id, printer=slip.printer or "", attempt=slip.attempt, copied=slip.copied,
        hall=Name(hall.config.zh, hall.config.en), label=ticket.label, service=name,
        language="en" if ticket.language == "en" else "zh", issued_at=iso(ticket.arrival),
        timezone=hall.config.timezone, ahead=ticket.ahead_quoted, estimate=Wait(*wait) if wait else None,
        url=outside.ticket_url(ticket) if hall.config.qr else None,
    )  # fmt: skip
