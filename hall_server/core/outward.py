"""What programs outside may hear of each fact: an event and a few fields, nothing that a person wrote or is."""

from typing import Any

from hall_server.core import facts as f
from hall_server.core.facts import emergency as e
from hall_server.core.facts import life as lf
from hall_server.core.facts import rolls as r
from hall_server.core.facts import windows as w

_TOLD: dict[type[Any], tuple[str, tuple[str, ...]]] = {
    f.TicketIssued: ("issued", ("ticket", "service", "kiosk")),
    f.TicketCalled: ("called", ("ticket", "window")),
    f.TicketRecalled: ("recalled", ("ticket", "window")),
    f.TicketStarted: ("started", ("ticket", "window")),
    f.TicketFinished: ("finished", ("ticket", "window")),
    w.TicketTransferred: ("transferred", ("ticket", "window", "service", "to")),
    lf.TicketStepped: ("transferred", ("ticket", "window", "service")),
    lf.TicketHeld: ("held", ("ticket", "window")),
    lf.TicketResumed: ("started", ("ticket", "window")),
    lf.TicketReinstated: ("reinstated", ("ticket",)),
    lf.TicketUndone: ("undone", ("tickets", "moves")),
    f.TicketNoShow: ("left", ("ticket",)),
    f.TicketCancelled: ("left", ("ticket",)),
    f.TicketExpired: ("left", ("ticket",)),
    r.TicketServedEntered: ("finished", ("ticket", "window")),
    r.TicketLeftEntered: ("left", ("ticket",)),
    w.TicketRated: ("rated", ("ticket", "level")),
    f.DeviceChanged: ("device", ("device", "state", "faults")),
    f.RepairOpened: ("device", ("device", "repair", "fault")),
    f.RepairVerified: ("device", ("device", "repair", "how")),
    w.WindowPaused: ("window", ("window",)),
    w.WindowResumed: ("window", ("window",)),
    f.WindowRedirected: ("window", ("window",)),
    f.WindowRestored: ("window", ("window",)),
    f.DayOpened: ("day", ("day",)),
    f.DayClosed: ("day", ("day",)),
    e.EmergencyStarted: ("emergency", ("kind",)),
    e.EmergencyLifted: ("emergency", ("kind",)),
}
EVENTS = tuple(dict.fromkeys(event for event, _ in _TOLD.values()))
KINDS = {kind.__name__: event for kind, (event, _) in _TOLD.items()}  # by the name of a fact in the journal


def told(fact: f.Fact) -> dict[str, Any]:
    """The fields of a fact that leave the hall; of a fact that is no event none do."""
    _, fields = _TOLD.get(type(fact), ("", ()))
    return {name: getattr(fact, name) for name in fields}
