"""The messages about checks: opening the day, inspections, help at once; ``contract`` names them with all others."""

from typing import Literal

from pydantic import Field

from display.board import Name
from hall_server.contract.messages import Id, Message, Note

ITEMS = 30  # of one checklist


class OpenDayRequest(Message):
    """Open the day; ``despite`` is why, when the opening check found that the hall is not ready."""

    despite: Note = ""


class ConfirmRequest(Message):
    """A person has looked at a device that cannot say how it is."""

    ok: bool = True
    note: Note = ""


class FixedRequest(Message):
    """Whoever stands before a device has helped it without a repair."""

    note: Note = ""


class CheckedItem(Message):
    """One item of a checklist as it was shown, and what was found."""

    zh: str = Field(max_length=60)
    en: str = Field(max_length=60)
    ok: bool
    note: str = Field(default="", max_length=200)


class InspectRequest(Message):
    """A plan carried out at a device; after a defect ``usable`` says whether it may go on working."""

    plan: Id
    items: tuple[CheckedItem, ...] = Field(max_length=ITEMS)
    usable: bool = True


class CheckRow(Message):
    """One device in the opening check; ``why`` is a code, of a fault or of what is still to be done."""

    device: str
    kind: str
    name: Name
    place: Literal["window", "kiosk", "hall"]
    at: str
    state: Literal["ok", "running", "hand", "bad"]
    why: str = ""


class DayCheckRow(Message):
    """The check of this opening; ``despite`` is why the hall was opened although it was not ready."""

    id: str
    at: str
    by: str
    state: Literal["ready", "running", "not_ready"]
    despite: str
    rows: tuple[CheckRow, ...]


class InspectionRow(Message):
    """A plan for one device: the day (YYYY-MM-DD) on which it is due, and when it was carried out last."""

    device: str
    kind: str
    name: Name
    place: Literal["window", "kiosk", "hall"]
    at: str
    plan: str
    title: Name
    every: Literal["day", "week", "month", "quarter"]
    items: tuple[Name, ...]
    due: str
    done_at: str | None = None
    by: str = ""
    defects: int = 0


class ChecksView(Message):
    """All checks of a hall: the one before opening, and the inspections in the order in which they are due."""

    day_open: bool
    opens: str
    check: DayCheckRow | None
    inspections: tuple[InspectionRow, ...]
