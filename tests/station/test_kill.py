"""The station program killed without warning at each point of a slip: no second unmarked paper, nothing lost."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.sim.printer import SimPrinter
from hall_server.contract import TicketRequest
from hall_server.station import HallClient, new_key
from hall_server.station.log import SENDING, SlipLog
from tests.station.fake_hall import TOKEN, FakeHall

PROJECT = Path(__file__).parents[2]


class Program:
    """``python -m hall_server.station`` that a test starts, kills and starts again."""

    def __init__(self, hall: FakeHall, folder: Path) -> None:
        self.folder = folder
        token = folder / "token"
        token.write_text(f"{TOKEN}:K1")
        self.command = [sys.executable, "-m", "hall_server.station", "--id", "K1", "--server", hall.url]
        self.command += ["--token-file", str(token), "--state-dir", str(folder), "--recover-s", "0.1"]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self.command, cwd=PROJECT, stderr=subprocess.DEVNULL)

    def end(self, number: int) -> int:
        if self._process is None:
            return 0
        process, self._process = self._process, None
        process.send_signal(number)
        return process.wait(20)

    def wait(self, limit_s: float) -> int:
        """The exit code of a process that ends by itself."""
        assert self._process is not None
        process, self._process = self._process, None
        return process.wait(limit_s)

    def stage(self) -> str | None:
        log = SlipLog(self.folder / "station.sqlite3")
        try:
            return log.stage("s1", 1)
        finally:
            log.close()

    def wait_for_stage(self, stage: str) -> None:
        end = time.monotonic() + 60
        while self.stage() != stage:
            assert time.monotonic() < end, f"never {stage}"
            time.sleep(0.005)


@pytest.fixture
def program(hall: FakeHall, tmp_path: Path) -> Iterator[Program]:
    program = Program(hall, tmp_path)
    yield program
    program.end(signal.SIGKILL)


@pytest.fixture
def ticket(hall: FakeHall) -> str:
    client = HallClient(hall.url, TOKEN)
    ticket = client.issue(TicketRequest(service="tax"), new_key()).id
    client.close()
    return ticket


def test_killed_while_the_claim_is_being_answered_prints_once_after_the_restart(
    hall: FakeHall, sim: SimPrinter, program: Program, ticket: str
) -> None:
    killed: list[int] = []

    def kill_on_claim(path: str) -> None:
        if path.endswith("/reports") and hall.papers[ticket].claims and not killed:
            killed.append(program.end(signal.SIGKILL))

    hall.before_answer = kill_on_claim
    program.start()
    hall.wait(lambda: bool(hall.papers[ticket].claims))
    while not killed:
        time.sleep(0.01)
    program.start()
    hall.wait(lambda: hall.papers[ticket].state == "printed")
    assert (hall.papers[ticket].claims, hall.outcomes(), len(sim.slips())) == (1, [[(1, "P1", "printed")]], 1)


def test_killed_between_the_claim_and_the_first_byte_of_a_slip_owed_no_more_says_not_sent(
    hall: FakeHall, sim: SimPrinter, program: Program, ticket: str
) -> None:
    log = SlipLog(program.folder / "station.sqlite3")
    log.step("s0", 1, "P1", "claiming")
    log.close()
    program.start()
    hall.wait(lambda: any(step.slip == "s0" for _, report in hall.reports for step in report.slips))
    steps = [step for _, report in hall.reports for step in report.slips if step.slip == "s0"]
    assert [(step.outcome, step.verdict) for step in steps] == [("failed", "not_sent")]


def test_killed_while_sending_is_unconfirmed_and_never_printed_again(
    hall: FakeHall, program: Program, ticket: str
) -> None:
    slow = SimPrinter(mm_s=5).start()
    hall.printers = (("P1", "K1", f"tcp://127.0.0.1:{slow.port}"),)
    program.start()
    program.wait_for_stage(SENDING)
    program.end(signal.SIGKILL)
    begun = len(slow.slips())
    program.start()
    hall.wait(lambda: hall.papers[ticket].state == "unconfirmed")
    hall.wait(lambda: hall.alive > 2)
    assert (hall.papers[ticket].claims, hall.outcomes()) == (1, [[(1, "P1", "unconfirmed")]])
    assert len(slow.slips()) in (begun, 1)
    program.end(signal.SIGTERM)
    slow.stop()


def test_killed_before_the_hall_knew_the_outcome_tells_it_after_the_restart(
    hall: FakeHall, sim: SimPrinter, program: Program, ticket: str
) -> None:
    def deaf_after_the_claim(path: str) -> None:
        hall.refuse_reports = hall.refuse_reports or bool(hall.papers[ticket].claims)

    hall.before_answer = deaf_after_the_claim
    program.start()
    program.wait_for_stage("printed")
    program.end(signal.SIGKILL)
    assert hall.papers[ticket].state == "printing"
    hall.before_answer = lambda _path: None
    hall.refuse_reports = False
    program.start()
    hall.wait(lambda: hall.papers[ticket].state == "printed")
    assert (hall.papers[ticket].claims, hall.outcomes(), len(sim.slips())) == (1, [[(1, "P1", "printed")]], 1)


def test_asked_to_stop_it_ends_cleanly(hall: FakeHall, program: Program) -> None:
    program.start()
    hall.wait(lambda: hall.alive > 0)
    assert program.end(signal.SIGTERM) == 0
