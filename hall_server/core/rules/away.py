"""Rules of numbers that kiosks give out alone: leased ahead, told afterwards, merged with what a clerk has called."""

from string import ascii_uppercase

from hall_server.core import facts as f
from hall_server.core import routing
from hall_server.core.blocks import Block, fresh
from hall_server.core.commands.away import IssueAway, Lease
from hall_server.core.facts import away as a
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from hall_server.core.rules import numbers
from hall_server.core.rules.slips import drop
from hall_server.core.tickets import State, Ticket, slip_of

# What a kiosk knows of the slip that it began: the facts that a station would have reported.
BEGUN = ("claimed", "printed", "unconfirmed")


def lease(hall: Hall, command: Lease, now: float) -> list[f.Fact]:
    """Fresh numbers for each service of which at most half a block is left."""
    _need_kiosk(hall, command.kiosk)
    if not hall.day_open:
        raise Refused("day_closed", "The hall is closed: no numbers are leased.")
    mine = [b for b in hall.blocks.values() if (b.kiosk, b.holder) == (command.kiosk, command.holder)]
    size, tops = hall.config.away.block, dict[str, int]()
    found: list[f.Fact] = []
    for service in hall.config.services:
        if sum(b.left for b in mine if b.service == service.id) > size // 2 or not size:
            continue
        lowest = max(hall.config.away.first, hall.series.get(service.prefix, 0) + 1, tops.get(service.prefix, 0))
        first = fresh(hall.blocks.values(), service.prefix, lowest)
        tops[service.prefix] = first + size
        last = first + size - 1
        found.append(a.BlockLeased(command.kiosk, command.holder, service.id, service.prefix, first, last))
        found += numbers.taken(hall, command.kiosk, service.prefix, first, last)
    return found


def issue(hall: Hall, command: IssueAway, now: float) -> list[f.Fact]:
    """A number that is in somebody's hand since a while; told a second time it is no news."""
    _need_kiosk(hall, command.kiosk)
    if command.code in hall.codes:
        return []
    if command.day != hall.day or not hall.day_open:
        series = next((s.prefix for s in hall.config.services if s.id == command.service), "")
        label = hall.numbers(series).label(command.number)
        return [a.NumberLapsed(command.kiosk, command.day, label, command.service)]
    block = _held(hall, command)
    came_at = _came_at(hall, block, command, now)
    before = block.used.get(command.number)
    if before is not None:
        merged = a.TicketMerged(before, command.code, came_at, command.kiosk, command.language)
        return [merged, *_paper(hall, command, before), *_instead(hall, command)]
    issued = f.TicketIssued(
        ticket=command.ticket, code=command.code, label=hall.numbers(block.series).label(command.number),
        series=block.series, number=command.number, service=block.service, kiosk=command.kiosk,
        language=command.language, came_at=came_at, away="kiosk",
    )  # fmt: skip
    return [issued, *_paper(hall, command, command.ticket), *_instead(hall, command)]


def _need_kiosk(hall: Hall, kiosk: str) -> None:
    if kiosk not in hall.kiosk_by_id:
        raise Refused("unknown_kiosk", f"There is no kiosk {kiosk!r}.")


def _held(hall: Hall, command: IssueAway) -> Block:
    """The kiosk's own block that has the number."""
    mine = [b for b in hall.blocks.values() if (b.kiosk, b.holder) == (command.kiosk, command.holder)]
    block = next((b for b in mine if b.service == command.service and b.has(command.number)), None)
    if block is None or command.number in block.void:
        raise Refused("not_leased", f"Number {command.number} is not leased to {command.kiosk} for this service.")
    return block


def _came_at(hall: Hall, block: Block, command: IssueAway, now: float) -> float:
    """The hall's time less the age that the kiosk measured: not before it last heard the hall, nor out of its order."""
    told = [b.came_at for b in hall.blocks.values() if b.holder == block.holder]
    return round(min(now, max(now - command.age_s, min(command.heard_at, now), *told)), 3)


def _paper(hall: Hall, command: IssueAway, ticket: str) -> list[f.Fact]:
    """What became of the slip, as if its station had reported it; the name is the one under which it was printed."""
    slip, at = slip_of(command.ticket), command.printer
    device = hall.device_by_id.get(at)
    if command.paper == "none" or device is None or device.kind != "printer":
        return []
    if command.paper == "failed":
        return [f.SlipFailed(slip, ticket, at, 1, command.reason or "not_sent")]
    found: list[f.Fact] = [f.SlipOwed(slip, ticket, at, 1)]
    if command.paper in BEGUN:
        found.append(f.SlipClaimed(slip, at, 1))
    if command.paper == "printed":
        found.append(f.SlipPrinted(slip, at, 1, "printed"))
    if command.paper == "unconfirmed":
        found.append(f.SlipUnconfirmed(slip, at, 1, command.reason or "unknown"))
    return found


def _instead(hall: Hall, command: IssueAway) -> list[f.Fact]:
    """The ticket whose answer was lost is given up: its customer has this one."""
    other = hall.tickets.get(command.instead_of or "")
    if other is None or other.kiosk != command.kiosk or other.state is not State.WAITING:
        return []
    return [f.TicketCancelled(other.id), *drop(hall, other.slip, "cancelled")]


def unseen(
    hall: Hall, window: str, label: str, name: str, code: str, now: float
) -> tuple[f.TicketIssued, Ticket] | None:
    """The ticket of a number that a clerk reads from a slip before anybody could tell the hall of it."""
    prefix = label.rstrip("0123456789")
    digits = label[len(prefix) :]
    if not digits or not name or prefix.strip(ascii_uppercase):
        return None
    found = [*_leased(hall, prefix, int(digits)), *_printed(hall, window, prefix, int(digits))]
    here = [one for one in found if one[1] in routing.eligible(hall, window)]
    if len(here) > 1:
        raise Refused("ambiguous_number", f"Say which one: {', '.join(_label(hall, *one) for one in here)}.")
    if found and not here:
        raise Refused("other_service", f"Window {window} does not serve what {label} is for.")
    if not here:
        return None
    (series, service, number), known = here[0], _label(hall, *here[0])
    issued = f.TicketIssued(
        ticket=name, code=code, label=known, series=series, number=number, service=service, came_at=now, away="typed",
    )  # fmt: skip
    return issued, Ticket(name, code, known, service, now, hall.seq + 1)


Unseen = tuple[str, str, int]  # series, service and number of what nobody has told of


def _label(hall: Hall, series: str, service: str, number: int) -> str:
    return hall.numbers(series).label(number)


def _leased(hall: Hall, prefix: str, number: int) -> list[Unseen]:
    blocks = (b for b in hall.blocks.values() if b.has(number) and number not in b.gone)
    return [(b.series, b.service, number) for b in blocks if prefix in ("", b.series)]


def _printed(hall: Hall, window: str, prefix: str, number: int) -> list[Unseen]:
    """A number of a paper roll is for what the window serves first; it needs its letter, or it might be anybody's."""
    series = hall.series_by_prefix.get(prefix)
    if series is None or not series.printed or not series.has(number):
        return []
    if number in hall.torn.get(prefix, {}) or series.label(number) in hall.kept:
        return []
    return [(prefix, service, number) for service in routing.eligible(hall, window)[:1]]
