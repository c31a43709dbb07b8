"""Which programs a station may run: what its own file says, and nothing else."""

import logging
from pathlib import Path

import pytest

from hall_server.settings import SettingsError, parse
from hall_server.station import helpers_in
from tests.server.halls import HALL

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


def test_settings_name_a_helper_that_is_not_declared_and_one_that_is_declared_twice() -> None:
    assert parse(HALL + TABLE + SIGN.format(name="onbon")).helper[0].command[0] == "python3"
    with pytest.raises(SettingsError, match=r"there is no \[\[helper\]\] 'onbom'. Did you mean 'onbon'\?"):
        parse(HALL + TABLE + SIGN.format(name="onbom"))
    with pytest.raises(SettingsError, match="the helper 'onbon' stands here a second time"):
        parse(HALL + TABLE + TABLE)
