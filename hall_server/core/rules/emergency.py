"""Rules of an emergency: while it stands nobody is called and no tickets are given out; what is known is kept."""

from hall_server.core import facts as f
from hall_server.core.commands.emergency import LiftEmergency, StartEmergency
from hall_server.core.facts import emergency as e
from hall_server.core.facts import speech as s
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused


def start(hall: Hall, command: StartEmergency, now: float) -> list[f.Fact]:
    """Raise the alarm, or say that it is another danger; calls that nobody has said yet are not said any more."""
    if hall.emergency is not None and hall.emergency.kind == command.kind:
        raise Refused("emergency_stands", f"The alarm stands already: {hall.emergency.by} raised it.")
    unsaid = ((device, call) for device, calls in hall.speech.items() for call in calls.values())
    return [
        e.EmergencyStarted(command.kind),
        *(s.TicketNotSpoken(call.ticket, device, call.name, "emergency") for device, call in unsaid),
    ]


def lift(hall: Hall, command: LiftEmergency, now: float) -> list[f.Fact]:
    """The danger is over."""
    if hall.emergency is None:
        raise Refused("no_emergency", "No alarm stands.")
    return [e.EmergencyLifted(hall.emergency.kind)]


def need_calm(hall: Hall) -> None:
    """Let pass what sends customers somewhere only while no alarm stands."""
    if hall.emergency is not None:
        raise Refused("emergency", f"Alarm ({hall.emergency.kind}): nobody is called and no tickets are given out.")
