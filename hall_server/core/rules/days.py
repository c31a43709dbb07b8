"""Rules of the hall itself: its configuration, the business day, and who may sign in."""

from hall_server.core import checks, closing
from hall_server.core import facts as f
from hall_server.core.commands import CloseDay, Configure, Grant, OpenDay, Revoke
from hall_server.core.facts.life import TicketKept
from hall_server.core.folds import carry
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from hall_server.core.rules.devices import restore
from hall_server.core.rules.evenings import need_empty
from hall_server.core.rules.numbers import voids
from hall_server.core.rules.seats import signed_out
from hall_server.core.rules.slips import drop
from hall_server.core.tickets import FINAL, MOVES


def configure(hall: Hall, command: Configure, now: float) -> list[f.Fact]:
    """The whole configuration, when it differs from the one in force."""
    if hall.configured and hall.config == command.config:
        return []
    kept = {device.id for device in command.config.devices}
    gone = [repair for repair in hall.repairs.values() if repair.device not in kept]
    ended = [f.RepairVerified(repair.id, repair.device, "removed") for repair in gone]
    # nobody could verify a device that the hall has no longer: its windows would stay closed for ever
    return [f.HallConfigured(command.config), *ended, *(fact for repair in gone for fact in restore(hall, repair))]


def open_day(hall: Hall, command: OpenDay, now: float) -> list[f.Fact]:
    """Open a day; the same date again gets the next serial, so that no label repeats."""
    if hall.day_open:
        raise Refused("day_open", f"The business day {hall.day} is open already.")
    if not hall.configured:
        raise Refused("not_configured", "The hall has no configuration yet.")
    unready = checks.against_opening(hall, now)
    if unready and not command.despite.strip():
        raise Refused("not_ready", f"The hall is not ready: {', '.join(unready)}. Say why it opens despite that.")
    last, _, serial = (hall.day or "").partition("/")
    date = max(last, command.date)  # a clock that was set back must not reopen a day whose labels are given out
    following = int(serial) + 1 if date == last else 1
    return [f.DayOpened(f"{date}/{following}", carry(hall), command.despite if unready else "", unready)]


def close_day(hall: Hall, command: CloseDay, now: float) -> list[f.Fact]:
    """Close the day once everybody is served, or for a reason; who is left expires, or stays if the hall keeps them."""
    if not hall.day_open or hall.day is None:
        raise Refused("day_closed", "No business day is open.")
    need_empty(hall, command.despite)
    left = [ticket for ticket in hall.tickets.values() if ticket.state not in FINAL]
    staying = MOVES["keep"] if hall.config.day.overnight == "carry" else ()
    ended = [TicketKept(one.id, command.despite) if one.state in staying else f.TicketExpired(one.id) for one in left]
    unneeded = [fact for ticket in left for fact in drop(hall, ticket.slip, "day_closed")]
    despite = command.despite if closing.here(hall) else ""
    return [*ended, *unneeded, *voids(hall), f.DayClosed(hall.day, despite, closing.overtime_s(hall))]


def grant(hall: Hall, command: Grant, now: float) -> list[f.Fact]:
    """Note who was let in; a clerk only to a window that there is."""
    if command.window and hall.configured and command.window not in hall.window_by_id:
        known = ", ".join(hall.window_by_id)
        raise Refused("unknown_window", f"There is no window {command.window!r}; there are {known}.")
    return [f.AccessGranted(command.credential, command.what, command.role, command.subject, command.window)]


def revoke(hall: Hall, command: Revoke, now: float) -> list[f.Fact]:
    """Note who was shut out."""
    return [*signed_out(hall, command.credential), f.AccessRevoked(command.credential)]
