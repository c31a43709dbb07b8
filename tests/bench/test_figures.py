"""What the bench makes of numbers: percentiles, noise, verdicts, changes since another run."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench import report
from tests.bench.figures import Cell, Figure, Floor, exact, waits
from tests.bench.store import Machine, Run, changes, keep, read
from tests.bench.targets import TARGETS, Target, Verdict, verdicts

FLOOR = Floor(f50=0.4, f99=2.0, f_per_s=2000.0, e50=0.6, e99=1.4)
MACHINE = Machine("a processor", 2, 8.0, "Linux 6", "ext4", "3.11.7")


def cell(name: str, **figures: Figure) -> Cell:
    return Cell(name, name, figures, before=FLOOR, after=FLOOR, floor=FLOOR)


def run(*cells: Cell) -> Run:
    return Run("2026-11-22T00:00:00+00:00", "0123456789ab", MACHINE, 1.0, {one.name: one for one in cells})


def test_waits_are_told_by_nearest_rank_with_the_range_of_the_parts_of_a_run() -> None:
    seconds = [n / 1000 for n in range(1, 101)]
    assert waits(seconds) == {
        "p50": Figure(50.0, "ms", 13.0, 88.0), "p99": Figure(99.0, "ms", 25.0, 100.0),
        "longest": Figure(100.0, "ms", 25.0, 100.0),
    }  # fmt: skip


def test_of_few_rounds_each_is_a_part() -> None:
    assert waits([0.2, 0.1, 0.4], "back ")["back p50"] == Figure(200.0, "ms", 100.0, 400.0)


def test_a_cell_is_noisy_when_the_floor_moved_or_others_worked_meanwhile() -> None:
    quiet = cell("issue-1")
    moved = replace(quiet, after=replace(FLOOR, f99=2.6))
    assert (quiet.noise(), moved.noise(), replace(quiet, others_cpu=0.3).noise()) == (
        [], ["F99 moved ×1.3"], ["others 30% CPU"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("target", "figure", "said", "of_bound"),
    [
        (Target("issue-1", "p50", 2, "× (F50 + E50)"), Figure(1.5, "ms", 1, 2), "holds", 0.75),
        (Target("issue-1", "p99", 3, "× F99"), Figure(12.0, "ms", 1, 2), "MISSES", 2.0),
        (Target("issue-64", "rate", 0.35, "× F rate", least=True), Figure(350.0, "/s", 1, 2), "MISSES", 2.0),
        (Target("issue-64", "rate", 0.35, "× F rate", least=True), Figure(1400.0, "/s", 1, 2), "holds", 0.5),
        (Target("issue-64", "twice", 0, ""), exact(0, ""), "holds", 0.0),
        (Target("issue-64", "twice", 0, ""), exact(1, ""), "MISSES", float("inf")),
    ],
)
def test_a_target_is_counted_in_its_own_unit(target: Target, figure: Figure, said: str, of_bound: float) -> None:
    measured = cell(target.cell, **{target.figure: figure})
    found = {v.target: v for v in verdicts({target.cell: measured})}[target]
    assert found.said == said
    assert found.of_bound == pytest.approx(of_bound)


def test_what_was_not_measured_is_not_said_to_hold() -> None:
    assert {(v.said, v.reached, v.of_bound) for v in verdicts({})} == {("not measured", None, None)}
    alone = {"issue-64-slow": cell("issue-64-slow", rate=exact(700, "/s"))}
    assert Verdict(next(t for t in TARGETS if t.unit == "× issue-64"), None) in verdicts(alone)


def test_only_what_is_more_than_the_noise_of_both_runs_is_called_a_change() -> None:
    before = run(
        cell("a", p50=Figure(2.0, "ms", 1.8, 2.2)), cell("b", rate=exact(100, "/s")), cell("c", RSS=exact(90, "MB"))
    )
    after = run(
        cell("a", p50=Figure(2.1, "ms", 2.0, 2.2)), cell("b", rate=exact(150, "/s")), cell("c", RSS=exact(99, "MB"))
    )
    said = {name: change.said(change.was.unit) for name, change in changes(after, before).items()}
    assert said == {("a", "p50"): "+5%", ("b", "rate"): "+50% BETTER", ("c", "RSS"): "+10% WORSE"}


def test_a_machine_that_has_moved_is_no_change_of_ours() -> None:
    slower = replace(cell("a", p50=exact(3.0, "ms")), floor=replace(FLOOR, f50=0.9))
    change = changes(run(slower), run(cell("a", p50=exact(2.0, "ms"))))["a", "p50"]
    assert (change.was, round(change.by, 6), round(change.noise, 6)) == (exact(2.0, "ms"), 0.5, 0.53)
    assert not change.real


def test_a_run_is_read_as_it_was_kept(tmp_path: Path) -> None:
    file = tmp_path / "runs" / "0123456789ab.json"
    kept = run(cell("a", p50=Figure(2.0, "ms", 1.8, 2.2)))
    keep(kept, file)
    assert read(file) == kept


def test_the_documents_get_the_newest_table_in_place_of_the_last_one(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("before\n<!-- newest run -->\nold\n<!-- end of newest run -->\nafter\n", "utf-8")
    report.into_page(run(cell("stop", longest=exact(812, "ms"))), page)
    lines = page.read_text("utf-8").splitlines()
    assert (lines[:2], lines[-2:]) == (["before", "<!-- newest run -->"], ["<!-- end of newest run -->", "after"])
    assert [line for line in lines if line.startswith("| stop ")] == [
        "| stop | longest | 812 ms | ≤ 1000 ms | 812.00 | holds | 0.40/2.00 | 0.60/1.40 |"
    ]
    assert "old" not in lines
