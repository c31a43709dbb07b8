"""A program whose own thread has died ends: the hall then sees that it is gone, and does not believe its last words."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LOG = logging.getLogger(__name__)
# Drivers have keepers of their own. These have nobody, and without one of them everything would seem to be in order.
VITAL = frozenset(
    {"station-link", "station-reports", "station-pads", "station-look-again", "devices watched", "kiosk-lease"}
)
EXIT_BROKEN = 70  # whoever keeps it running starts it again


@contextmanager
def vigil() -> Iterator[None]:
    """Meanwhile a vital thread that dies takes the program with it; one that is told to stop may die as it likes."""
    before, threading.excepthook = threading.excepthook, _died
    try:
        yield
    finally:
        threading.excepthook = before


def _died(why: threading.ExceptHookArgs) -> None:
    threading.__excepthook__(why)
    name = why.thread.name if why.thread is not None else ""
    if name in VITAL:
        LOG.critical("%s has died, so this program ends", name)
        os._exit(EXIT_BROKEN)
