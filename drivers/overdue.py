"""Who should have come back by now, counted in time that really passed for us."""

from collections.abc import Mapping

LOOKS = 2  # so much of the time between two looks counts, as a multiple of the pace: the rest we all stood still


class Overdue:
    """Looks at what is due every ``pace_s``.

    A process that is stopped, or a machine that sleeps, finds every time gone by when it goes on, and everybody in the
    middle of a step. So what it stood still is added to what is due, and who is late is named at the second look.
    """

    def __init__(self, now: float, pace_s: float) -> None:
        self._looked_at, self._pace_s = now, pace_s
        self._granted: dict[str, tuple[float, float]] = {}
        self._late: dict[str, float] = {}

    def look(self, now: float, due: Mapping[str, float | None]) -> list[str]:
        """The keys whose step, due at the time named, should have ended by the last look and has not by now."""
        stood_s = max(0.0, now - self._looked_at - LOOKS * self._pace_s)
        self._looked_at = now
        before, self._granted = self._granted, {}
        for key, at in due.items():
            if at is not None:
                same = before.get(key, (at, 0.0))
                self._granted[key] = (at, stood_s + (same[1] if same[0] == at else 0.0))
        late = {key: at for key, (at, granted_s) in self._granted.items() if now > at + granted_s}
        known, self._late = self._late, late
        return [key for key, at in late.items() if known.get(key) == at]
