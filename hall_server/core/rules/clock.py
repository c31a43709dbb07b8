"""What the passing of time alone makes true: silence, overdue paper, questions nobody answered. Only on change."""

from hall_server.core import facts as f
from hall_server.core.commands import Tick
from hall_server.core.hall import Hall
from hall_server.core.rules import (
    appointments,
    checks,
    evenings,
    helping,
    life,
    proofs,
    ratings,
    redirects,
    replacing,
    slips,
    speech,
)

SILENT_S = 5.0  # a station that restarts is back within 3 s; after 5 s we no longer know how its devices are


def tick(hall: Hall, command: Tick, now: float) -> list[f.Fact]:
    """Each second: stations that stay silent make their devices unknown; what takes too long is settled."""
    found = [
        *_silent_stations(hall, now),
        *slips.overdue(hall, now),
        *ratings.unanswered(hall, now),
        *checks.due(hall, now),
        *checks.late(hall, now),
        *speech.untold(hall, now),
        *evenings.due(hall, now),
        *helping.due(hall, now),
        *life.overdue(hall, now),
        *appointments.missed(hall, now),
    ]
    return [*found, *redirects.due(hall, now), *proofs.overdue(hall, now), *replacing.overdue(hall, now)]


def _silent_stations(hall: Hall, now: float) -> list[f.Fact]:
    lost = {name for name, s in hall.stations.items() if not s.connected and now - s.since > SILENT_S}
    found: list[f.Fact] = []
    for device in hall.config.devices:
        if device.station in lost and hall.devices[device.id].state not in ("unknown", "disabled"):
            found.append(f.DeviceChanged(device.id, "unknown", ("stale",), f"station {device.station} is silent"))
            if device.kind == "printer":
                found += slips.leave(hall, device.id, "stale")
    return found
