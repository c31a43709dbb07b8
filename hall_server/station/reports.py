"""Tells the hall what happened at the devices: one worker, everything pending in one report, until acknowledged."""

import logging
import random
import threading
from collections import deque
from collections.abc import Mapping

from drivers.health import Health
from hall_server.contract import HealthReport, Report, ShownReport, TrialReport
from hall_server.contract.messages import EVIDENCE_CHARS, FAULT_CHARS
from hall_server.station.client import HallClient, Refused, Unreachable, new_key
from hall_server.station.log import SlipLog
from hall_server.station.speech_log import SpeechLog

LOG = logging.getLogger(__name__)
# A hall that cannot take a report is asked again soon: routing waits for it. Jitter keeps stations apart.
PAUSE_S = (0.3, 1.5)
# Answers that say "not now" or "not you (yet)"; anything else in 4xx will not become true by repeating.
ASK_AGAIN = frozenset({401, 403, 408, 425, 429})
# How long an acknowledgement of a sign is of interest; the newest 200 are two minutes of a busy hall.
SHOWN_KEPT = 200


class Reporter:
    """Collects what devices did; outcomes and ratings wait in the logs, health and acknowledgements in memory."""

    def __init__(self, station: str, client: HallClient, log: SlipLog, speech: SpeechLog) -> None:
        self._station = station
        self._client = client
        self._log = log
        self._speech = speech
        self._health: dict[str, HealthReport] = {}
        self._shown: deque[ShownReport] = deque(maxlen=SHOWN_KEPT)
        self._trials: list[TrialReport] = []
        self._lock = threading.Lock()
        self._work = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="station-reports", daemon=True)

    def start(self) -> None:
        self._work.set()  # outcomes of an earlier run may wait in the log
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        self._stop.set()
        self._work.set()
        self._thread.join(timeout_s)

    def health(self, readings: Mapping[str, Health]) -> None:
        """Report these devices; a newer reading replaces one that waits."""
        with self._lock:
            for device, health in readings.items():
                self._health[device] = HealthReport(
                    device=device,
                    state=health.state.value,
                    faults=tuple(fault[:FAULT_CHARS] for fault in health.faults),
                    evidence=health.evidence[:EVIDENCE_CHARS],
                )
        self._work.set()

    def shown(self, device: str, content_id: str, ms: float | None) -> None:
        with self._lock:
            self._shown.append(ShownReport(device=device, content_id=content_id, ms=ms))
        self._work.set()

    def trial(self, report: TrialReport) -> None:
        """What came of a trial; who asked for it waits."""
        with self._lock:
            self._trials.append(report)
        self._work.set()

    def outcomes(self) -> None:
        """The log holds new outcomes or ratings."""
        self._work.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._work.wait()
            self._work.clear()
            while not self._stop.is_set():
                report = self._take()
                if report == Report():
                    break
                self._deliver(report)

    def _take(self) -> Report:
        slips, ratings = self._log.unknown_to_hall(), self._log.ratings()
        with self._lock:
            report = Report(
                health=tuple(self._health.values()), slips=slips, shown=tuple(self._shown), ratings=ratings,
                trials=tuple(self._trials), spoken=self._speech.unknown_to_hall(),
            )  # fmt: skip
            for told in (self._health, self._shown, self._trials):
                told.clear()
        return report

    def _deliver(self, report: Report) -> None:
        """Repeat with the same key until acknowledged; what the hall refuses for good is taken apart."""
        key = new_key()
        while not self._stop.is_set():
            try:
                self._client.report(self._station, report, key)
            except Unreachable:
                self._pause()
            except Refused as refusal:
                if refusal.status in ASK_AGAIN or refusal.status >= 500:
                    self._pause()
                    continue
                self._refused(report, refusal)
                return
            else:
                self._known(report)
                return

    def _refused(self, report: Report, refusal: Refused) -> None:
        """One bad row must not hold up the others: try them one by one, drop the one that is refused."""
        singles = [Report(health=(one,)) for one in report.health]
        singles += [Report(slips=(one,)) for one in report.slips]
        singles += [Report(shown=(one,)) for one in report.shown]
        singles += [Report(ratings=(one,)) for one in report.ratings]
        singles += [Report(spoken=(one,)) for one in report.spoken]
        singles += [Report(trials=(one,)) for one in report.trials]
        if len(singles) == 1:
            LOG.warning("the hall refused a report for good: %s; %s", refusal, report.model_dump_json())
            self._known(report)
            return
        for single in singles:
            self._deliver(single)

    def _known(self, report: Report) -> None:
        self._log.known(report.slips)
        self._log.ratings_known(report.ratings)
        self._speech.known(report.spoken)

    def _pause(self) -> None:
        self._stop.wait(random.uniform(*PAUSE_S))
