"""What the station's log says after the power went at each step of a slip."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hall_server.contract import SlipReport
from hall_server.station.log import CLAIMING, REFUSED, SENDING, SlipLog


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "station.sqlite3"


@pytest.fixture
def log(path: Path) -> Iterator[SlipLog]:
    log = SlipLog(path)
    yield log
    log.close()


def outcome(word: str, **fields: object) -> SlipReport:
    return SlipReport.model_validate({"slip": "s1", "printer": "P1", "attempt": 1, "outcome": word, **fields})


UNKNOWN = outcome(
    "unconfirmed",
    verdict="unknown",
    faults=("ticket_unconfirmed",),
    evidence="the station stopped while sending",
)


@pytest.mark.parametrize(
    ("steps", "stage", "reports"),
    [
        ((), None, ()),
        ((CLAIMING,), CLAIMING, ()),
        ((CLAIMING, REFUSED), REFUSED, ()),
        ((CLAIMING, SENDING), "unconfirmed", (UNKNOWN,)),
    ],
)
def test_after_a_power_cut_only_a_slip_that_was_being_sent_is_in_doubt(
    log: SlipLog, path: Path, steps: tuple[str, ...], stage: str | None, reports: tuple[SlipReport, ...]
) -> None:
    for step in steps:
        log.step("s1", 1, "P1", step)
    after = SlipLog(path)  # nothing was closed: this is what a new process finds on the disk
    after.recover()
    assert (after.stage("s1", 1), after.unknown_to_hall()) == (stage, reports)
    after.close()


def test_an_outcome_is_kept_until_the_hall_knows_it_and_never_forgotten_after(log: SlipLog, path: Path) -> None:
    log.step("s1", 1, "P1", SENDING)
    printed = outcome("printed", verdict="printed", evidence="2 of 2")
    log.outcome(printed)
    again = SlipLog(path)
    assert again.recover() == 0
    assert again.unknown_to_hall() == (printed,)
    again.known((printed,))
    assert again.unknown_to_hall() == ()
    assert again.stage("s1", 1) == "printed"
    again.close()


def test_the_first_outcome_stands(log: SlipLog) -> None:
    log.outcome(outcome("printed"))
    log.outcome(outcome("failed"))
    assert log.unknown_to_hall() == (outcome("printed"),)


def test_each_attempt_is_a_slip_of_its_own(log: SlipLog) -> None:
    log.outcome(outcome("failed"))
    assert log.stage("s1", 2) is None


def test_a_claim_without_outcome_is_remembered_across_a_restart(log: SlipLog, path: Path) -> None:
    log.step("s1", 1, "P1", CLAIMING)
    again = SlipLog(path)
    assert again.claims() == (outcome("claim"),)
    again.close()
