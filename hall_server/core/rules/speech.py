"""Rules of what is said aloud: each call has an outcome with each voice module that owes it, said or not."""

from hall_server.core import facts as f
from hall_server.core.commands import ReportSpoken
from hall_server.core.facts import speech as s
from hall_server.core.hall import Hall
from hall_server.core.rules import proofs

LIMIT_S = 60.0  # begun within 20 s, said three times within 20 more, and told: later nobody will say


def report(hall: Hall, command: ReportSpoken, now: float) -> list[f.Fact]:
    """A station's or a screen's word about a call, or about the sentence of a test."""
    test = proofs.running(hall, command.device)
    if test is not None and command.announcement == test.name:
        done = f.DeviceTestDone(
            test.device, test.id, "spoken" if command.spoken else "failed", command.evidence
        )  # fmt: skip
        return [done, *(proofs.proved(hall, test.device, "spoken") if command.spoken else [])]
    call = hall.speech.get(command.device, {}).get(command.announcement)
    if call is None:
        return []  # told before, or too late to be believed
    kind = s.TicketSpoken if command.spoken else s.TicketNotSpoken
    return [kind(call.ticket, command.device, call.name, command.evidence)]


def untold(hall: Hall, now: float) -> list[f.Fact]:
    """What no station has told in time was not said: the clerk may call again."""
    late = ((device, call) for device, calls in hall.speech.items() for call in calls.values())
    return [
        s.TicketNotSpoken(call.ticket, device, call.name, "no answer")
        for device, call in late
        if now - call.at > LIMIT_S
    ]
