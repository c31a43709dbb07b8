"""What can have happened when devices are checked: inspections, opening checks, help at once, late repairs."""

from dataclasses import dataclass

from hall_server.core.check_state import Checked, DayCheck, Inspected


@dataclass(frozen=True, slots=True)
class TestCarried:
    """A test that is owed, or one of the opening check, as it stood when the day was opened."""

    id: str
    device: str
    at: float
    by: str
    outcome: str | None = None
    evidence: str = ""
    done_at: float | None = None


@dataclass(frozen=True, slots=True)
class ChecksCarried:
    """What the day that opens has to know of checks."""

    check: DayCheck | None = None
    tests: tuple[TestCarried, ...] = ()
    inspected: tuple[Inspected, ...] = ()


@dataclass(frozen=True, slots=True)
class DayCheckStarted:
    """The devices are looked at before the hall opens."""

    check: str


@dataclass(frozen=True, slots=True)
class DayCheckConfirmed:
    """A person has looked at a device that cannot say how it is."""

    check: str
    device: str
    ok: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class DeviceInspected:
    """A plan was carried out at a device; ``outcome`` is ok or defect, ``note`` says the defects."""

    device: str
    plan: str
    outcome: str
    items: tuple[Checked, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class FaultFixed:
    """Whoever stood before a device made it work again without a repair order."""

    device: str
    fault: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RepairEscalated:
    """A step, or the time that was promised (``due``, Unix seconds), has passed; ``to`` is who has to be called."""

    repair: str
    device: str
    state: str
    due: float
    to: str = ""
