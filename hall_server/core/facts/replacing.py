"""What can have happened when a device is replaced, and to the paper of printers; ``facts`` names all of it."""

from dataclasses import dataclass, field

from hall_server.core.replacements import Unit


@dataclass(frozen=True, slots=True)
class DeviceTrialAsked:
    """Somebody wants to see what is at an address before it is taken, or (no ``url``) what could be meant."""

    device: str
    trial: str
    kind: str
    station: str
    url: str = ""
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeviceTrialDone:
    """What came of it: printed, shown, sent, answered, unconfirmed, failed, found or no_answer."""

    device: str
    trial: str
    outcome: str
    faults: tuple[str, ...] = ()
    evidence: str = ""
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceReplaced:
    """Another unit stands behind the id; ``reason`` is why it was taken although no trial proved that it works.

    ``url``, ``options`` and ``columns`` are as the settings say it: another server writes them into its own.
    """

    device: str
    old: Unit
    new: Unit
    trial: str = ""
    outcome: str = ""
    reason: str = ""
    url: str = ""
    options: dict[str, str] = field(default_factory=dict)
    columns: int = 8


@dataclass(frozen=True, slots=True)
class DeviceRollLoaded:
    """A person put a new roll into a printer."""

    device: str


@dataclass(frozen=True, slots=True)
class DeviceRollsCounted:
    """So many rolls lie in stock for a printer."""

    device: str
    rolls: int
