"""Tries a unit at an address that no device has yet: opened beside the others, asked to prove itself, closed again."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import ip_network

from drivers import finding
from drivers.catalog import check_all, not_here, owner_key
from drivers.health import Health, State
from drivers.ports import Colour, DeviceSpec, PrintResult, SignContent, Slip
from drivers.supervisor import Supervisor
from hall_server.contract import SlipOrder, TrialOrder, TrialReport
from hall_server.contract.messages import EVIDENCE_CHARS, FAULT_CHARS
from hall_server.contract.replacing import FOUND_MOST, TrialOutcome
from hall_server.station.prints import OUTCOMES

LOG = logging.getLogger(__name__)
WITHIN_S = 30.0  # a slip is final within 15 s plus its time on a slow wire, a silent sign has failed after 4 s
NAME = "try-"  # what a unit is called while it is tried: no device of the hall
REMEMBERED = 20  # trials that are not begun again although they are still owed
PRINTER_PORT = 9100


@dataclass(frozen=True, slots=True)
class _Running:
    """A trial and the unit that is open for it."""

    order: TrialOrder
    spec: DeviceSpec
    timer: threading.Timer


class Trials:
    """The trials of one station; called by its own threads, and by the devices' workers with what they saw."""

    def __init__(
        self,
        supervisor: Supervisor,
        to_slip: Callable[[SlipOrder], Slip],
        fit: Callable[[str], None],
        tell: Callable[[TrialReport], None],
    ) -> None:
        """``fit`` opens the devices of ``among`` anew after a trial of that device has begun or ended."""
        self._supervisor, self._to_slip, self._fit, self._tell = supervisor, to_slip, fit, tell
        self._running: dict[str, _Running] = {}
        self._begun: deque[str] = deque(maxlen=REMEMBERED)
        self._alive: set[str] = set()  # signs that answered, though not to what they were told to show
        self._lock = threading.Lock()

    def take(self, orders: Iterable[TrialOrder], devices: tuple[DeviceSpec, ...]) -> None:
        """Begin those that were not begun before."""
        for order in orders:
            if order.trial in self._begun:
                continue
            self._begun.append(order.trial)
            if order.url:
                self._begin(order, devices)
            else:
                threading.Thread(target=self._look, args=(order,), name="station-look", daemon=True).start()

    def among(self, devices: tuple[DeviceSpec, ...]) -> tuple[DeviceSpec, ...]:
        """What shall be open now: units on trial beside the devices, or in their place when they share an address."""
        with self._lock:
            for running in self._running.values():
                devices = _with(devices, running.order.device, running.spec)
        return devices

    def lent(self, devices: tuple[DeviceSpec, ...]) -> frozenset[str]:
        """The devices that are closed meanwhile."""
        return frozenset(spec.id for spec in devices) - {spec.id for spec in self.among(devices)}

    def stop(self) -> None:
        """Try nothing any more."""
        with self._lock:
            for running in self._running.values():
                running.timer.cancel()
            self._running.clear()

    # What workers say; each answers whether it was about a unit on trial.

    def is_one(self, device: str) -> bool:
        """Whether this is a unit on trial."""
        with self._lock:
            return device in self._running

    def health(self, device: str, health: Health) -> bool:
        """Silence is a verdict for what is shown or polled; a printer's verdict is its slip."""
        running = self._running.get(device)
        if running is None:
            return device.startswith(NAME)
        if running.spec.kind != "printer" and health.state is State.FAILED:
            self._end(device, "failed", health.faults, health.evidence)
        elif running.spec.kind not in ("printer", "sign") and health.state is State.OK:
            self._end(device, "answered", (), health.evidence)
        elif health.state is State.OK:
            self._alive.add(device)
        return True

    def printed(self, device: str, result: PrintResult) -> bool:
        if not device.startswith(NAME):
            return False
        said = "; ".join(part for part in (result.verdict.value, result.evidence) if part)
        self._end(device, OUTCOMES[result.verdict], result.faults, said)
        return True

    def shown(self, device: str, ms: float | None) -> bool:
        if not device.startswith(NAME):
            return False
        said: TrialOutcome = "shown" if ms is not None else "answered" if device in self._alive else "sent"
        self._end(device, said, (), "" if ms is None else f"{ms:.0f} ms")
        return True

    def pressed(self, device: str, key: str) -> bool:
        if not device.startswith(NAME):
            return False
        self._end(device, "answered", (), key)
        return True

    # ----

    def _begin(self, order: TrialOrder, devices: tuple[DeviceSpec, ...]) -> None:
        name = f"{NAME}{order.trial}"
        spec = DeviceSpec(name, order.kind, order.url, tuple(sorted(order.options.items())))
        elsewhere = not_here(spec.url)
        problems = check_all(_with(devices, order.device, spec)) or ([elsewhere] if elsewhere else [])
        if problems:
            self._told(order, "failed", (), "; ".join(problems).replace(name, order.device))
            return
        timer = threading.Timer(WITHIN_S, self._end, (name, "no_answer"))
        timer.daemon = True
        with self._lock:
            self._running[name] = _Running(order, spec, timer)
        timer.start()
        LOG.info("trying %s for %s", spec.url, order.device)
        self._fit(order.device)
        if spec.kind == "printer":
            self._supervisor.print(name, self._to_slip(_slip(order, name)))
        elif spec.kind == "sign":
            self._supervisor.show(name, SignContent(name, order.pages, Colour.YELLOW, urgent=True))

    def _end(self, name: str, outcome: TrialOutcome, faults: tuple[str, ...] = (), evidence: str = "") -> None:
        with self._lock:
            running = self._running.pop(name, None)
        if running is None:
            return
        running.timer.cancel()
        self._alive.discard(name)
        self._fit(running.order.device)
        self._told(running.order, outcome, faults, evidence)

    def _look(self, order: TrialOrder) -> None:
        """What there is: serial ports, and printers of the network where the old one stood."""
        found = [f"serial://{(*port.links, port.name)[0]} {port.description}" for port in finding.serial_ports()]
        if order.kind == "printer" and order.network:
            hosts = [str(host) for host in ip_network(order.network).hosts()]
            asked = [host for host in hosts if f"{host}:{PRINTER_PORT}" not in order.known]
            for one in finding.sweep(asked, PRINTER_PORT, lambda: None):
                found.append(f"tcp://{one.host}:{one.port} {one.evidence}" if one.printer else "")
        rows = tuple(row.strip()[:300] for row in found if row)[:FOUND_MOST]
        self._tell(TrialReport(trial=order.trial, outcome="found", found=rows))

    def _told(self, order: TrialOrder, outcome: TrialOutcome, faults: tuple[str, ...], evidence: str) -> None:
        short = tuple(fault[:FAULT_CHARS] for fault in faults)
        self._tell(TrialReport(trial=order.trial, outcome=outcome, faults=short, evidence=evidence[:EVIDENCE_CHARS]))


def _with(devices: tuple[DeviceSpec, ...], replaced: str, unit: DeviceSpec) -> tuple[DeviceSpec, ...]:
    """The unit beside the device that it replaces, or in its place on the same line: two owners would clash."""
    shared = {spec.id for spec in devices if spec.id == replaced and owner_key(spec.url) == owner_key(unit.url)}
    return (*(spec for spec in devices if spec.id not in shared), unit)


def _slip(order: TrialOrder, name: str) -> SlipOrder:
    return SlipOrder(
        slip=name, ticket="", printer=name, attempt=1, copied=False, hall=order.hall, label="TEST", service=order.name,
        language="zh", issued_at=order.at, timezone=order.timezone, ahead=0, estimate=None, url=None, test=True,
    )  # fmt: skip
