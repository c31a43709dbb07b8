"""How long the hall has been silent, and from when on what it said last is no longer shown as if it were of now."""

import time

PAD_STALE_S = 3.0  # a server that restarts is back within it; a clerk presses no key about numbers that are older
SIGN_STALE_S = 300.0  # a call may still be true for some minutes; a wrong number is worse than none after five


class Silence:
    """Begins with the station, ends while the line is up."""

    def __init__(self) -> None:
        self._since: float | None = time.monotonic()

    def line(self, up: bool) -> None:
        """The line to the hall is up, or it is not."""
        if up:
            self._since = None
        elif self._since is None:
            self._since = time.monotonic()

    def heard(self) -> None:
        """The hall spoke; the line that it spoke on may not be called up yet."""
        if self._since is not None:
            self._since = time.monotonic()

    def longer_than(self, seconds: float) -> bool:
        """Whether nothing has been heard for so long."""
        return self._since is not None and time.monotonic() - self._since > seconds
