"""The simulated printer as a page and a phone see it: faults by name, paper as pictures, codes that decode."""

import io
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from drivers.escpos.printer import EscposPrinter, open_printer
from drivers.ports import DeviceError, Verdict
from drivers.sim.printer import SimPrinter
from drivers.transport import open_transport
from tests.conformance.papers import SLIP, papers, until


@pytest.fixture
def sim() -> Iterator[SimPrinter]:
    printer = SimPrinter(mm_s=0).start()
    yield printer
    printer.stop()


@pytest.fixture
def printer(sim: SimPrinter) -> Iterator[EscposPrinter]:
    with closing(open_printer(f"tcp://127.0.0.1:{sim.port}", {})) as opened:
        yield opened


@pytest.mark.needs("zbar")
@pytest.mark.parametrize("width", [576, 384])
def test_a_phone_reads_the_code_from_the_paper(tmp_path: Path, width: int) -> None:
    sim = SimPrinter(mm_s=0, width=width).start()
    with closing(open_printer(f"tcp://127.0.0.1:{sim.port}", {"width": str(width)})) as printer:
        assert printer.print_slip(SLIP).verdict is Verdict.PRINTED
    sim.stop()
    [(number, png, complete)] = sim.slips_png()
    assert (number, complete) == (1, True)
    paper = tmp_path / "paper.png"
    paper.write_bytes(png)
    read = subprocess.run(["zbarimg", "--quiet", "--raw", paper], capture_output=True, check=True)
    assert read.stdout.decode().strip() == SLIP.qr


def test_the_paper_is_as_wide_as_the_head_and_is_torn_off_by_hand(sim: SimPrinter, printer: EscposPrinter) -> None:
    assert [printer.print_slip(SLIP).verdict for _ in range(2)] == [Verdict.PRINTED] * 2
    assert [Image.open(io.BytesIO(slip.png)).width for slip in sim.slips()] == [576, 576]
    sim.tear()
    assert sim.slips() == []
    assert printer.print_slip(SLIP).verdict is Verdict.PRINTED
    assert [number for number, _, _ in sim.slips_png()] == [3]


def test_faults_are_named_listed_and_refused_when_unknown(sim: SimPrinter) -> None:
    assert sim.state() == "ready"
    assert not any(sim.faults().values())
    sim.set_fault("paper_end", True)
    sim.set_fault("no_gsh", True)
    assert [name for name, on in sim.faults().items() if on] == ["no_gsh", "paper_end"]
    assert sim.state() == "no_gsh paper_end"
    with pytest.raises(ValueError, match="unknown fault 'paper_out'"):
        sim.set_fault("paper_out", True)
    with pytest.raises(ValueError, match="not a condition"):
        sim.fault_after("mute", 3)


def test_faults_can_be_there_from_the_start() -> None:
    sim = SimPrinter(faults=("cover_open", "unplugged")).start()
    assert sim.state() == "cover_open unplugged"
    sim.stop()


def test_a_pulled_cable_cuts_the_link_and_comes_back_on_the_same_port(sim: SimPrinter) -> None:
    transport = open_transport(f"tcp://127.0.0.1:{sim.port}")
    transport.open()
    transport.write(b"\x10\x04\x01", 1)
    assert transport.read(5) == b"\x12"
    port = sim.port
    sim.set_fault("unplugged", True)
    with pytest.raises(DeviceError, match="unreachable"):
        until(lambda: transport.drain() == b"never")
    transport.close()
    with pytest.raises(DeviceError, match="refused"):
        transport.open()
    sim.set_fault("unplugged", False)
    assert sim.port == port
    transport.open()
    transport.write(b"\x10\x04\x04", 1)
    assert transport.read(5) == b"\x12"
    transport.close()


def test_status_is_asked_and_answered_inside_an_image_and_split_over_packets(sim: SimPrinter) -> None:
    transport = open_transport(f"tcp://127.0.0.1:{sim.port}")
    transport.open()
    sim.set_fault("cover_open", True)
    for part in (b"\x1d\x76\x30\x00\x48\x00\x18\x00" + bytes(100) + b"\x10", b"\x04", b"\x02" + bytes(50)):
        transport.write(part, 1)
    assert transport.read(5) == b"\x16"
    assert sim.realtime_seen() == [b"\x10\x04\x02"]
    transport.close()


def test_reports_are_sent_on_each_change_once_they_are_asked_for(sim: SimPrinter) -> None:
    transport = open_transport(f"tcp://127.0.0.1:{sim.port}")
    transport.open()
    transport.write(b"\x1b\x40\x1d\x61\xff", 1)
    heard = bytearray()

    def has_heard(count: int) -> bool:
        heard.extend(transport.read(0.1))
        return len(heard) >= count

    until(lambda: has_heard(4))
    sim.set_fault("paper_end", True)
    sim.set_fault("paper_end", True)
    sim.set_fault("paper_end", False)
    until(lambda: has_heard(12))
    assert heard.hex(" ", 4) == "10000000 18000f00 10000000"
    transport.close()


def test_stray_text_is_visible_on_the_paper(sim: SimPrinter) -> None:
    transport = open_transport(f"tcp://127.0.0.1:{sim.port}")
    transport.open()
    transport.write(b"hello\n\x1d\x56\x00\x1d\x72\x01", 1)
    assert transport.read(5) == b"\x00"
    [(_, png, complete)] = sim.slips_png()
    assert complete
    assert Image.open(io.BytesIO(png)).convert("L").histogram()[0] > 50
    transport.close()


def test_a_roll_that_ends_leaves_a_stub_and_the_tail_has_no_head(sim: SimPrinter, printer: EscposPrinter) -> None:
    sim.paper_out_after(200)
    assert printer.print_slip(SLIP).verdict is Verdict.CLEARED
    assert [(number, complete) for number, _, complete in sim.slips_png()] == [(1, False)]
    sim.set_fault("paper_end", False)
    assert printer.print_slip(SLIP).verdict is Verdict.PRINTED
    assert [(number, complete) for number, _, complete in sim.slips_png()] == [(1, False), (2, True)]
    assert papers([sim], SLIP) == 1


def test_a_port_that_is_taken_is_an_error_at_the_start(sim: SimPrinter) -> None:
    rival = SimPrinter(port=sim.port)
    with pytest.raises(OSError, match="in use"):
        rival.start()
