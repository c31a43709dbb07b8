"""A real day through the real rules: waits under each policy to the digit, and what the estimates were worth."""

import statistics
from collections.abc import Iterable
from math import ceil, sqrt

import pytest

from hall_server.core import routing
from hall_server.core.facts import TicketCalled, TicketIssued
from hall_server.core.figures.kpi import Group, Times, figures, overtakes, waiting_at, waits
from hall_server.core.figures.replay import Plan, replay
from hall_server.core.figures.targets import Level
from hall_server.core.figures.visits import DayTold, day_of
from hall_server.core.policy.classes import Newcomer, Policy
from hall_server.core.policy.estimate import expected
from hall_server.core.policy.learning import FACTORS, SHORTEST_S
from tests.core import bank_day
from tests.core.bank_day import DATE, JOINS, MIDNIGHT, Day, arrivals, policy

pytestmark = bank_day.needed

# Policy; of class 2 and of class 1 the mean, 90 % and longest wait; the sum of all waits; who was overtaken how often.
TABLE = [
    (policy("fifo"), (109.90, 346, 582), (61.14, 234, 530), 108_874, 0),
    (policy("head_start", 90), (93.38, 311, 636), (72.35, 273, 591), 110_874, 348),
    (policy("head_start", 300), (58.15, 168, 384), (93.60, 393, 668), 112_730, 913),
    (policy("accumulating", 2, 1), (83.50, 234, 483), (78.12, 299, 747), 111_220, 489),
    (policy("accumulating", 4, 1), (64.64, 172, 383), (92.30, 356, 889), 114_742, 876),
    (policy("quota", pattern="221"), (59.47, 180, 402), (94.91, 402, 810), 114_558, 994),
    (policy("strict", 1, 2), (38.68, 106, 391), (102.87, 415, 908), 111_540, 1_259),
    (policy("strict", 1, 2, guarantee_s=600), (47.33, 125, 449), (99.27, 418, 707), 112_531, 1_118),
]


def mean_p90_max(waits: list[int]) -> tuple[float, int, int]:
    return round(sum(waits) / len(waits), 2), sorted(waits)[ceil(0.9 * len(waits)) - 1], max(waits)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0].kind}-{row[4]}")
def test_six_windows_give_each_class_the_waits_that_two_other_programs_found(
    row: tuple[Policy, tuple[float, int, int], tuple[float, int, int], int, int],
) -> None:
    plan, came, waits, overtaken = row[0], {}, {"1": [0] * 0, "2": [0] * 0}, 0
    for told in replay(arrivals(), Plan(plan, windows=6), DATE, MIDNIGHT):
        if isinstance(told.fact, TicketIssued):
            came[told.fact.ticket] = told.at, told.fact.klass
        if isinstance(told.fact, TicketCalled):
            at, klass = came[told.fact.ticket]
            waits[klass].append(round(told.at - at))
            overtaken += told.fact.overtaken
    assert (mean_p90_max(waits["2"]), mean_p90_max(waits["1"]), sum(waits["1"] + waits["2"]), overtaken) == row[1:]


def test_the_halls_own_estimate_errs_on_that_day_as_was_measured() -> None:
    day = Day(policy("head_start", 90))
    pairs = []
    for row, what, at in day.go():
        if what == JOINS and row["outcome"] == "served":
            day.hall.at = at  # as for a command that is asked now
            windows = routing.windows_for(day.hall, row["service"])
            point_s = expected(day.hall, row["service"], windows, Newcomer(at, row["klass"]))[2]
            pairs.append((point_s, int(row["wait_s"])))
    errors = [point - actual for point, actual in pairs]
    assert len(pairs) == 869, "who waited and was served"
    assert sum(map(abs, errors)) / len(pairs) == pytest.approx(49.59, abs=0.01)
    assert sqrt(sum(error**2 for error in errors) / len(pairs)) == pytest.approx(78.67, abs=0.01)
    assert sum(errors) / len(pairs) == pytest.approx(-20.68, abs=0.01)
    assert share(abs(error) <= 60 for error in errors) == 73.6
    for percent, covered in ((80, 80.4), (90, 90.2)):
        assert share(actual <= FACTORS[percent] * max(point, SHORTEST_S) for point, actual in pairs) == covered


def share(held: Iterable[bool]) -> float:
    found = list(held)
    return round(100 * sum(found) / len(found), 1)


def group(groups: tuple[Group, ...], name: str) -> tuple[int, int, float | None]:
    found = next(one for one in groups if one.name == name)
    return found.arrived, found.served, found.waits.mean_s


def test_the_figures_of_that_day_are_those_that_are_published() -> None:
    day = day_of(Day(policy("head_start", 90)).all())
    assert day is not None
    told = figures(day, within_s=60)
    assert (told.arrived, told.served, told.left.cancelled, told.left.share) == (1643, 1390, 253, 15.4)
    assert told.left.waits.mean_s == 59.51
    assert told.waits == Times(1390, 72_335, 52.04, 20, 92, 153, 210, 601)
    assert [told.at_once, *(sum(w <= s for w in waits(day.visits.values())) for s in (20, 60))] == [521, 700, 991]
    assert told.level == Level(60, 71.29, 60.32, 70.48)
    assert (told.service.mean_s, told.service.sum_s, median(day)) == (178.39, 247_969, 113)
    assert len(told.windows) == 16
    assert {g.name: group(told.by_service, g.name) for g in told.by_service} == {
        "PS": (1027, 930, 42.31), "NW": (407, 264, 86.18), "NE": (136, 128, 54.35), "TT": (57, 55, 27.85),
        "IN": (13, 10, 147.80), "PE": (3, 3, 90.00),
    }  # fmt: skip
    three = next(one for one in told.by_hour if one.name == "15:00")
    assert (three.arrived, three.served, three.waits.mean_s, three.waits.p90_s) == (133, 85, 114.38, 342)
    assert (told.most_waiting, told.most_at) == (12, MIDNIGHT + 61_349)
    assert waiting_at(day, MIDNIGHT + 15.5 * 3600) == (6, 183)
    assert (told.overtakes, told.overtakes_same_service) == (642, 158)
    pairs = overtakes(day.visits.values())
    same = [(late, early) for late, early in pairs if late.service == early.service]
    assert len(same) == 158
    assert sum(e.klass == "2" != p.klass and e.came_at - p.came_at < 90 for p, e in same) == 120


def median(day: DayTold) -> float:
    return statistics.median(visit.service_s for visit in day.visits.values() if visit.service_s is not None)
