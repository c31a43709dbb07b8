"""``python -m tests.recorded.record``: makes the recordings of our own simulators again, as a station makes them."""

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from drivers.bus import BusWorker
from drivers.escpos.printer import hide, open_heard
from drivers.health import State
from drivers.ports import DeviceSpec, SignContent, Slip, Verdict
from drivers.sim.bus import SimBus
from drivers.sim.printer import SimPrinter
from drivers.trace import Recording, Tap, head
from drivers.transport import Transport, open_transport
from tests.conformance.bus_rig import Ear

HERE = Path(__file__).parent
PRODUCT = "0.1.0"
SMALL = Slip("s1", "Hall", "A012", closing="Please wait")


def record_slip(
    path: Path,
    slips_before: int = 0,
    verdict: Verdict = Verdict.PRINTED,
    trouble: Callable[[SimPrinter], object] = SimPrinter.tear,
    options: tuple[tuple[str, str], ...] = (),
) -> None:
    """A status, a slip, a status, on the narrowest paper: pictures are the bulk of a file."""
    sim, tap = SimPrinter(width=200).start(), Tap(hide)
    spec = DeviceSpec("simulator", "printer", f"tcp://127.0.0.1:{sim.port}", (("width", "200"), *options))
    recording = Recording(path, head(spec.id, (spec,), PRODUCT))
    try:
        with closing(open_heard(spec, tap)) as printer:
            for _ in range(slips_before):
                assert printer.print_slip(SMALL).verdict is Verdict.PRINTED
            tap.record(recording)
            assert printer.status().state is State.OK
            trouble(sim)
            assert printer.print_slip(SMALL).verdict is verdict
            printer.status()
    finally:
        recording.end("script")
        sim.stop()


class Lossy:
    """A wire that loses what the sign first says after ``lose()``."""

    def __init__(self, wire: Transport) -> None:
        self._wire, self.losing = wire, False
        self.open, self.write, self.drain = wire.open, wire.write, wire.drain
        self.close, self.describe, self.wake = wire.close, wire.describe, wire.wake

    def read(self, timeout_s: float, limit: int = 4096) -> bytes:
        data = self._wire.read(timeout_s, limit)
        if data and self.losing:
            self.losing = False
            return b""
        return data


def record_sign(path: Path) -> None:
    """A call that a sign acknowledges, and one whose first acknowledgement is lost."""
    sim, tap, lines = SimBus(count=1), Tap(), list[Lossy]()
    sim.start()

    def lossy(url: str) -> Transport:
        lines.append(Lossy(open_transport(url)))
        return lines[-1]

    spec = DeviceSpec("simulator", "sign", sim.url(1))
    recording = Recording(path, head(spec.id, (spec,), PRODUCT))
    tap.record(recording)
    ear = Ear()
    worker = BusWorker((spec,), ear, open_line=lossy, tap=tap)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        ear.wait_health(spec.id, "ok")
        for text in ("A012", "A013"):
            worker.show(spec.id, SignContent(text, (text,), urgent=True))
            ear.wait_shown(text)
            lines[0].losing = True
    finally:
        worker.stop()
        thread.join()
        recording.end("script")
        sim.stop()


if __name__ == "__main__":
    for name, record in (("printer-slip", record_slip), ("sign-lost-ack", record_sign)):
        (HERE / f"{name}.jsonl").unlink(missing_ok=True)
        record(HERE / f"{name}.jsonl")
