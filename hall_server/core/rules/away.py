"""Rules of numbers that kiosks give out alone: leased ahead, told afterwards, merged with what a clerk has called."""

from string import ascii_uppercase

from hall_server.core import away_facts as a
from hall_server.core import facts as f
from hall_server.core import routing
from hall_server.core.blocks import Block, fresh
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from hall_server.core.rules.away_commands import IssueAway, Lease
from hall_server.core.rules.slips import drop
from hall_server.core.tickets import State, Ticket, label_of

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
        found.append(a.BlockLeased(command.kiosk, command.holder, service.id, service.prefix, first, first + size - 1))
    return found


def issue(hall: Hall, command: IssueAway, now: float) -> list[f.Fact]:
    """A number that is in somebody's hand since a while; told a second time it is no news."""
    _need_kiosk(hall, command.kiosk)
    if command.code in hall.codes:
        return []
    if command.day != hall.day or not hall.day_open:
        series = next((s.prefix for s in hall.config.services if s.id == command.service), "")
        return [a.NumberLapsed(command.kiosk, command.day, label_of(series, command.number), command.service)]
    block = _held(hall, command)
    came_at = _came_at(hall, block, command, now)
    before = block.used.get(command.number)
    if before is not None:
        merged = a.TicketMerged(before, command.code, came_at, command.kiosk, command.language)
        return [merged, *_paper(hall, command, before), *_instead(hall, command)]
    issued = f.TicketIssued(
        ticket=command.ticket, code=command.code, label=label_of(block.series, command.number), series=block.series,
        number=command.number, service=block.service, kiosk=command.kiosk, language=command.language,
        came_at=came_at, away="kiosk",
    )  # fmt: skip
    return [issued, *_paper(hall, command, command.ticket), *_instead(hall, command)]


def _need_kiosk(hall: Hall, kiosk: str) -> None:
    if kiosk not in hall.kiosk_by_id:
        raise Refused("unknown_kiosk", f"There is no kiosk {kiosk!r}.")


def _held(hall: Hall, command: IssueAway) -> Block:
    """The kiosk's own block that has the number."""
    mine = [b for b in hall.blocks.values() if (b.kiosk, b.holder) == (command.kiosk, command.holder)]
    block = next((b for b in mine if b.service == command.service and b.has(command.number)), None)
    if block is None:
        raise Refused("not_leased", f"Number {command.number} is not leased to {command.kiosk} for this service.")
    return block


def _came_at(hall: Hall, block: Block, command: IssueAway, now: float) -> float:
    """The hall's time less the age that the kiosk measured: not before it last heard the hall, nor out of its order."""
    told = [b.came_at for b in hall.blocks.values() if b.holder == block.holder]
    return round(min(now, max(now - command.age_s, min(command.heard_at, now), *told)), 3)


def _paper(hall: Hall, command: IssueAway, ticket: str) -> list[f.Fact]:
    """What became of the slip, as if its station had reported it; the name is the one under which it was printed."""
    slip, at = f"s-{command.ticket}", command.printer
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


def voids(hall: Hall) -> list[f.Fact]:
    """The end of the day for leased numbers that became no tickets."""
    blocks = hall.blocks.values()
    return [a.NumbersVoided(b.kiosk, b.series, first, last) for b in blocks for first, last in b.spans()]


def unseen(
    hall: Hall, window: str, label: str, name: str, code: str, now: float
) -> tuple[f.TicketIssued, Ticket] | None:
    """The ticket of a leased number that a clerk reads from a slip before its kiosk could tell of it."""
    series = label.rstrip("0123456789")
    digits = label[len(series) :]
    if not digits or not name or series.strip(ascii_uppercase):
        return None
    number = int(digits)
    blocks = [b for b in hall.blocks.values() if b.has(number) and number not in b.used]
    found = [b for b in blocks if not series or b.series == series]
    here = [b for b in found if b.service in routing.eligible(hall, window)]
    if len(here) > 1:
        raise Refused("ambiguous_number", f"Say which one: {', '.join(label_of(b.series, number) for b in here)}.")
    if found and not here:
        raise Refused("other_service", f"Window {window} does not serve what {label} is for.")
    if not here:
        return None
    block = here[0]
    known = label_of(block.series, number)
    issued = f.TicketIssued(
        ticket=name, code=code, label=known, series=block.series, number=number, service=block.service, came_at=now,
        away="typed",
    )  # fmt: skip
    return issued, Ticket(name, code, known, block.service, now, hall.seq + 1)
