"""The displays of windows: which devices they are, and whom each asks how it was."""

from collections.abc import Mapping

from hall_server.core.config import Device
from hall_server.core.hall import Hall
from hall_server.core.tickets import Ticket


def is_tablet(device: Device) -> bool:
    """To the rules it is a rating unit like others; no station has it, so the settings name itself as its own."""
    return device.kind == "rating" and device.station == device.id


def asking(hall: Hall) -> dict[str, Ticket]:
    """By window: whose customer its display asks now."""
    units = ((hall.device_by_id.get(unit), hall.tickets[ticket]) for unit, ticket in hall.asking.items())
    return {device.at: ticket for device, ticket in units if device is not None and is_tablet(device)}


def asked_at(hall: Hall, window: str, unit: str, label: str) -> str | None:
    """The ticket about which that display has asked; it may have stopped waiting while the answer was on its way."""
    device = hall.device_by_id.get(unit)
    if device is None or device.at != window:
        return None
    return next((one.id for one in hall.alike(label) if one.label == label and one.asked == unit), None)


def number_of(hall: Hall, window: str, numbers: Mapping[str, str]) -> str:
    """Who has a window, as customers may know them: not by name."""
    seat = hall.seats.get(window)
    return numbers.get(seat.clerk, "") if seat else ""
