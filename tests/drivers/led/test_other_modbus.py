"""Modbus programs that are not ours agree with us: a slave that we paint, two masters that use our simulated sign."""

import asyncio
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import minimalmodbus
import pytest
from pymodbus import FramerType
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from drivers.bus import BusWorker
from drivers.ports import DeviceSpec, SignContent
from drivers.sim.boards import BOARDS
from drivers.sim.bus import SimBus
from tests.conformance.bus_rig import OK, Ear, eventually, free_port

FAMILY = "dm56a04"
OPTIONS = (("columns", "4"), ("family", FAMILY))
A012 = [0x41, 0x30, 0x31, 0x32]
PLACE_HOLDER = 0x2A  # an asterisk: what nobody has painted yet


@dataclass(frozen=True, slots=True)
class Slave:
    """A pymodbus server that speaks RTU over TCP, as behind a serial bridge."""

    port: int
    loop: asyncio.AbstractEventLoop
    server: ModbusTcpServer

    def registers(self, unit: int) -> list[int]:
        """What it holds now."""
        asked = asyncio.run_coroutine_threadsafe(self.server.async_getValues(unit, 3, 0, 4), self.loop)
        values = asked.result(timeout=10)
        assert isinstance(values, list)
        return [int(value) for value in values]


@contextmanager
def slave(*units: int) -> Iterator[Slave]:
    """Units of four registers; who asks for others hears nothing, as on a real line."""
    port, ready, held = free_port(), threading.Event(), list[Slave]()
    devices = [SimDevice(unit, [SimData(0, 4, PLACE_HOLDER, DataType.REGISTERS)]) for unit in units]

    def mute(sending: bool, data: bytes) -> bytes:
        """It answers in the name of units that are not there: they would look alive."""
        return b"" if sending and data[0] not in units else data

    async def serve() -> None:
        server = ModbusTcpServer(devices, framer=FramerType.RTU, address=("127.0.0.1", port), trace_packet=mute)
        held.append(Slave(port, asyncio.get_running_loop(), server))
        await server.serve_forever(background=True)
        ready.set()
        await server.serving

    async def end() -> None:
        await held[0].server.shutdown()  # type: ignore[no-untyped-call]  # it has no types

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(10)
    try:
        yield held[0]
    finally:
        asyncio.run_coroutine_threadsafe(end(), held[0].loop).result(timeout=10)
        thread.join(10)
        assert not thread.is_alive()


@contextmanager
def driven(url: str, *units: int) -> Iterator[tuple[BusWorker, Ear]]:
    """Our driver on these units."""
    ear = Ear()
    signs = (DeviceSpec(f"w{unit}", "sign", f"{url}#{unit}", OPTIONS) for unit in units)
    worker = BusWorker((DeviceSpec("bus", "bus", url), *signs), ear, fail_after_s=0.6)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker, ear
    finally:
        worker.stop()
        thread.join(20)
        assert not thread.is_alive()


def show(worker: BusWorker, ear: Ear, sign: str, text: str) -> None:
    worker.show(sign, SignContent(text, (text,), urgent=True))
    ear.wait_shown(text)


def test_another_slave_holds_what_we_wrote_and_an_absent_one_is_no_success() -> None:
    with slave(5, 6) as other, driven(f"socket://127.0.0.1:{other.port}", 5, 6, 7) as (worker, ear):
        show(worker, ear, "w5", "A012")
        show(worker, ear, "w6", "B1")
        assert (other.registers(5), other.registers(6)) == (A012, [0x42, 0x31, 0x20, 0x20])
        worker.show("w7", SignContent("absent", ("A013",), urgent=True))
        ear.wait_health("w7", "failed", "no_ack")
        assert not ear.was_shown("absent")
        assert (ear.said("w5"), ear.said("w6")) == (OK, OK)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[SimBus]:
    """Two simulated signs on a pseudo-terminal."""
    sim = SimBus(link=tmp_path / "adapter", boards={unit: BOARDS[FAMILY]() for unit in (5, 6)})
    sim.start()
    eventually((tmp_path / "adapter").exists)
    yield sim
    sim.stop()


def shown(sim: SimBus, unit: int) -> str:
    return next(str(sign["text"]) for sign in sim.state() if sign["address"] == unit)


def test_another_master_writes_and_reads_our_simulated_sign(line: SimBus, tmp_path: Path) -> None:
    master = minimalmodbus.Instrument(str(tmp_path / "adapter"), 5)
    assert master.serial is not None
    master.serial.baudrate, master.serial.timeout = 9600, 2.0
    try:
        master.write_registers(0, A012)
        assert (shown(line, 5), shown(line, 6)) == ("A012", "")
        assert master.read_registers(0, 4) == A012
        master.write_register(3, ord("9"), functioncode=6)
        assert shown(line, 5) == "A019"
        with pytest.raises(minimalmodbus.IllegalRequestError, match="data address"):
            master.read_registers(4, 1)
        with pytest.raises(minimalmodbus.IllegalRequestError, match="data address"):
            master.write_registers(2, A012)
        line.set_fault("nak_once", True, address=5)
        with pytest.raises(minimalmodbus.SlaveReportedException):
            master.read_registers(0, 4)
        line.set_fault("broken", True, address=5)
        with pytest.raises(minimalmodbus.InvalidResponseError):
            master.read_registers(0, 4)
        master.address, master.serial.timeout = 9, 0.2
        with pytest.raises(minimalmodbus.NoResponseError):
            master.read_registers(0, 4)
    finally:
        master.serial.close()


@pytest.mark.needs("mbpoll")
def test_a_third_program_reads_what_our_driver_wrote(line: SimBus, tmp_path: Path) -> None:
    link = tmp_path / "adapter"
    with driven(f"serial://{link}", 5, 6) as (worker, ear):
        show(worker, ear, "w5", "A012")
        show(worker, ear, "w6", "B7")
    read = partial(subprocess.run, capture_output=True, text=True, timeout=30, check=False)
    ask = [
        "mbpoll",
        "-m",
        "rtu",
        "-b",
        "9600",
        "-P",
        "none",
        "-0",
        "-r",
        "0",
        "-c",
        "4",
        "-t",
        "4:hex",
        "-1",
        "-o",
        "2",
    ]
    said = {unit: read([*ask, "-a", unit, str(link)]).stdout for unit in ("5", "6")}
    values = {
        unit: [int(found, 16) for found in re.findall(r"0x([0-9A-F]{4})$", text, re.M)] for unit, text in said.items()
    }
    assert values == {"5": A012, "6": [0x42, 0x37, 0x20, 0x20]}, said
