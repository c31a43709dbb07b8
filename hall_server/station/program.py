"""A station: told what the hall owes, it drives the devices on its cables and reports what became of it."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from display.phrases import Phrases
from drivers.health import Health, State
from drivers.ports import Colour, DeviceSpec, Press, PrintResult, SignContent, SpeechResult
from drivers.supervisor import Supervisor
from hall_server.contract import DeviceOrder, Owed, SignOrder, SlipOrder, SlipReport
from hall_server.station import silence
from hall_server.station.client import HallClient
from hall_server.station.link import Ears, Link, LinkState
from hall_server.station.log import SlipLog
from hall_server.station.pads import Pads
from hall_server.station.patterns import Patterns
from hall_server.station.prints import Prints
from hall_server.station.reports import Reporter
from hall_server.station.silence import Silence
from hall_server.station.slips import LOCALE, to_slip
from hall_server.station.speech import Speech
from hall_server.station.speech_log import SpeechLog
from hall_server.station.traces import Traces
from hall_server.station.trials import Trials
from hall_server.trace_files import FOLDER

LOG = logging.getLogger(__name__)
# A slip whose claim got no answer is tried again at this pace; the hall's own patience is longer.
LOOK_AGAIN_S = 2.0
# SIGTERM to end within a second: what hangs is a daemon thread and dies with the process.
STOP_WITHIN_S = 0.8


class Station:
    """One station of a hall; the ``on_…`` callbacks are for a kiosk around it."""

    def __init__(
        self,
        station_id: str,
        server_urls: str,
        token: str,
        state_dir: Path,
        *,
        recover_s: float = 30.0,
        helpers: Mapping[str, tuple[str, ...]] | None = None,
        on_owed: Callable[[Owed], None] | None = None,
        on_board: Callable[[dict[str, Any]], None] | None = None,
        on_link: Callable[[LinkState], None] | None = None,
        on_time: Callable[[str], None] | None = None,
        on_works: Callable[[str, bool], None] | None = None,
        on_slip: Callable[[SlipReport], None] | None = None,
    ) -> None:
        phrases = Phrases.load(LOCALE)
        self.client = HallClient(server_urls, token)
        self._on_owed = on_owed
        self._on_link = on_link
        self._on_works = on_works
        self._log = SlipLog(state_dir / "station.sqlite3")
        self._spoken = SpeechLog(state_dir / "station.sqlite3")
        self._reports = Reporter(station_id, self.client, self._log, self._spoken)
        slip_of = partial(to_slip, phrases=phrases)
        self._prints = Prints(station_id, self.client, self._log, slip_of, self._reports.outcomes, on_slip)
        self._health: dict[str, Health] = {}
        self._devices: tuple[DeviceSpec, ...] = ()
        self._signs: dict[str, SignContent] = {}
        self._owed: Owed | None = None
        self._released: dict[str, str] | None = None
        self._windows: dict[str, str] = {}
        self._silence = Silence()
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._ended = False
        self._supervisor = Supervisor((), self, clock=time.monotonic, recover_s=recover_s, helpers=helpers)
        self._patterns = Patterns(self._supervisor.show, self._repaint)
        self._trials = Trials(self._supervisor, slip_of, self._refit, self._reports.trial)
        self._speech = Speech(self._spoken, self._supervisor.say, phrases, self._reports.outcomes)
        self._pads = Pads(
            station_id, self.client, self._log, self._supervisor,
            heard=lambda: self._link.state is LinkState.UP, tell=self._reports.outcomes,
        )  # fmt: skip
        self._traces = Traces(state_dir / FOLDER, self._supervisor.trace, lambda: (d.id for d in self._devices))
        ears = Ears(owed=self._take, state=self._line, board=on_board, time=on_time)
        self._link = Link(server_urls, token, ears)
        self._looker = threading.Thread(target=self._look_again, name="station-look-again", daemon=True)

    def start(self) -> None:
        lost = self._log.recover()
        if lost:
            LOG.warning("%d slips were being printed when the station stopped: unconfirmed", lost)
        self._spoken.recover()
        self._supervisor.start()
        self._reports.start()
        self._pads.start()
        self._link.start()
        self._looker.start()
        self._traces.start()

    def stop(self) -> None:
        give_up_at = time.monotonic() + STOP_WITHIN_S
        self._stopping.set()
        self._patterns.stop()
        self._speech.stop()
        self._trials.stop()
        self._link.stop(_left_s(give_up_at))
        self._supervisor.stop(_left_s(give_up_at))
        self._reports.stop(_left_s(give_up_at))
        self._looker.join(_left_s(give_up_at))
        self._pads.stop(_left_s(give_up_at))
        self._traces.stop(_left_s(give_up_at))
        self._ended = True
        self.client.close()
        self._log.close()
        self._spoken.close()

    @property
    def link(self) -> LinkState:
        return self._link.state

    # For a kiosk that nobody answers.

    def assume(self, devices: tuple[DeviceOrder, ...]) -> None:
        """Run what the hall named in an earlier run, until it says more."""
        with self._lock:
            if not self._devices:
                self._fit(tuple(_spec(order) for order in devices))

    def print_alone(self, order: SlipOrder) -> None:
        """Print a slip that the hall has not heard of."""
        job = self._prints.alone(order)
        if job is not None:
            self._supervisor.print(job.printer, job.slip)

    def settle(self, slip: str) -> tuple[str | None, str]:
        """What became of a slip, to be told to the hall with its ticket; then it is the hall's to print."""
        return self._prints.settle(slip)

    # The devices' workers call these (drivers.ports.Listener).

    def health(self, device: str, health: Health) -> None:
        if self._trials.health(device, health):
            return
        with self._lock:
            self._health[device] = health
        self._reports.health({device: health})
        if self._on_works is not None:
            self._on_works(device, health.state in (State.OK, State.DEGRADED))

    def may_print(self, device: str, slip_id: str) -> bool:
        return not self._stopping.is_set() and (self._trials.is_one(device) or self._prints.may_print(device, slip_id))

    def printed(self, device: str, slip_id: str, result: PrintResult) -> None:
        if not self._ended and not self._trials.printed(
            device, result
        ):  # else the log still says *sending*, and the next start says unconfirmed
            self._prints.printed(device, slip_id, result)

    def shown(self, device: str, content_id: str, ms: float) -> None:
        if not self._trials.shown(device, ms) and self._is_news(device, content_id):
            self._reports.shown(device, content_id, ms)

    def sent(self, device: str, content_id: str) -> None:
        """The sign cannot say more."""
        if not self._trials.shown(device, None) and self._is_news(device, content_id):
            self._reports.shown(device, content_id, None)

    def _is_news(self, device: str, content_id: str) -> bool:
        """What became of a call or a test is; that a sign greets people belongs to nobody's story."""
        with self._lock:
            content = self._signs.get(device)
        called = content is not None and content.urgent and content.content_id == content_id
        return called or self._patterns.is_shown(device, content_id)

    def pressed(self, device: str, press: Press) -> None:
        if not self._trials.pressed(device, press.action):
            self._pads.pressed(device, press)

    def rated(self, device: str, rating_id: str, level: int) -> None:
        self._pads.rated(device, rating_id, level)

    def may_say(self, device: str, announcement_id: str) -> bool:
        return not self._stopping.is_set() and self._speech.may_say(device, announcement_id)

    def spoken(self, device: str, announcement_id: str, result: SpeechResult) -> None:
        if not self._ended:  # else the log still says *begun*, and the next start says that it was not said
            self._speech.spoken(device, announcement_id, result)

    # The line to the hall calls these.

    def _take(self, owed: Owed) -> None:
        with self._lock:
            self._owed = owed
            self._fit(tuple(_spec(order) for order in owed.devices))
            for device, order in owed.signs.items():
                self._show(device, _content(order))
            self._patterns.take({device: _content(order) for device, order in owed.patterns.items()})
            self._silence.heard()
            self._windows = owed.windows
            self._pads.take(owed)
            self._speech.take(owed)
            self._release(owed.released)
            self._trials.take(owed.trials, self._devices)
            self._print(owed.slips, fresh=True)
        if self._on_owed is not None:
            self._on_owed(owed)

    def _line(self, state: LinkState) -> None:
        self._silence.line(state is LinkState.UP)
        if state is LinkState.UP:
            with self._lock:
                # The hall may have called us silent, or restarted: it gets everything, then changes.
                self._reports.health(
                    {spec.id: self._health.get(spec.id, Health(State.UNKNOWN)) for spec in self._devices}
                )
        else:
            with self._lock:
                self._owed = None  # by the time the line is back, others may have printed what was owed
        if self._on_link is not None:
            self._on_link(state)

    def _look_again(self) -> None:
        """Without a live line nothing is started: what was owed a while ago may be printed elsewhere by now."""
        while not self._stopping.wait(LOOK_AGAIN_S):
            with self._lock:
                if self._owed is not None and self._link.state is LinkState.UP:
                    self._print(self._owed.slips, fresh=False)
                self._outdate()

    def _outdate(self) -> None:
        """What the hall said before it fell silent is not shown for ever."""
        if self._silence.longer_than(silence.PAD_STALE_S):
            self._pads.blank()
        if self._silence.longer_than(silence.SIGN_STALE_S):
            for device, number in self._windows.items():
                self._show(device, SignContent("silence", (number,), Colour.YELLOW))

    def _fit(self, devices: tuple[DeviceSpec, ...]) -> None:
        if devices == self._devices:
            return
        self._devices = devices
        self._signs.clear()
        self._pads.forget()
        kept = {spec.id for spec in devices}
        self._health = {device: health for device, health in self._health.items() if device in kept}
        self._supervisor.replace(self._trials.among(devices))

    def _refit(self, device: str) -> None:
        """A trial for this device has begun or is over: its port may have been lent for it, and is to be painted."""
        with self._lock:
            if self._stopping.is_set():
                return
            self._supervisor.replace(self._trials.among(self._devices))
            if device not in self._trials.lent(self._devices):
                self._repaint(device)

    def _show(self, device: str, content: SignContent) -> None:
        if self._signs.get(device) != content:
            self._signs[device] = content
            self._supervisor.show(device, content)

    def _repaint(self, device: str) -> None:
        """A test is over: the sign says what it should by now."""
        with self._lock:
            content = self._signs.get(device)
            if content is not None and not self._stopping.is_set():
                self._supervisor.show(device, content)

    def _release(self, released: dict[str, str]) -> None:
        """What was verified before we started is history: a fresh worker holds nothing back."""
        before, self._released = self._released, released
        for device, repair in released.items():
            if before is not None and before.get(device) != repair:
                self._supervisor.release(device)

    def _print(self, slips: tuple[SlipOrder, ...], fresh: bool) -> None:
        here = {spec.id for spec in self._devices} - self._trials.lent(self._devices)
        for job in self._prints.due(tuple(slip for slip in slips if slip.printer in here), fresh):
            self._supervisor.print(job.printer, job.slip)


def _left_s(give_up_at: float) -> float:
    return max(0.05, give_up_at - time.monotonic())


def _spec(order: DeviceOrder) -> DeviceSpec:
    return DeviceSpec(order.id, order.kind, order.url, tuple(sorted(order.options.items())))


def _content(order: SignOrder) -> SignContent:
    return SignContent(order.content_id, order.pages, Colour(order.colour), urgent=order.urgent)
