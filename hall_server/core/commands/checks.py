"""Commands about checks: inspections, the opening check, help at once."""

from dataclasses import dataclass

from hall_server.core.check_state import Checked


@dataclass(frozen=True, slots=True)
class StartDayCheck:
    """Look at every device before the hall opens."""

    check: str


@dataclass(frozen=True, slots=True)
class ConfirmDevice:
    """A person has looked at a device; not ``ok`` opens the repair of that id."""

    device: str
    ok: bool
    repair: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Inspect:
    """A plan was carried out; a defect opens the repair of that id, and without ``usable`` the device is out of use."""

    device: str
    plan: str
    items: tuple[Checked, ...]
    repair: str
    usable: bool = True


@dataclass(frozen=True, slots=True)
class FixByMyself:
    """Whoever stands before a device has helped it without a repair."""

    device: str
    note: str = ""
