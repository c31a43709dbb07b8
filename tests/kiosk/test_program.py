"""The kiosk program as it is started in a hall: its printer, the other kiosk's, a lost hall, its end."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from drivers.sim.printer import SimPrinter
from hall_server.station import Station
from tests.station.fake_hall import TOKEN, FakeHall

PROJECT = Path(__file__).parents[2]
# screens.md and P7 of the reliability promises: a kiosk that is cut off says so within this time.
HONEST_WITHIN_S = 15.0


class Program:
    """``python -m kiosk`` on a port that the system chose."""

    def __init__(self, hall: FakeHall, folder: Path, port: int = 0, module: str = "kiosk") -> None:
        folder.mkdir(exist_ok=True)
        token = folder / "token"
        token.write_text(f"{TOKEN}:K1")
        command = [sys.executable, "-m", module, "--id", "K1", "--server", hall.url, "--port", str(port)]
        command += ["--token-file", str(token), "--state-dir", str(folder), "--recover-s", "0.1"]
        self.process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True)
        self.web = requests.Session()
        self.web.trust_env = False
        self.url = ""

    def await_url(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            found = re.search(r"on (http://\S+)/", line)
            if found:
                self.url = found[1]
                return
        pytest.fail("the kiosk never said where its page is")

    def state(self, after: str = "") -> dict[str, Any]:
        value: dict[str, Any] = self.web.get(f"{self.url}/state", params={"after": after}, timeout=30).json()
        return value

    def until(self, condition: Callable[[dict[str, Any]], bool], limit_s: float = 25.0) -> list[str]:
        """Follow the screen until the condition holds; answers the faces seen."""
        end = time.monotonic() + limit_s
        shown = self.state()
        faces = [shown["face"]]
        while not condition(shown):
            assert time.monotonic() < end, faces
            shown = self.state(shown["n"])
            if shown["face"] != faces[-1]:
                faces.append(shown["face"])
        return faces

    def touch(self, path: str, body: object) -> None:
        answer = self.web.post(self.url + path, json=body, headers={"Origin": self.url}, timeout=30)
        assert answer.status_code == 204

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(20)
        assert self.process.stderr is not None
        self.process.stderr.close()
        self.web.close()
        return code


@pytest.fixture
def sims() -> Iterator[tuple[SimPrinter, SimPrinter]]:
    first, second = SimPrinter().start(), SimPrinter().start()
    yield first, second
    first.stop()
    second.stop()


@pytest.fixture
def hall(sims: tuple[SimPrinter, SimPrinter]) -> Iterator[FakeHall]:
    printers = tuple((f"P{n}", f"K{n}", f"tcp://127.0.0.1:{sim.port}") for n, sim in enumerate(sims, 1))
    hall = FakeHall(printers).start()
    yield hall
    hall.kill()


@pytest.fixture
def kiosk(hall: FakeHall, tmp_path: Path) -> Iterator[Program]:
    program = Program(hall, tmp_path / "K1")
    program.await_url()
    yield program
    if program.process.returncode is None:
        program.end(signal.SIGKILL)


@pytest.fixture
def other(hall: FakeHall, tmp_path: Path) -> Iterator[None]:
    station = Station("K2", hall.url, f"{TOKEN}:K2", tmp_path / "K2", recover_s=0.1)
    station.start()
    yield
    station.stop()


def is_face(name: str) -> Callable[[dict[str, Any]], bool]:
    return lambda shown: shown["face"] == name


def test_a_touch_prints_here_and_the_screen_says_so(
    kiosk: Program, hall: FakeHall, sims: tuple[SimPrinter, SimPrinter]
) -> None:
    kiosk.until(is_face("home"))
    kiosk.touch("/press", {"service": "tax", "language": "zh"})
    assert kiosk.until(is_face("printed")) == ["printing", "printed"]
    assert (hall.outcomes(), len(sims[0].slips())) == ([[(1, "P1", "printed")]], 1)


def test_without_paper_the_slip_comes_out_at_the_other_kiosk_and_the_customer_is_told(
    kiosk: Program, other: None, hall: FakeHall, sims: tuple[SimPrinter, SimPrinter]
) -> None:
    sims[0].set_fault("paper_end", True)
    kiosk.until(is_face("home"))
    kiosk.touch("/press", {"service": "tax", "language": "zh"})
    shown = kiosk.until(lambda shown: "取号机打印，请去取" in shown["slots"].get("elsewhere", {"zh": ""})["zh"])
    assert shown[-1] == "elsewhere"
    assert hall.outcomes() == [[(1, "P1", "failed"), (2, "P2", "printed")]]
    assert (sims[0].slips(), len(sims[1].slips())) == ([], 1)


def test_with_no_printer_left_the_number_stays_on_the_screen(
    kiosk: Program, other: None, hall: FakeHall, sims: tuple[SimPrinter, SimPrinter]
) -> None:
    for sim in sims:
        sim.set_fault("paper_end", True)
    kiosk.until(is_face("home"))
    kiosk.touch("/press", {"service": "tax", "language": "zh"})
    kiosk.until(is_face("failed"))
    shown = kiosk.state()
    assert (shown["label"], shown["qr"] is not None) == ("A001", True)


def test_a_lost_hall_is_admitted_and_a_found_one_serves_again(kiosk: Program, hall: FakeHall) -> None:
    kiosk.until(is_face("home"))
    hall.kill()
    assert kiosk.until(is_face("offline"), HONEST_WITHIN_S) == ["home", "offline"]
    hall.start()
    kiosk.until(is_face("home"))


def test_a_hall_that_hangs_is_admitted_too(kiosk: Program, hall: FakeHall) -> None:
    kiosk.until(is_face("home"))
    hall.beating = False
    hall.refuse_sockets = True
    assert kiosk.until(is_face("offline"), HONEST_WITHIN_S)[-1] == "offline"


def test_killed_and_started_again_it_prints_what_is_owed_and_no_more(
    kiosk: Program, hall: FakeHall, tmp_path: Path, sims: tuple[SimPrinter, SimPrinter]
) -> None:
    kiosk.until(is_face("home"))
    hall.refuse_reports = True
    kiosk.touch("/press", {"service": "tax", "language": "zh"})
    kiosk.end(signal.SIGKILL)
    hall.refuse_reports = False
    again = Program(hall, tmp_path / "K1")
    again.await_url()
    hall.wait(lambda: all(paper.state == "printed" for paper in hall.papers.values()))
    assert again.end(signal.SIGTERM) == 0
    assert (hall.outcomes(), len(sims[0].slips())) == ([[(1, "P1", "printed")]], 1)


def test_asked_to_stop_it_ends_cleanly_although_a_page_is_waiting(kiosk: Program) -> None:
    kiosk.until(is_face("home"))
    assert kiosk.end(signal.SIGTERM) == 0


def test_a_busy_port_is_one_clear_sentence(kiosk: Program, hall: FakeHall, tmp_path: Path) -> None:
    port = int(kiosk.url.rpartition(":")[2])
    second = Program(hall, tmp_path / "second", port)
    assert second.process.stderr is not None
    complaint = second.process.stderr.read()
    assert second.end(signal.SIGTERM) == 1
    assert f"cannot listen on 127.0.0.1:{port}" in complaint
    assert "Traceback" not in complaint
