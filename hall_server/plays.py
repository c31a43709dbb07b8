"""Proof of play: what TVs say that they show, summed up for some minutes before it becomes a fact."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from hall_server.core.commands import Command
from hall_server.core.commands.content import NotePlayed
from hall_server.core.facts.content import Shown

EVERY_S = 600.0  # a fact each ten seconds would be most of a journal; what a crash takes away was not counted
REPORT_S = 10.0  # what a TV says holds for the time since it last did, and for the first time for so long
LONGEST_S = 15.0  # of a silence that was longer nobody knows what was shown


@dataclass(slots=True)
class Plays:
    """What this server has heard since it last told."""

    do: Callable[[Command], None]
    clock: Callable[[], float]
    monotonic: Callable[[], float] = time.monotonic
    _seconds: Counter[tuple[str, str]] = field(default_factory=Counter)
    _heard: dict[str, float] = field(default_factory=dict)
    _since: float = 0.0
    _told_at: float | None = None

    def hear(self, device: str, content: str) -> None:
        """A TV says that it shows this now; nothing: it shows none of the hall's items."""
        now = self.monotonic()
        gone_s = now - self._heard.get(device, now - REPORT_S)
        self._heard[device] = now
        if content and gone_s <= LONGEST_S:
            if not self._seconds:
                self._since = self.clock() - gone_s
            self._seconds[content, device] += round(gone_s * 1000)

    def pass_time(self) -> None:
        """Each second: some minutes later it becomes a fact. Raises ``Unavailable``, and then tells it later."""
        if self._told_at is None or self.monotonic() - self._told_at >= EVERY_S:
            self.tell()

    def tell(self) -> None:
        """Make what was heard a fact, now."""
        self._told_at = self.monotonic()
        if self._seconds:
            shown = tuple(Shown(item, tv, ms // 1000) for (item, tv), ms in sorted(self._seconds.items()))
            self.do(NotePlayed(self._since, shown))
            self._seconds.clear()
