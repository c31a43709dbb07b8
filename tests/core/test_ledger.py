"""Promises against what came true, and targets: counted by hand."""

from hall_server.core.config import Service
from hall_server.core.figures.kpi import figures
from hall_server.core.figures.ledger import Promises, promises
from hall_server.core.figures.targets import targets
from hall_server.core.figures.visits import DayTold, Visit


def served(quoted: tuple[int, int] | None, wait_s: float, service: str = "id") -> Visit:
    return Visit(
        "t", "A001", service, "", 1000.0, quoted=quoted, called_at=1000.0 + wait_s, started_at=1000.0 + wait_s,
        ended_at=1300.0 + wait_s, outcome="done", waiting=False,
    )  # fmt: skip


def test_errors_are_quoted_minus_actual_of_those_who_waited_and_were_served() -> None:
    visits = [
        served((100, 300), 200), served((300, 600), 100), served((60, 120), 150), served((0, 0), 0),
        served(None, 50), Visit("t", "A009", "id", "", 0.0, quoted=(60, 100), outcome="cancelled"),
    ]  # fmt: skip
    assert promises(visits) == Promises(
        count=3, mae_s=130.0, rmse_s=139.16, bias_s=3.33, too_low=66.67, near=0.0, covered90=66.67, told=4, kept=75.0
    )


def test_nobody_is_promised_less_than_a_minute() -> None:
    assert (promises([served((0, 0), 59)]).kept, promises([served((0, 0), 61)]).kept) == (100.0, 0.0)
    assert promises([]) == Promises(0, told=0, kept=None)


def test_each_service_has_its_own_promises() -> None:
    visits = {"t1": served((60, 90), 80), "t2": served((60, 90), 100, "tax")}
    found = figures(DayTold(visits=visits)).promises_by_service
    assert {name: one.kept for name, one in found.items()} == {"id": 100.0, "tax": 0.0}


def test_a_target_is_judged_by_served_in_time_of_all_served_and_says_the_other_two() -> None:
    left = Visit("t", "A004", "id", "", 0.0, ended_at=50.0, outcome="cancelled", gave_up=True, waiting=False)
    visits = [served(None, 100), served(None, 500), served(None, 200), left]
    services = {
        name: Service(name, name, name, "A", norm_s=240, target_s=300, target_share=60) for name in ("id", "tax")
    }
    first, second = targets(visits, services)
    level = first.level
    assert (level.of_served, level.of_arrived, level.with_left, level.within_s) == (66.67, 50.0, 75.0, 300)
    assert (first.wanted, first.reached, first.norm_s, first.mean_s) == (60, True, 240, 300.0)
    assert (second.reached, second.level.of_served, second.mean_s) == (None, None, None)
