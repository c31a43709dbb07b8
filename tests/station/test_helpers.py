"""Which programs a station may run: what its own file says, and nothing else."""

import json
import logging
import sys
from pathlib import Path

import pytest

from drivers.helper import example
from hall_server.settings import SettingsError, parse
from hall_server.station import helpers_in
from tests.server.halls import HALL
from tests.station.fake_hall import FakeHall
from tests.station.test_station import health_of, issue, running

TABLE = '[[helper]]\nid = "onbon"\ncommand = ["python3", "/opt/onbon/bridge.py"]\n'
SIGN = (
    '[[device]]\nid = "s1"\nkind = "sign"\nzh = "helper sign"\nen = "Sign"\nwindow = "1"\nurl = "helper://{name}#3"\n'
)


def test_a_station_reads_its_programs_from_a_whole_settings_file_or_from_one_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "helpers.toml"
    file.write_text(f"[hall]\nwhatever = 1\n{TABLE}", "utf-8")
    assert helpers_in(file) == {"onbon": ("python3", "/opt/onbon/bridge.py")}
    assert helpers_in(None) == {}


@pytest.mark.parametrize(
    "text", [None, "[[helper", '[[helper]]\nid = "a"\ncommand = "rm -rf /"\n', TABLE + "shell = true"]
)
def test_a_file_with_a_mistake_runs_no_program_and_says_why(
    text: str | None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "helpers.toml"
    if text is not None:
        file.write_text(text, "utf-8")
    with caplog.at_level(logging.ERROR):
        assert helpers_in(file) == {}
    assert "no helper is run" in caplog.text


def test_a_program_prints_what_the_hall_owes_and_a_name_that_this_computer_does_not_know_runs_nothing(
    tmp_path: Path,
) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    program = (sys.executable, "-IS", str(example.__file__), "printer", str(papers))
    hall = FakeHall((("P1", "K1", "helper://slips"), ("P2", "K1", "helper://reboot"))).start()
    try:
        with running(hall, tmp_path, helpers={"slips": program}) as (station, _):
            ticket = issue(station)
            hall.wait(lambda: hall.papers[ticket].state == "printed")
            hall.wait(lambda: any(one.state == "failed" for one in health_of(hall, "P2")))
    finally:
        hall.kill()
    [slip] = papers.glob("slip-*.json")
    assert json.loads(slip.read_text("utf-8"))["number"] == hall.papers[ticket].order.label
    assert {one.evidence for one in health_of(hall, "P2") if one.evidence} == {
        "no [[helper]] 'reboot' is declared on this computer"
    }


def test_settings_name_a_helper_that_is_not_declared_and_one_that_is_declared_twice() -> None:
    assert parse(HALL + TABLE + SIGN.format(name="onbon")).helper[0].command[0] == "python3"
    with pytest.raises(SettingsError, match=r"there is no \[\[helper\]\] 'onbom'. Did you mean 'onbon'\?"):
        parse(HALL + TABLE + SIGN.format(name="onbom"))
    with pytest.raises(SettingsError, match="the helper 'onbon' stands here a second time"):
        parse(HALL + TABLE + TABLE)
