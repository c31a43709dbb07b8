"""Signs, pads and voice modules: every line of the conformance table, side by side, since most of it is waiting."""

import os
from pathlib import Path

import pytest

from drivers.led.a0_90 import A090
from tests.conformance.family_rows import FAMILY_ROWS
from tests.conformance.helper_rows import HELPER_ROWS
from tests.conformance.pad_rows import PAD_ROWS
from tests.conformance.port_rows import PORT_ROWS
from tests.conformance.readback_rows import READBACK_ROWS
from tests.conformance.rows import Row
from tests.conformance.run_rows import Outcome, run_rows
from tests.conformance.sign_rows import LINE_ROWS
from tests.conformance.voice_rows import VOICE_ROWS

AT_ONCE = 12  # they wait for wires and time-outs; all together use a tenth of a processor
ROWS = [*LINE_ROWS, *PORT_ROWS, *FAMILY_ROWS, *READBACK_ROWS, *PAD_ROWS, *VOICE_ROWS, *HELPER_ROWS]


def name(row: Row) -> str:
    return f"{row.device} {row.number} {row.scenario}"


@pytest.fixture(scope="session")
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[Row, Outcome]:
    """What became of the lines that this session asks for."""
    params = (item.callspec.params.get("row") for item in request.session.items if hasattr(item, "callspec"))
    asked = {row for row in params if isinstance(row, Row)}
    rows = [row for row in ROWS if row in asked]
    return {outcome.row: outcome for outcome in run_rows(rows, tmp_path_factory.mktemp("signs"), AT_ONCE)}


def test_the_table_sees_a_false_success(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A driver that takes whatever it hears for a yes is caught."""
    monkeypatch.setattr(A090, "reply", lambda self, buffer, address: (True if buffer else None, len(buffer)))
    row = next(row for row in ROWS if row.scenario == "refuses once")
    assert [outcome.verdict for outcome in run_rows([row], tmp_path, 1)] == ["wrong"]


def test_the_table_sees_a_press_that_is_told_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("drivers.bus.pads.SAME_PRESS_S", 0.0)
    row = next(row for row in PAD_ROWS if row.scenario == "key repeated until it is heard")
    assert [outcome.verdict for outcome in run_rows([row], tmp_path, 1)] == ["wrong"]


def test_the_table_sees_a_call_that_is_called_spoken_too_early(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A driver that believes a module's *taken* is caught."""
    monkeypatch.setattr("drivers.speech.voice.Voice._until_said", lambda self, characters, busy: "")
    row = next(row for row in VOICE_ROWS if row.scenario == "power cycle while it speaks")
    assert [outcome.verdict for outcome in run_rows([row], tmp_path, 1)] == ["wrong"]


def test_no_two_lines_of_the_table_are_one() -> None:
    assert len({(row.device, row.number, row.scenario) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_a_sign_does_what_the_table_says(row: Row, outcomes: dict[Row, Outcome]) -> None:
    outcome = outcomes[row]
    if outcome.verdict == "absent" and os.environ.get("CI") != "true":
        pytest.skip(outcome.got)
    assert outcome.verdict == "ok", f"expected {row.expected!r}, got {outcome.got!r}"
