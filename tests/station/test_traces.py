"""``hallcall devices trace`` with a station at work: what it records can be played, and what it cannot it says."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from drivers.sim.printer import SimPrinter
from hall_server import devices, trace_files
from hall_server.cli import main
from hall_server.contract import TicketRequest
from hall_server.station import Station, new_key, traces
from tests.recorded.replay import play, read
from tests.station.fake_hall import TOKEN, FakeHall

DEMO = Path(devices.__file__).with_name("demo.toml")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A station looks each second; here nobody waits for that."""
    monkeypatch.setattr(traces, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(devices, "POLL_S", 0.02)


@pytest.fixture
def home(hall: FakeHall, tmp_path: Path) -> Iterator[Path]:
    """The folder of a hall whose kiosk K1 runs here; its printer is called P1."""
    text = DEMO.read_text("utf-8").replace('"printer1"', '"P1"')
    (tmp_path / "hallcall.toml").write_text(text, "utf-8")
    station = Station("K1", hall.url, f"{TOKEN}:K1", tmp_path / "stations" / "K1", recover_s=0.1)
    station.start()
    try:
        hall.wait(lambda: any(h.state == "ok" for _, report in hall.reports for h in report.health))
        yield tmp_path
    finally:
        station.stop()


def trace(*words: str) -> Result:
    return CliRunner().invoke(main, ["devices", "trace", *words])


def recorded(result: Result) -> Path:
    assert result.exit_code == 0, result.output
    found = re.search(r"Recorded: (.+\.jsonl)", result.output)
    assert found, result.output
    return Path(found[1])


def test_the_command_ends_with_the_name_of_a_file_that_can_be_played(home: Path) -> None:
    file = recorded(trace("P1", "--seconds", "1", "--home", str(home)))
    head, exchanges, end = read(file)
    assert (head["device"], head["scheme"], end["why"]) == ("P1", "tcp", "time")
    assert play(file) == end["answers"]
    assert len(exchanges) == len([one for one in exchanges if one.ask["what"] == "status"])
    assert "127.0.0.1" not in file.read_text("utf-8")


def test_the_folder_of_a_station_without_settings_will_do(home: Path) -> None:
    file = recorded(trace("P1", "--seconds", "1", "--home", str(home / "stations" / "K1")))
    assert read(file)[0]["device"] == "P1"
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_the_names_are_listed_when_there_is_no_such_device(home: Path) -> None:
    there = trace("prinetr1", "--home", str(home))
    assert there.exit_code == 2
    assert "Known are: P1, printer2, bus1, sign1" in there.output
    at_the_station = trace("sign1", "--seconds", "1", "--home", str(home / "stations" / "K1"))
    assert (at_the_station.exit_code, at_the_station.output.strip()) == (
        2,
        "No device sign1 with a cable is known here. Known are: P1.",
    )


def test_a_device_of_another_station_is_recorded_over_there(home: Path) -> None:
    there = trace("sign1", "--home", str(home))
    assert there.exit_code == 3
    assert "The station hall has the cable of sign1 and does not run here" in there.output


def test_a_station_that_does_not_run_is_told_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "TAKEN_WITHIN_S", 0.1)
    (tmp_path / "hallcall.toml").write_text(DEMO.read_text("utf-8"), "utf-8")
    (tmp_path / "stations" / "K1").mkdir(parents=True)
    there = trace("printer1", "--home", str(tmp_path))
    assert there.exit_code == 3
    assert "The station K1 has the cable of printer1 and does not run here" in there.output
    assert list((tmp_path / "stations" / "K1" / "traces").iterdir()) == []
    assert trace("x", "--home", str(tmp_path / "nowhere")).exit_code == 3


def test_a_request_that_nobody_waits_for_any_more_is_not_done(home: Path) -> None:
    folder = home / "stations" / "K1" / "traces"
    fresh = trace_files.ask(folder, trace_files.Request("P1", 0.5))
    stale = folder / "P1-old.request"
    put_aside = stale.with_name("aside")
    put_aside.write_text(json.dumps({"device": "P1", "seconds": 0.5}), "utf-8")
    os.utime(put_aside, (time.time() - 60, time.time() - 60))
    put_aside.replace(stale)
    (folder / "P1-broken.request").write_text("[", "utf-8")
    until(lambda: trace_files.ending(fresh, ".jsonl").exists() and not list(folder.glob("*.request")))
    assert [path.name for path in folder.iterdir()] == [f"{fresh.name}.jsonl"]


def test_a_station_that_stops_ends_its_recording_in_which_a_ticket_was_printed(
    hall: FakeHall, sim: SimPrinter, tmp_path: Path
) -> None:
    station = Station("K1", hall.url, f"{TOKEN}:K1", tmp_path, recover_s=0.1)
    station.start()
    hall.wait(lambda: any(h.state == "ok" for _, report in hall.reports for h in report.health))
    base = trace_files.ask(tmp_path / "traces", trace_files.Request("P1", 600.0))
    until(trace_files.ending(base, ".part").exists)
    station.client.issue(TicketRequest(service="tax"), new_key())
    hall.wait(lambda: hall.outcomes() != [[]])
    station.stop()
    until(trace_files.ending(base, ".jsonl").exists)  # a station waits for nobody when it stops
    _, exchanges, end = read(trace_files.ending(base, ".jsonl"))
    assert [one.answer["verdict"] for one in exchanges if one.answer and one.ask["what"] == "print"] == ["printed"]
    assert (end["why"], len(sim.slips())) == ("station stopped", 1)
    assert play(trace_files.ending(base, ".jsonl")) == end["answers"]


def test_who_has_seen_enough_ends_it_by_ctrl_c_and_keeps_what_is_there(home: Path) -> None:
    folder = home / "stations" / "K1" / "traces"
    command = [sys.executable, "-c", "from hall_server.cli import main; main()", "devices", "trace", "P1"]
    process = subprocess.Popen(
        [*command, "--seconds", "3600", "--home", str(home)],
        cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    until(lambda: bool(list(folder.glob("*.part"))) and not list(folder.glob("*.request")))
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    (file,) = folder.iterdir()
    assert (process.returncode, said.strip(), file.suffix) == (0, f"Recorded: {file}", ".jsonl")
    assert read(file)[2]["why"] == "asked to"


def until(condition: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < give_up_at, "it never became true"
        time.sleep(0.01)
