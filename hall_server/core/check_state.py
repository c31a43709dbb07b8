"""What a hall remembers of its checks: the one before opening, and when each device was inspected last."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Checked:
    """One item of a checklist as it stood then, and what was found."""

    zh: str
    en: str
    ok: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class DayCheck:
    """The check of this opening; ``confirmed`` are devices that a person has looked at and found in order.

    ``despite`` is why the hall was opened although it was not ready.
    """

    id: str
    at: float
    by: str
    confirmed: tuple[str, ...] = ()
    despite: str = ""


@dataclass(frozen=True, slots=True)
class Inspected:
    """A plan for a device: in force since then, and when it was last carried out; times in Unix seconds."""

    device: str
    plan: str
    since: float
    done_at: float | None = None
    by: str = ""
    defects: int = 0
