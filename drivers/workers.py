"""Which worker drives which devices: the one place that knows every kind of owner of a port."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from drivers.bus import BusWorker
from drivers.bus.health import Record
from drivers.bus.worker import STEP_S
from drivers.catalog import check_all, not_here
from drivers.escpos.printer import hide, open_heard
from drivers.fence import Fence
from drivers.health import Health, State
from drivers.helper.child import Child
from drivers.helper.line import HelperLine
from drivers.helper.printer import HelperPrinter
from drivers.helper.talk import Talk
from drivers.helper.words import is_helper, name_of, without_paper
from drivers.keeper import Keeper, Messenger, Worker
from drivers.ports import Clock, DeviceSpec, Printer
from drivers.print_queue import PrintWorker, Seen
from drivers.reach import ASSETS, ReachWorker
from drivers.sim.indoors import Simulators
from drivers.speech import SpeechWorker
from drivers.trace import HeardPrinter

JOB_S = 60.0  # for a slip: 15 s, nearly as long for a test's questions, an opening, the hall's word before all that
SLOW_JOB_S = 120.0  # ... and its way: a picture takes half a minute at 9600 Bd, two at 2400
Factory = Callable[[DeviceSpec], Printer]
Helpers = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What all workers of a station have in common."""

    clock: Clock
    recover_s: float
    make_printer: Factory | None
    helpers: Helpers
    step_s: float = STEP_S
    simulators: Simulators = field(default_factory=Simulators)

    def problems(self, specs: tuple[DeviceSpec, ...]) -> list[str]:
        """Why these devices cannot be driven here."""
        url = specs[0].url
        elsewhere = not_here(url)
        if problems := check_all(specs) or ([elsewhere] if elsewhere else []):
            return problems
        if is_helper(url) and name_of(url) not in self.helpers:
            return [f"no [[helper]] {name_of(url)!r} is declared on this computer"]
        return []

    def fence(self, specs: tuple[DeviceSpec, ...]) -> Fence:
        """The way of these devices' bytes, which can be listened in to, and cut."""
        if specs[0].kind != "printer":
            return Fence()
        return Fence(without_paper if is_helper(specs[0].url) else hide)

    def worker(
        self, specs: tuple[DeviceSpec, ...], told: Messenger, fence: Fence, before: Keeper | None, known: Health | None
    ) -> Worker:
        """The owner of their port. ``before`` had it; ``known`` is why it was given up, and holds until disproved."""
        specs = self.simulators.wired(specs)
        first = specs[0]
        if first.kind == "printer":
            return self._printer(first, told, fence, before, known)
        if first.kind == "voice":
            return SpeechWorker(first, told, clock=self.clock, recover_s=self.recover_s, tap=fence)
        if first.kind in ASSETS:
            return ReachWorker(first, told, clock=self.clock, recover_s=self.recover_s)
        return self._bus(specs, told, fence, before, known)

    def _printer(
        self, spec: DeviceSpec, told: Messenger, fence: Fence, before: Keeper | None, known: Health | None
    ) -> PrintWorker:
        seen = Seen()
        if known is not None:
            seen = Seen(known, 2, None, Health(State.DEGRADED, known.faults, known.evidence))
        job_s = SLOW_JOB_S if urlsplit(spec.url).scheme in ("serial", "rfc2217", "socket") else JOB_S
        worker = PrintWorker(
            spec.id, self._maker(spec, fence), told, clock=self.clock, recover_s=self.recover_s,
            seen=seen, step_s=self.step_s, job_s=job_s,
        )  # fmt: skip
        if known is not None and before is not None and isinstance(before.worker, PrintWorker):
            worker.inherit(*before.worker.left())
        return worker

    def _maker(self, spec: DeviceSpec, fence: Fence) -> Callable[[], Printer]:
        if self.make_printer is not None:
            return partial(self.make_printer, spec)
        if not is_helper(spec.url):
            return partial(open_heard, spec, fence)
        # One child for all drivers that are made: its starts are rationed, whoever asks for them.
        wire = fence.on(self._child(spec.url))
        return lambda: HeardPrinter(HelperPrinter(Talk(wire, "printer", self.clock)), fence, spec.id)

    def _child(self, url: str) -> Child:
        name = name_of(url.partition("#")[0])
        return Child(name, self.helpers[name], self.clock)

    def _bus(
        self, specs: tuple[DeviceSpec, ...], told: Messenger, fence: Fence, before: Keeper | None, known: Health | None
    ) -> BusWorker:
        record = Record() if known is None else Record(known.state, known.faults, known.evidence)
        make = partial(BusWorker, specs, told, clock=self.clock, recover_s=self.recover_s, tap=fence)
        make = partial(make, known=record, step_s=self.step_s)
        if is_helper(specs[0].url):
            # Its own silence is a fault already, so that a new start cures nothing that the talk has not ended.
            make = partial(make, open_line=self._child, speak=HelperLine, renew_after_s=math.inf)
        worker = make()
        if before is not None and isinstance(before.worker, BusWorker):
            for sign, content in before.worker.wanted().items():
                if sign in worker.signs:
                    worker.show(sign, content)
            for pad, shown in before.worker.pads.wanted().items():
                if pad in worker.pads:
                    worker.pads.show(pad, shown)
        return worker
