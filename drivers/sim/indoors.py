"""The simulated devices that a station plays itself: started when a device asks for one, on ports of this computer."""

from dataclasses import dataclass, field, replace

from drivers.ports import DeviceSpec
from drivers.sim.boards import BOARDS, board_of
from drivers.sim.bus import SimBus
from drivers.sim.printer import SimPrinter
from drivers.simulated import OWN, PRINTER, Simulated, is_simulated, parse


@dataclass(slots=True)
class Simulators:
    """One simulator for each address without its fragment, and for each profile that its signs had; the drivers reach
    it as they reach a real device.
    """

    _running: dict[tuple[str, str], SimPrinter | SimBus] = field(default_factory=dict)

    def wired(self, specs: tuple[DeviceSpec, ...]) -> tuple[DeviceSpec, ...]:
        """The same devices of one line, with the address of a simulator that runs if they are simulated."""
        profile = next((text for spec in specs if (text := dict(spec.options).get("profile"))), "")
        return tuple(
            replace(spec, url=self._url(spec.url, profile)) if is_simulated(spec.url) else spec for spec in specs
        )

    def stop(self) -> None:
        """End them all."""
        while self._running:
            self._running.popitem()[1].stop()

    def _url(self, url: str, profile: str) -> str:
        whole, _, address = url.partition("#")
        if (whole, profile) not in self._running:
            self._running[whole, profile] = _started(parse(whole), profile)
        sim = self._running[whole, profile]
        if isinstance(sim, SimPrinter):
            return f"tcp://{sim.host}:{sim.port}"
        return sim.url(int(address)) if address else sim.url(0).partition("#")[0]


def _started(what: Simulated, profile: str) -> SimPrinter | SimBus:
    if what.place == PRINTER:
        return SimPrinter(faults=what.faults).start()
    board = board_of(profile) if what.family == OWN else BOARDS[what.family]
    bus = SimBus(boards={address: board() for address in what.addresses(profile)})
    for fault in what.faults:
        bus.set_fault(fault, True)
    for address, fault in what.sign_faults:
        bus.set_fault(fault, True, address)
    return bus.listening()
