"""Rules of paper: a roll that a person put in, and the rolls that lie in stock."""

from hall_server.core import facts as f
from hall_server.core.commands import CountRolls, LoadRoll
from hall_server.core.config import Device
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from hall_server.core.rules.devices import need_device


def _need_printer(hall: Hall, name: str) -> Device:
    device = need_device(hall, name)
    if device.kind != "printer":
        raise Refused("no_printer", f"{device.en} takes no paper.")
    return device


def load(hall: Hall, command: LoadRoll, now: float) -> list[f.Fact]:
    """The paper counter begins again, and one roll has left the stock."""
    return [f.DeviceRollLoaded(_need_printer(hall, command.device).id)]


def count(hall: Hall, command: CountRolls, now: float) -> list[f.Fact]:
    """A person counted; what was counted before is not news."""
    device = _need_printer(hall, command.device)
    return [] if hall.devices[device.id].rolls == command.rolls else [f.DeviceRollsCounted(device.id, command.rolls)]
