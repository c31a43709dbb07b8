"""Whom to call by hand while no server answers; a page of the kiosk to be printed, of labels and nothing else."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from display.board import Name


@dataclass(frozen=True, slots=True)
class CallRow:
    """A service: who waited when the hall was last heard, in their order, and who took a number here since."""

    name: Name
    waiting: tuple[str, ...]
    own: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallList:
    """All services, and when the hall said who waits."""

    hall: Name
    timezone: str
    at: str
    rows: tuple[CallRow, ...]

    @property
    def time(self) -> str:
        return f"{datetime.fromisoformat(self.at).astimezone(ZoneInfo(self.timezone)):%Y-%m-%d %H:%M}"
