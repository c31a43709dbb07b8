"""A mistake of ours in what pushes to the boards: a fresh process is better than one whose boards seem to be live."""

import logging
from pathlib import Path

import pytest

from hall_server.live import vital
from tests.server.halls import open_api


def test_a_process_whose_pushing_has_died_ends(caplog: pytest.LogCaptureFixture) -> None:
    crashed: list[str] = []

    def push() -> None:
        raise TypeError("what we send is no JSON")

    with caplog.at_level(logging.CRITICAL), pytest.raises(TypeError):
        vital(push, lambda: crashed.append("crashed"))
    assert crashed == ["crashed"]
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]


def test_what_a_dead_task_belongs_to_tells_no_secret_to_the_log(tmp_path: Path) -> None:
    hall = open_api(tmp_path)
    assert len(repr(hall.server.live)) < 200
    hall.server.stop()
