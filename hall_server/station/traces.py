"""Recordings of what is said on the station's cables, for whoever asks by ``hallcall devices trace``."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from drivers.trace import Recording
from hall_server.trace_files import DONE, ENOUGH, LOOK_EVERY_S, PART, REQUEST, UNKNOWN, ending, put, take

LOG = logging.getLogger(__name__)
Begin = Callable[[str, Path, str], Recording | None]


@dataclass(frozen=True, slots=True)
class _Running:
    """A recording and when it shall end, in monotonic seconds."""

    recording: Recording
    base: Path
    until: float


class Traces:
    """Looks each second whether a recording is wanted, and ends those whose time has come."""

    def __init__(self, folder: Path, begin: Begin, known: Callable[[], Iterable[str]]) -> None:
        self._folder, self._begin, self._known = folder, begin, known
        self._running: list[_Running] = []
        self._product = version("hallcall")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="station-traces", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        self._stop.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stop.wait(LOOK_EVERY_S):
            for path in sorted(self._folder.glob(f"*{REQUEST}")):
                self._take(path)
            now = time.monotonic()
            for one in [one for one in self._running if one.until <= now or one.recording.over]:
                self._end(one, "time")
            for one in [one for one in self._running if ending(one.base, ENOUGH).exists()]:
                self._end(one, "asked to")
        for one in list(self._running):
            self._end(one, "station stopped")

    def _take(self, path: Path) -> None:
        base = path.with_name(path.name.removesuffix(REQUEST))
        try:
            request = take(path)
            if request is None:
                LOG.info("the request %s is stale", path.name)
                return
            recording = self._begin(request.device, ending(base, PART), self._product)
            if recording is None:
                put(ending(base, UNKNOWN), sorted(self._known()))
                return
        except (OSError, ValueError, KeyError, TypeError) as trouble:
            LOG.warning("nothing is recorded for %s: %s", path.name, trouble)
            return
        LOG.info("recording what %s says for %s s", request.device, request.seconds)
        self._running.append(_Running(recording, base, time.monotonic() + request.seconds))

    def _end(self, one: _Running, why: str) -> None:
        self._running.remove(one)
        one.recording.end(why)
        try:
            ending(one.base, PART).replace(ending(one.base, DONE))
        except OSError as trouble:
            LOG.warning("the recording %s stays unnamed: %s", one.base.name, trouble)
