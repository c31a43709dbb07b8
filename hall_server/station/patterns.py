"""Test patterns: each is shown once for a few seconds, then the sign says again what it should."""

import threading
from collections.abc import Callable, Mapping

from drivers.ports import SignContent

PATTERN_S = 5.0  # both pages of a pattern, and long enough to look at every dot


class Patterns:
    """The patterns that one station was asked for; a call that comes meanwhile is shown at once and stays."""

    def __init__(self, show: Callable[[str, SignContent], None], repaint: Callable[[str], None]) -> None:
        self._show, self._repaint = show, repaint
        self._running: dict[str, threading.Timer] = {}
        self._begun: dict[str, str] = {}
        self._lock = threading.Lock()

    def take(self, patterns: Mapping[str, SignContent]) -> None:
        """Show those that were not shown before."""
        for device, content in patterns.items():
            with self._lock:
                if self._begun.get(device) == content.content_id:
                    continue
                self._begun[device] = content.content_id
                if device in self._running:
                    self._running[device].cancel()  # it would repaint over the new one
                timer = self._running[device] = threading.Timer(PATTERN_S, self._repaint, (device,))
                timer.daemon = True
            self._show(device, content)
            timer.start()

    def is_shown(self, device: str, content_id: str) -> bool:
        """Whether a sign's receipt is for its test."""
        with self._lock:
            return self._begun.get(device) == content_id

    def stop(self) -> None:
        """Repaint nothing any more."""
        with self._lock:
            for timer in self._running.values():
                timer.cancel()
