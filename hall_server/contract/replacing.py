"""The messages about replacing a device and its paper; ``contract`` names them with all others."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from display.board import Name
from hall_server.contract.messages import Evidence, Fault, Message, Note

Label = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$")]
Address = Annotated[str, StringConstraints(max_length=200, pattern=r"^[!-~]*$")]
TrialOutcome = Literal["printed", "shown", "sent", "answered", "unconfirmed", "failed", "found", "no_answer"]
FOUND_MOST = 64  # addresses that one look tells of: a hall's network has fewer printers


class TrialRequest(Message):
    """Try a unit at an address before it is taken; without ``url`` only look for what could be meant.

    ``options`` and ``columns`` are those of the device as it is, unless they are given.
    """

    url: Address = ""
    options: dict[str, Label] | None = None
    columns: Annotated[int, Field(ge=4, le=64)] | None = None


class ReplaceRequest(TrialRequest):
    """Take the unit at this address; ``reason`` says why, when no trial proved that it works."""

    url: Annotated[Address, StringConstraints(min_length=1)]
    model: Label = ""
    serial: Label = ""
    firmware: Label = ""
    reason: Note = ""
    note: Note = ""


class RollRequest(Message):
    """A new roll was loaded, or (``loaded`` false) so many were counted in stock."""

    loaded: bool = True
    rolls: Annotated[int, Field(ge=0, le=9999)] | None = None


class FoundRow(Message):
    """An address that could be meant, and what was seen there."""

    url: str
    said: str = ""


class TrialRow(Message):
    """The last trial of a device's replacement; ``outcome`` is null while it runs."""

    id: str
    url: str
    at: str
    by: str
    outcome: TrialOutcome | None = None
    faults: tuple[str, ...] = ()
    evidence: str = ""
    found: tuple[FoundRow, ...] = ()


class UnitRow(Message):
    """One piece of hardware: how it is opened, and what its label says."""

    opened_by: str
    model: str = ""
    serial: str = ""
    firmware: str = ""


class ReplacedRow(Message):
    """One unit in the place of another; ``reason`` is why it was taken without a proof that it works."""

    at: str
    by: str
    old: UnitRow
    new: UnitRow
    outcome: str = ""
    reason: str = ""


class TrialOrder(Message):
    """What a station shall try once: a unit at ``url`` in the place of ``device``, or (no ``url``) what there is.

    ``network`` is where it may ask for printers, ``known`` are hosts with ports that it leaves alone.
    """

    trial: str
    device: str
    kind: str
    url: str
    options: dict[str, str] = Field(default_factory=dict)
    hall: Name
    name: Name
    at: str
    timezone: str
    pages: tuple[str, ...] = ()
    network: str = ""
    known: tuple[str, ...] = ()


class TrialReport(Message):
    """What came of a trial; ``found`` are addresses, each with a blank and what was seen there."""

    trial: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
    outcome: TrialOutcome
    faults: tuple[Fault, ...] = ()
    evidence: Evidence = ""
    found: Annotated[tuple[Annotated[str, StringConstraints(max_length=300)], ...], Field(max_length=FOUND_MOST)] = ()
