"""A station whose printer stands behind a queue: every paper is in doubt, and no health is ever better than unknown."""

import os
import sys
from pathlib import Path

import pytest

from drivers.sim.printer import SimPrinter
from tests.conformance.papers import until
from tests.conformance.spool_rows import REFUSES, TAKES
from tests.station.fake_hall import FakeHall
from tests.station.test_station import health_of, issue, running


@pytest.mark.parametrize(
    ("program", "outcome", "verdict"), [(TAKES, "unconfirmed", "spooled"), (REFUSES, "failed", "not_sent")]
)
def test_what_a_queue_took_is_unconfirmed_and_what_it_refused_has_failed(
    program: str, outcome: str, verdict: str, sim: SimPrinter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lp = tmp_path / "lp"
    lp.write_text(program.format(python=sys.executable, port=sim.port))
    lp.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    hall = FakeHall((("P1", "K1", "cups://desk"),)).start()
    try:
        with running(hall, tmp_path) as (station, _):
            ticket = issue(station)
            hall.wait(lambda: hall.papers[ticket].state == outcome)
            hall.wait(lambda: any(h.faults == ("unmonitored",) for h in health_of(hall, "P1")))
    finally:
        hall.kill()
    told = [slip.verdict for _, report in hall.reports for slip in report.slips if slip.outcome != "claim"]
    assert (hall.outcomes(), told) == ([[(1, "P1", outcome)]], [verdict])
    assert "ok" not in {health.state for health in health_of(hall, "P1")}
    until(lambda: [slip.complete for slip in sim.slips()] == [True] * (verdict == "spooled"))
