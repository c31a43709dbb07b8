"""What whoever stands before a faulty device can do: steps by fault code; the words are in the catalogues."""

from collections.abc import Mapping
from types import MappingProxyType

from display.phrases import Phrases
from hall_server.contract import DeviceRow

# fault code -> the steps that help; codes that need somebody who knows the machine lead to "service"
STEPS_FOR: Mapping[str, str] = MappingProxyType(
    {
        "paper_end": "paper", "paper_low": "paper",
        "cover_open": "cover", "feeding": "cover",
        "cutter": "cutter", "mechanical": "cutter",
        "head_hot": "heat", "offline_panel": "panel",
        "no_answer": "power", "no_ack": "power", "unreachable": "network", "refused": "network",
        "not_probed": "probing",
        "in_use": "other_program", "port_busy": "other_program",
        "garbled": "line", "wrong_device": "line", "address_clash": "line", "nak": "line", "bus_down": "line",
        "port_missing": "adapter", "port_blocked": "adapter", "port_permission": "service",
        "ticket_unconfirmed": "look", "stuck": "power", "stale": "station", "sound_blocked": "sound",
        "unspoken": "power", "unrecoverable": "service", "text_unsupported": "service", "declared": "declared",
    }
)  # fmt: skip
DRAWN = frozenset({"paper", "cover", "power", "line"})  # those with a drawing, static/help/NAME.svg
MOST_STEPS = 6


def steps_for(code: str | None, phrases: Phrases) -> tuple[str, tuple[str, ...]]:
    """The name of the steps that help with a fault, and the keys of their texts."""
    return _steps(STEPS_FOR.get(code or "", "service"), phrases)


def first_steps(device: DeviceRow, phrases: Phrases) -> tuple[str, tuple[str, ...]]:
    """What whoever stands before a device may try before a repair is asked for, also when nobody knows what it has."""
    code = next((code for code in device.faults if code in STEPS_FOR and code != "declared"), None)
    return steps_for(code, phrases) if code else _steps("restart", phrases)


def _steps(name: str, phrases: Phrases) -> tuple[str, tuple[str, ...]]:
    keys = (f"help.{name}.{number}" for number in range(1, MOST_STEPS + 1))
    return name, tuple(key for key in keys if key in phrases.texts["zh"])
