"""Rules of paper: a slip is owed to one printer at a time, and never printed twice without the COPY mark."""

from hall_server.core import facts as f
from hall_server.core import routing
from hall_server.core.commands import ReportSlip
from hall_server.core.hall import Hall, SlipNow
from hall_server.core.refusal import Refused

MOST_ATTEMPTS = 6  # a slip that six printers could not print stays on the screen
OWED_LIMIT_S = 60.0  # nobody stands longer than this before a kiosk for paper that has not begun to print
CLAIM_LIMIT_S = 45.0  # a job is final after 15 s plus its time on the wire (27 s at 9,600 Bd)


def next_attempt(hall: Hall, slip: SlipNow, *, copied: bool, also_tried: str = "") -> list[f.Fact]:
    """Owe the slip to the next printer that works, or say that none is left; one that was taken back ends here."""
    if slip.void:
        return []
    tried = (*slip.tried, also_tried) if also_tried else slip.tried
    printer = _printer(hall, slip, () if copied else tried)
    if printer is None or slip.attempt >= MOST_ATTEMPTS:
        return [f.SlipFailed(slip.id, slip.ticket, "", slip.attempt, "no_printer")]
    return [f.SlipOwed(slip.id, slip.ticket, printer, slip.attempt + 1, copied or slip.copied)]


def _printer(hall: Hall, slip: SlipNow, tried: tuple[str, ...]) -> str | None:
    """A ticket comes out where it was taken, what a clerk has written where that clerk's slips come out."""
    clerks = hall.written(slip.id)
    if clerks is not None:
        return routing.window_printer(hall, clerks.window, tried)
    return routing.printer(hall, hall.tickets[slip.ticket].kiosk, tried)


def fail(hall: Hall, slip: SlipNow, reason: str, evidence: str = "") -> list[f.Fact]:
    """This printer made no valid paper: the next one is owed the slip in the same breath."""
    printer = slip.printer or ""
    return [
        f.SlipFailed(slip.id, slip.ticket, printer, slip.attempt, reason, evidence),
        *next_attempt(hall, slip, copied=False, also_tried=printer),
    ]


def report(hall: Hall, command: ReportSlip, now: float) -> list[f.Fact]:
    """A station's step. A claim for a slip that is no longer its own is refused; a late outcome changes nothing."""
    slip = hall.slips.get(command.slip)
    mine = slip is not None and (slip.printer, slip.attempt) == (command.printer, command.attempt)
    if slip is None or not mine:
        if command.outcome == "claim":
            raise Refused("slip_moved", "This slip is no longer owed to this printer.")
        return []
    if command.outcome == "claim":
        if slip.state != "owed":
            raise Refused("slip_claimed", f"This slip is {slip.state}: it must not be started again.")
        return [f.SlipClaimed(slip.id, command.printer, command.attempt)]
    return _outcome(hall, slip, command)


def _outcome(hall: Hall, slip: SlipNow, command: ReportSlip) -> list[f.Fact]:
    if slip.state not in ("owed", "printing", "unconfirmed"):
        return []
    if command.outcome == "printed":
        return [f.SlipPrinted(slip.id, command.printer, command.attempt, command.verdict)]
    if command.outcome == "failed":
        reason = command.faults[0] if command.faults else command.verdict
        return fail(hall, slip, reason, command.evidence)
    if slip.state == "unconfirmed":
        return []
    return [f.SlipUnconfirmed(slip.id, command.printer, command.attempt, command.verdict, command.evidence)]


def drop(hall: Hall, slip_id: str | None, reason: str) -> list[f.Fact]:
    """Paper that nobody needs any more is not begun."""
    slip = hall.slips.get(slip_id or "")
    if slip is None or slip.state != "owed":
        return []
    return [f.SlipFailed(slip.id, slip.ticket, slip.printer or "", slip.attempt, reason)]


def leave(hall: Hall, printer: str, reason: str) -> list[f.Fact]:
    """A printer went out of service: what it has not begun goes elsewhere."""
    waiting = [s for s in hall.owed.get(printer, {}).values() if s.state == "owed"]
    return [fact for slip in waiting for fact in fail(hall, slip, reason)]


def overdue(hall: Hall, now: float) -> list[f.Fact]:
    """Paper that did not come in time: not begun goes elsewhere, begun is in doubt."""
    found: list[f.Fact] = []
    for slip in hall.owed_slips():
        age_s = now - slip.since
        if slip.state == "owed" and age_s > OWED_LIMIT_S:
            found += fail(hall, slip, "no_answer")
        if slip.state == "printing" and age_s > CLAIM_LIMIT_S:
            found.append(f.SlipUnconfirmed(slip.id, slip.printer or "", slip.attempt, "no_answer"))
    return found
