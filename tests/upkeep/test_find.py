"""``hallcall devices find``: printers are told from whatever else listens, and nobody is asked unasked."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from serial.tools.list_ports_common import ListPortInfo

from drivers import finding
from drivers.sim.printer import SimPrinter
from hall_server.settings import FILE
from hall_server.station.find import main
from tests.server.halls import HALL


@pytest.fixture
def printer() -> Iterator[SimPrinter]:
    sim = SimPrinter()
    sim.start()
    yield sim
    sim.stop()


@pytest.fixture
def web(printer: SimPrinter) -> Iterator[list[bytes]]:
    """A web server on the same port of another address; what it was asked."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.2", printer.port)) as door:

        def serve() -> None:
            link, _ = door.accept()
            with link:
                asked.append(link.recv(64))
                link.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        yield asked
        thread.join(10)


def find(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, words)
    return done.exit_code, done.output


def test_a_subnet_is_asked_only_for_its_status(printer: SimPrinter, web: list[bytes], tmp_path: Path) -> None:
    code, said = find("--subnet", "127.0.0.0/29", "--port", str(printer.port), "--home", str(tmp_path))
    assert code == 0
    assert f"tcp://127.0.0.1:{printer.port}  a printer: answered 12\n" in said
    assert f"tcp://127.0.0.2:{printer.port}  not known to be a printer: answered 48 54" in said
    assert said.endswith(f"6 addresses, 2 with port {printer.port} open or in use.\n")
    assert (web, printer.slips()) == ([finding.ASK_STATUS], [])


def test_a_printer_of_the_hall_is_not_disturbed(printer: SimPrinter, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(HALL.replace("127.0.0.1:9", f"127.0.0.1:{printer.port}"), "utf-8")
    _, said = find("--subnet", "127.0.0.1/32", "--port", str(printer.port), "--home", str(tmp_path))
    assert f"tcp://127.0.0.1:{printer.port}  in the settings as printer1, not asked\n" in said


def test_more_than_a_halls_network_is_refused() -> None:
    code, said = find("--subnet", "10.0.0.0/21")
    assert (code, "2048 addresses, and at most 1024 are asked." in said) == (2, True)
    assert find("--subnet", "printer")[0] == 2


def test_one_address_is_judged_by_its_answer(printer: SimPrinter) -> None:
    url = f"tcp://127.0.0.1:{printer.port}"
    assert find("--check", url) == (0, f"A printer answers at {url} (answered 12).\n")
    printer.stop()
    code, said = find("--check", url)
    assert (code, said.startswith(f"{url} does not open: ")) == (1, True)
    assert find("--check", "tpc://x")[0] == 2


def test_names_that_stay_are_shown_beside_those_that_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = tmp_path / "ttyUSB3"
    device.touch()
    link = tmp_path / "serial" / "by-id" / "usb-FTDI_X"
    link.parent.mkdir(parents=True)
    link.symlink_to(device)
    info = ListPortInfo(str(device))
    info.description = "FT232R"
    monkeypatch.setattr("drivers.finding.list_ports.comports", lambda: [info])
    found = finding.serial_ports(tmp_path / "serial")
    assert found == [finding.PortFound(str(device), (str(link),), "FT232R")]
