"""All simulated devices of one program under names: what they look like now, and the faults a hand can set."""

import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from drivers.sim.bus import SimBus
from drivers.sim.matrix import dots
from drivers.sim.printer import SimPrinter
from drivers.sim.serial_cable import SimSerialCable
from drivers.sim.voice import SimVoice

SIGN_COLUMNS = 16  # as wide as the widest text the hall puts on a window sign
SHOWN_SLIPS = 12  # newest first; more are on the roll than a person looks at


class UnknownDeviceError(Exception):
    """There is no such simulated device, or it has no such fault."""


@dataclass(frozen=True, slots=True)
class SimHall:
    """Printers and voice modules by name, at most one line of signs; a printer with a link is also a serial one.

    ``lines``: how many the boards of several lines have, by address.
    """

    printers: Mapping[str, SimPrinter] = field(default_factory=dict)
    bus: SimBus | None = None
    links: Mapping[str, tuple[Path, int]] = field(default_factory=dict)
    lines: Mapping[int, int] = field(default_factory=dict)
    voices: Mapping[str, SimVoice] = field(default_factory=dict)
    cables: list[SimSerialCable] = field(default_factory=list)

    def start(self) -> None:
        """Open every port."""
        for printer in self.printers.values():
            printer.start()
        for name, (link, baud) in self.links.items():
            self.cables.append(SimSerialCable(self.printers[name].port, link, baud).start())
        for voice in self.voices.values():
            voice.start()
        if self.bus is not None:
            self.bus.start()

    def stop(self) -> None:
        """Close them again."""
        while self.cables:
            self.cables.pop().stop()
        for printer in self.printers.values():
            printer.stop()
        for voice in self.voices.values():
            voice.stop()
        if self.bus is not None:
            self.bus.stop()

    def state(self) -> dict[str, object]:
        """Everything the page shows."""
        return {
            "printers": [self._printer(name, printer) for name, printer in self.printers.items()],
            "bus": None if self.bus is None else self._bus(self.bus),
            "voices": [
                {"id": name, "url": voice.url, "faults": voice.faults(), **voice.state()}
                for name, voice in self.voices.items()
            ],
        }

    def slip(self, printer: str, number: int) -> bytes:
        """The picture of one slip. Raises ``UnknownDeviceError``."""
        if printer in self.printers:
            for found, png, _ in self.printers[printer].slips_png():
                if found == number:
                    return png
        raise UnknownDeviceError(f"no slip {number} at {printer!r}")

    def act(self, device: str, fault: str, on: bool, rows: int) -> None:
        """Set or clear a fault, or do what hands do: ``tear``, ``paper_out_after``, ``power_cycle``, ``key:0C``."""
        try:
            if device in self.printers:
                self._at_printer(self.printers[device], fault, on, rows)
            elif device in self.voices and fault == "power_cycle":
                self.voices[device].power_cycle()
            elif device in self.voices:
                self.voices[device].set_fault(fault, on)
            elif self.bus is not None and device == "bus":
                self.bus.set_fault(fault, on)
            elif self.bus is not None and device.startswith("sign-") and device[5:].isdecimal():
                self._at_sign(self.bus, int(device[5:]), fault, on)
            elif self.bus is not None and device in {pad["id"] for pad in self.bus.pads()}:
                self.bus.act(device, fault, on)
            else:
                raise UnknownDeviceError(f"no device {device!r}")
        except (ValueError, KeyError) as error:
            raise UnknownDeviceError(str(error)) from error

    def _at_printer(self, printer: SimPrinter, fault: str, on: bool, rows: int) -> None:
        if fault == "tear":
            printer.tear()
        elif fault == "paper_out_after":
            printer.paper_out_after(rows)
        else:
            printer.set_fault(fault, on)

    def _at_sign(self, bus: SimBus, address: int, fault: str, on: bool) -> None:
        if fault == "power_cycle":
            bus.power_cycle(address)
        else:
            bus.set_fault(fault, on, address)

    def _printer(self, name: str, printer: SimPrinter) -> dict[str, object]:
        slips = [
            # The sum makes a growing picture a new address, so that the browser need not guess its age.
            {"number": number, "complete": complete, "src": f"/slip/{name}/{number}.png?v={zlib.crc32(png):08x}"}
            for number, png, complete in reversed(printer.slips_png()[-SHOWN_SLIPS:])
        ]
        return {
            "id": name,
            "url": f"tcp://{printer.host}:{printer.port}",
            "faults": printer.faults(),
            "slips": slips,
        }

    def _sign(self, bus: SimBus, address: int, sign: dict[str, object]) -> dict[str, object]:
        lines = self.lines.get(address, 1)
        return {
            **sign,
            "id": f"sign-{address}",
            "lines": lines,
            "faults": bus.faults(address),
            "dots": dots(str(sign["text"]), SIGN_COLUMNS, lines),
        }

    def _bus(self, bus: SimBus) -> dict[str, object]:
        signs = [self._sign(bus, int(str(sign["address"])), sign) for sign in bus.state()]
        return {
            "id": "bus",
            "url": bus.url(1).partition("#")[0],
            "faults": bus.faults(),
            "signs": signs,
            "pads": bus.pads(),
            "frames": [asdict(frame) for frame in bus.frames()],
        }
