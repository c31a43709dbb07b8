"""What can have happened to devices and their repairs; ``facts`` has everything else and names all of it."""

from dataclasses import dataclass

from hall_server.core.repairs import Step
from hall_server.core.replacements import Replacement


@dataclass(frozen=True, slots=True)
class DeviceCarried:
    """A device's health as it stood when a day was opened; ``slips`` were printed from the roll that is in it.

    ``released`` is the last repair of it that a person had verified.
    """

    device: str
    state: str
    faults: tuple[str, ...]
    evidence: str
    since: float | None
    slips: int | None = None
    rolls: int | None = None
    replaced: tuple[Replacement, ...] = ()
    released: str = ""


@dataclass(frozen=True, slots=True)
class RepairCarried:
    """A repair that was open when a day was opened, or had been verified so lately that it may be reopened."""

    repair: str
    device: str
    fault: str
    declared: bool
    since: float
    by: str
    state: str
    note: str = ""
    expected: str | None = None
    order: str = ""
    waiting: int = 0
    steps: tuple[Step, ...] = ()
    escalated: float | None = None


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    """A device's health changed."""

    device: str
    state: str
    faults: tuple[str, ...] = ()
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class DeviceTestAsked:
    """Somebody wants to see a device work: a marked slip, or a pattern on a sign."""

    device: str
    test: str


@dataclass(frozen=True, slots=True)
class DeviceTestDone:
    """What came of a test: printed, shown, sent (it cannot say more), spoken, unconfirmed, failed or no_answer."""

    device: str
    test: str
    outcome: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class SignShown:
    """A sign acknowledged a call; ``ms`` None: it was sent to a sign that cannot say whether it shows it."""

    device: str
    content: str
    ms: float | None


@dataclass(frozen=True, slots=True)
class FaultDeclared:
    """A person said that a device does not work."""

    device: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RepairOpened:
    """A repair stands from here on, and with it the public notice.

    ``order`` is the earlier repair that this one goes on with, empty for a new one; ``waiting`` are the customers in
    line at this moment.
    """

    repair: str
    device: str
    fault: str
    declared: bool
    note: str = ""
    order: str = ""
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class RepairAdvanced:
    """An order took a step, or somebody said more about the one it is at."""

    repair: str
    device: str
    state: str
    note: str = ""
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class RepairVerified:
    """The repair is over: seen to work by a person, by itself or by a slip, or the device was removed (``how``)."""

    repair: str
    device: str
    how: str
    note: str = ""
