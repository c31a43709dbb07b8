"""``hallcall devices list|test|watch|replace`` and ``doctor`` beside a server and a station at work."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from drivers.sim.printer import SimPrinter
from hall_server import doctor
from hall_server.cli import main
from hall_server.core.rules.replacing import PAUSE_S
from hall_server.settings import FILE, load
from hall_server.station import Station
from tests.server.databases import fresh_database
from tests.server.halls import HALL, write_settings
from tests.server.program import PROJECT, Program, free_port

WORKS = "printer1 works: the slip was printed (printed"
ENOUGH_S = 60.0  # for a machine that is busy with something else
TEXT = HALL.replace('station = "K1"', 'station = "K1"\nmodel = "T 80"\nbought = 2020-01-02')


def until(condition: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + ENOUGH_S
    while not condition():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


@pytest.fixture(scope="module")
def printer() -> Iterator[SimPrinter]:
    with_paper = SimPrinter().start()
    yield with_paper
    with_paper.stop()


@pytest.fixture(scope="module")
def hall(printer: SimPrinter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A server, and the station of kiosk K1 with its printer; nobody drives the sign."""
    home = tmp_path_factory.mktemp("hall")
    write_settings(home, TEXT.replace("127.0.0.1:9", f"127.0.0.1:{printer.port}"))
    fresh_database(home / "hall.sqlite3")
    program = Program(home, free_port())
    program.start()
    station = Station("K1", program.url, program.token("station", "K1"), home / "stations" / "K1", recover_s=0.1)
    try:
        station.start()
        until(lambda: states(program)["printer1"] == "ok")
        yield program
    finally:
        station.stop()
        program.stop()


def states(hall: Program) -> dict[str, str]:
    _, answer = hall.ask("GET", "/api/v1/devices", token=hall.admin)
    return {row["id"]: row["state"] for row in answer["devices"]}


def run(hall: Program, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["devices", *words, "--home", str(hall.home)])
    return done.exit_code, done.output


def test_the_list_shows_every_device_and_calls_nothing_fine_that_nobody_watches(hall: Program) -> None:
    code, said = run(hall, "list")
    rows = {line.split()[0]: " ".join(line.split()) for line in said.splitlines()}
    assert (code, list(rows)) == (0, ["id", "printer1", "sign1", "scanner2"])
    assert "kiosk K1 online" in rows["printer1"]
    assert "window 1 unknown" in rows["sign1"]
    assert "window 2 unknown" in rows["scanner2"]
    assert "在线" in run(hall, "list", "--lang", "zh")[1]
    code, said = run(hall, "list", "--json")
    printer = json.loads(said)[0]
    assert (code, printer["state"], printer["asset"]["model"]) == (0, "ok", "T 80")


def test_a_test_ends_with_the_verdict_and_its_exit_code(hall: Program, printer: SimPrinter) -> None:
    before = len(printer.slips())
    code, said = run(hall, "test", "printer1", "--wait", "60")
    assert (code, said.startswith(WORKS)) == (0, True), said
    assert len(printer.slips()) == before + 1
    code, said = run(hall, "test", "scanner2")
    assert (code, said) == (1, "Error: Scanner cannot be tested from here: somebody has to look at it.\n")
    code, said = run(hall, "test", "sign1", "--wait", "1")
    assert (code, said.startswith("sign1: no verdict within 1 s;")) == (1, True)


def test_without_a_server_nothing_is_made_up(tmp_path: Path) -> None:
    for words in (["list"], ["watch"], ["test", "x"]):
        done = CliRunner().invoke(main, ["devices", *words, "--home", str(tmp_path)])
        assert (done.exit_code, done.output) == (3, f"No server runs on {tmp_path}: start it first.\n")


def test_watching_says_each_change_once_until_ctrl_c(hall: Program) -> None:
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", "from hall_server.cli import main; main()",
         "devices", "watch", "scanner2", "--home", str(hall.home)],
        cwd=PROJECT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    first = process.stdout.readline().split("  ", 1)[1]
    hall.post("/devices/scanner2/fault", {"note": "dark"})
    second = process.stdout.readline().split("  ", 1)[1]
    hall.post("/devices/scanner2/verify", {})
    third = process.stdout.readline().split("  ", 1)[1]
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=ENOUGH_S)
    assert (first, third, rest, process.returncode) == ("scanner2  unknown: Cannot be monitored\n", first, "", 0)
    assert second.startswith("scanner2  fault: ")
    assert second.endswith(" reported\n")
    assert run(hall, "watch", "toaster")[0] == 2


def test_another_printer_takes_the_place_and_keeps_the_history(hall: Program) -> None:
    fresh = SimPrinter().start()
    try:
        url = f"tcp://127.0.0.1:{fresh.port}"
        code, said = run(hall, "replace", "printer1", "--url", f"tcp://127.0.0.1:{free_port()}")
        assert (code, "printer1 does not work there" in said, "Nothing is changed." in said) == (2, True, True), said
        assert run(hall, "replace", "scanner2", "--url", url)[0] == 1
        assert "printer option width" in run(hall, "replace", "printer1", "--url", url, "--option", "width=wide")[1]
        time.sleep(PAUSE_S)
        code, said = run(hall, "replace", "printer1", "--url", url, "--serial", "SN 9", "--option", "width=512")
        assert (code, "printer1 works: the test slip was printed there" in said) == (0, True), said
        assert said.splitlines()[-1].startswith(WORKS)
        assert len(fresh.slips()) == 2
        device = load(hall.home / FILE).device[0]
        assert (device.url, device.serial, device.model, device.bought) == (url, "SN 9", None, None)
        assert device.options == {"width": "512"}
        kinds = [row["kind"] for row in hall.ask("GET", "/api/v1/journal?after=0", token=hall.admin)[1]["rows"]]
        assert kinds.count("DeviceReplaced") == 1
    finally:
        fresh.stop()


def test_a_new_roll_is_counted_from_here(hall: Program) -> None:
    assert run(hall, "roll", "printer1", "--rolls", "2")[1].endswith("rolls in stock: 2.\n")
    assert run(hall, "roll", "printer1")[1].endswith("rolls in stock: 1.\n")
    assert run(hall, "roll", "sign1") == (1, "Error: Sign 1 takes no paper.\n")


def test_repairs_become_a_sheet_and_the_report_says_its_rule(hall: Program, tmp_path: Path) -> None:
    hall.post("/day/open", {})
    hall.post("/devices/sign1/fault", {"note": "=dark"})  # nobody drives it, so nobody else reports it
    hall.post("/devices/sign1/verify", {})
    for ending in (".csv", ".xlsx"):
        file = tmp_path / f"repairs{ending}"
        code, said = run(hall, "history", "sign1", f"--{ending[1:]}", str(file))
        assert (code, said) == (0, f"{file}: 1 repairs and replacements.\n")
    assert (tmp_path / "repairs.csv").read_text("utf-8-sig").endswith(",person,0,'=dark\n")
    assert run(hall, "history", "nobody", "--csv", str(tmp_path / "x.csv"))[0] == 1
    code, said = run(hall, "report")
    assert (code, "printer1" in said, "keep it" in said, "6 or more" in said) == (0, True, True, True)


def examined(home: Path, **more: bool) -> dict[str, list[tuple[str, str]]]:
    """What ``hallcall doctor`` says, by check."""
    done = CliRunner().invoke(doctor.main, ["--home", str(home), "--json", *(f"--{name}" for name in more)])
    found: dict[str, list[tuple[str, str]]] = {}
    for line in done.output.splitlines():
        one = json.loads(line)
        found.setdefault(one["check"], []).append((one["level"], one["sentence"]))
    assert done.exit_code == int(any(level == "act" for said in found.values() for level, _ in said))
    return found


def test_the_doctor_sees_a_hall_that_works_and_names_what_does_not(
    hall: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HALLCALL_PORT", str(hall.port))
    found = examined(hall.home, deep=True)
    assert list(found) == [name for name, _ in doctor.CHECKS]
    assert found["settings"] == [("ok", "6 windows, 3 devices")]
    assert ("ok", "every row verifies") in found["database"]
    assert found["port"] == [("ok", f"{hall.port} is ours")]
    assert found["server"][0][0] == "ok"
    assert found["devices"][0] == (
        "act", "nothing is heard of station hall: look whether its computer and program run"
    )  # fmt: skip
    (hall.home / "admin.token").chmod(0o644)
    monkeypatch.setattr(doctor, "LOW_DISK_BYTES", 10**18)
    monkeypatch.setattr(doctor, "LYING_DISK_S", 1000.0)
    worse = examined(hall.home)
    (hall.home / "admin.token").chmod(0o600)
    assert [level for level, _ in (*worse["disk"], *worse["flush"], *worse["tokens"])] == ["act", "note", "act"]
    assert f"chmod 600 {hall.home / 'admin.token'}" in worse["tokens"][0][1]
    assert sorted(path.name for path in hall.home.glob("doctor-*")) == []


def test_the_doctor_of_an_empty_folder_says_what_to_do_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = examined(tmp_path)
    assert found["settings"][0][0] == "act"
    assert "does not exist: write it, or start with --demo" in found["settings"][0][1]
    assert found["server"] == [("act", "none runs on this folder: start it with hallcall up or hallcall serve")]
    port = free_port()
    monkeypatch.setenv("HALLCALL_PORT", str(port))
    write_settings(tmp_path)
    found = examined(tmp_path)
    assert found["database"][0] == ("note", "there is none yet; the first start makes it")
    assert found["port"] == [("ok", f"{port} is free")]
    assert list(tmp_path.iterdir()) == [tmp_path / FILE]


def test_the_doctor_sees_that_the_port_is_somebody_elses(
    hall: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HALLCALL_PORT", str(hall.port))
    write_settings(tmp_path)
    assert examined(tmp_path)["port"][0][0] == "act"


def test_a_server_that_cannot_say_how_it_is_needs_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_home: Path) -> None:
        raise click.ClickException("The database does not answer.")

    write_settings(tmp_path)
    monkeypatch.setattr(doctor, "ask_devices", refuse)
    said = examined(tmp_path)["devices"]
    assert said == [("act", "the server refuses to say: The database does not answer.")]
