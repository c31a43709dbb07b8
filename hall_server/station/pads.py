"""A pad's keys on their way to the hall, and what pads and rating units show: late or unheard means not done."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from drivers.ports import PadContent, Press
from hall_server.contract import Owed, PressReport, RatingReport, Report
from hall_server.station.client import HallClient, HallError
from hall_server.station.log import SlipLog

LOG = logging.getLogger(__name__)
# A clerk who saw nothing happen for so long presses again: nobody is called late by a key pressed early.
PRESS_WITHIN_S = 3.0
UNKNOWN = PadContent(None)


class Desks(Protocol):
    """The devices on clerks' desks, as ``drivers.supervisor.Supervisor`` runs them."""

    def show_pad(self, device_id: str, content: PadContent) -> None: ...

    def pad_result(self, device_id: str, press_id: str, ok: bool) -> None: ...

    def rate(self, device_id: str, rating_id: str) -> None: ...

    def stop_rating(self, device_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class _Key:
    """A press, the label that its pad showed then, and when it came (monotonic seconds)."""

    device: str
    press: Press
    seen: str
    at: float


class Pads:
    """The pads and rating units of one station; one thread carries keys to the hall, one after another."""

    def __init__(
        self, station: str, client: HallClient, log: SlipLog, desks: Desks,
        *, heard: Callable[[], bool], tell: Callable[[], None],
    ) -> None:  # fmt: skip
        self._station, self._client, self._log, self._desks = station, client, log, desks
        self._heard, self._tell = heard, tell
        self._shown: dict[str, PadContent] = {}
        self._asking: dict[str, str] = {}
        self._keys: queue.SimpleQueue[_Key | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="station-pads", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        self._keys.put(None)
        self._thread.join(timeout_s)

    def take(self, owed: Owed) -> None:
        """Show what the hall says now; a device is told of changes only."""
        for device, order in owed.pads.items():
            content = PadContent(order.waiting, order.ticket)
            if self._shown.get(device) != content:
                self._shown[device] = content
                self._desks.show_pad(device, content)
        before, self._asking = self._asking, dict(owed.ratings)
        for device in before.keys() - owed.ratings.keys():
            self._desks.stop_rating(device)
        for device, ticket in owed.ratings.items():
            if before.get(device) != ticket:
                self._desks.rate(device, ticket)

    def blank(self) -> None:
        """Nobody knows any more who waits and who is there."""
        for device in self._shown:
            if self._shown[device] != UNKNOWN:
                self._shown[device] = UNKNOWN
                self._desks.show_pad(device, UNKNOWN)

    def forget(self) -> None:
        """The devices are new: each has to be told everything."""
        self._shown.clear()
        self._asking.clear()

    def pressed(self, device: str, press: Press) -> None:
        """Asked about what the pad showed when it was pressed; the hall refuses what is no longer so."""
        shown = self._shown.get(device)
        self._keys.put(_Key(device, press, shown.ticket if shown else "", time.monotonic()))

    def rated(self, device: str, ticket: str, level: int) -> None:
        """A customer says it once: on disk first, told until the hall knows."""
        self._log.rated(RatingReport(device=device, ticket=ticket, level=level))
        self._tell()

    def _run(self) -> None:
        while (key := self._keys.get()) is not None:
            self._desks.pad_result(key.device, key.press.press_id, self._done(key))

    def _done(self, key: _Key) -> bool:
        left_s = PRESS_WITHIN_S - (time.monotonic() - key.at)
        if left_s <= 0 or not self._heard():
            return False
        press = key.press
        told = PressReport(
            device=key.device, press=press.press_id, action=press.action, digits=press.digits, seen=key.seen
        )
        try:
            report = Report(presses=(told,))
            answer = self._client.report(self._station, report, f"press-{press.press_id}", within_s=left_s)
        except HallError as trouble:
            LOG.info("the key %s of %s did nothing: %s", press.action, key.device, trouble)
            return False
        return any(one.ok for one in answer.presses)
