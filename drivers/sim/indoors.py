"""The simulated devices that a station plays itself: started when a device asks for one, on ports of this computer."""

from dataclasses import dataclass, field, replace

from drivers.ports import DeviceSpec
from drivers.sim.boards import BOARDS
from drivers.sim.bus import SimBus
from drivers.sim.printer import SimPrinter
from drivers.simulated import PRINTER, Simulated, is_simulated, parse


@dataclass(slots=True)
class Simulators:
    """One simulator for each address without its fragment; the drivers reach it as they reach a real device."""

    _running: dict[str, SimPrinter | SimBus] = field(default_factory=dict)

    def wired(self, specs: tuple[DeviceSpec, ...]) -> tuple[DeviceSpec, ...]:
        """The same devices, the simulated ones among them with the address of a simulator that runs."""
        return tuple(replace(spec, url=self._url(spec.url)) if is_simulated(spec.url) else spec for spec in specs)

    def stop(self) -> None:
        """End them all."""
        while self._running:
            self._running.popitem()[1].stop()

    def _url(self, url: str) -> str:
        whole, _, address = url.partition("#")
        if whole not in self._running:
            self._running[whole] = _started(parse(whole))
        sim = self._running[whole]
        if isinstance(sim, SimPrinter):
            return f"tcp://{sim.host}:{sim.port}"
        return sim.url(int(address)) if address else sim.url(0).partition("#")[0]


def _started(what: Simulated) -> SimPrinter | SimBus:
    if what.place == PRINTER:
        return SimPrinter(faults=what.faults).start()
    bus = SimBus(boards={address: BOARDS[what.family]() for address in what.addresses})
    for fault in what.faults:
        bus.set_fault(fault, True)
    for address, fault in what.sign_faults:
        bus.set_fault(fault, True, address)
    return bus.listening()
