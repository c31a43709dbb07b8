"""The hall's time as its beats tell it; this computer's own clock may be wrong."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(slots=True)
class HallClock:
    """How far the hall is ahead of us, and when it was last heard, in its own words."""

    heard_at: str = ""
    _ahead_s: float = field(default=0.0)

    def heard(self, at: str) -> None:
        try:
            told = datetime.fromisoformat(at)
        except ValueError:
            return
        if told.tzinfo is not None:
            self.heard_at = at
            self._ahead_s = (told - datetime.now(UTC)).total_seconds()

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead_s)

    def now_ms(self) -> int:
        return round((time.time() + self._ahead_s) * 1000)
