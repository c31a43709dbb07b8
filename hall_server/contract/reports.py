"""The messages of reports over devices: their repairs one by one, and whether to repair or replace them."""

from typing import Literal

from display.board import Name
from hall_server.contract.messages import Message

Advice = Literal["replace", "warranty", "inspect", "keep"]


class RepairRecord(Message):
    """One repair with the times of its steps, or one replacement (``fault`` *replaced*); empty: it did not happen."""

    device: str
    order: str = ""
    fault: str
    reported: str
    by: str
    accepted: str = ""
    on_site: str = ""
    waiting_parts: str = ""
    fixed: str = ""
    verified: str = ""
    how: str = ""
    minutes: int | None = None
    notes: str = ""


class Repairs(Message):
    """The repairs and replacements of a year, the newest first."""

    repairs: tuple[RepairRecord, ...]


class ReportRow(Message):
    """A device over the days of a report; ``failures`` and ``failures_30`` are those of the unit that stands there now.

    ``since`` is the day on which it came (empty: nobody wrote it), ``age_days`` from then.
    """

    device: str
    kind: str
    name: Name
    model: str
    serial: str
    open_s: int
    down_s: int
    failures: int
    failures_30: int
    mtbf_s: int | None
    mttr_s: int | None
    customers: int
    since: str
    age_days: int | None
    warranty_until: str
    in_warranty: bool
    advice: Advice


class DeviceReport(Message):
    """All devices over some days, both included, and the numbers of the rule by which each is advised on."""

    first: str
    last: str
    often: int
    few: int
    old_days: int
    rows: tuple[ReportRow, ...]
