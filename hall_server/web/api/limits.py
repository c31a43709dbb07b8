"""Token buckets: how often a kiosk, and a whole hall, may issue."""

from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """Holds up to ``burst`` tokens and gains one every ``every_s`` seconds."""

    every_s: float
    burst: float
    tokens: float
    at: float

    def take(self, now: float) -> bool:
        """Take one token if there is one."""
        gained = (now - self.at) / self.every_s if self.every_s > 0 else self.burst
        self.tokens = min(self.burst, self.tokens + max(0.0, gained))
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


GUESS_EVERY_S = 30.0  # of ten digits nobody finds one so, and of a phone's last four hardly
GUESSES = 5  # a customer who mistypes has as many tries


class IssueLimits:
    """The buckets of all kiosks and of the hall, and of whoever tries the digits of an appointment."""

    def __init__(self, every_s: float, burst: int, hall_per_s: float) -> None:
        self._every_s, self._burst = every_s, burst
        self._kiosks: dict[str, Bucket] = {}
        self._guesses: dict[str, Bucket] = {}
        self._hall = Bucket(1 / hall_per_s, max(burst, 2 * hall_per_s), max(burst, 2 * hall_per_s), 0.0)

    def guess(self, who: str, now: float) -> bool:
        """Whether somebody may try digits; ``guessed`` gives the try back to whoever found an appointment."""
        fresh = Bucket(GUESS_EVERY_S, GUESSES, GUESSES, now)
        return self._guesses.setdefault(who, fresh).take(now)

    def guessed(self, who: str) -> None:
        """The digits were somebody's."""
        self._guesses[who].tokens += 1

    def take(self, kiosk: str | None, now: float) -> bool:
        """Whether a ticket may be issued now; ``kiosk`` is None for staff."""
        if kiosk is not None:
            fresh = Bucket(self._every_s, self._burst, self._burst, now)
            if not self._kiosks.setdefault(kiosk, fresh).take(now):
                return False
        return self._hall.take(now)
