"""What a driver must say in every trouble a printer can be in, and how many valid papers may exist afterwards."""

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from drivers.ports import Verdict
from tests.conformance.papers import SLIP, papers
from tests.conformance.printer_rig import bench
from tests.conformance.printer_rows import ROWS, TROUBLES
from tests.conformance.rows import NotHereError, Row

AT_ONCE = 12  # rows mostly wait: together they take as long as the slowest few


@pytest.fixture(scope="module")
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Row, Future[str]]]:
    """All rows that this run asked for, side by side in the background; the slow serial ones, which are last, first."""
    names = {item.name for item in request.session.items}
    chosen = [row for row in ROWS if any(name.endswith(f"[{label(row)}]") for name in names)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {row: pool.submit(row.run, tmp_path_factory.mktemp("row")) for row in reversed(chosen)}


def label(row: Row) -> str:
    return f"{row.number} {row.scenario}"


def param(row: Row) -> object:
    needed = [pytest.mark.needs("ser2net")] if "ser2net" in row.scenario else []
    return pytest.param(row, id=label(row), marks=needed)


@pytest.mark.parametrize("row", [param(row) for row in ROWS])
def test_the_verdict_is_true_and_the_papers_are_right(row: Row, running: dict[Row, Future[str]]) -> None:
    try:
        assert running[row].result()
    except NotHereError as error:
        pytest.skip(str(error))


def test_every_number_of_the_table_has_its_row_and_each_row_its_own_number() -> None:
    numbers = Counter(row.number for row in ROWS)
    assert {int(re.sub(r"\D", "", number)) for number in numbers if number[0] != "S"} == set(range(1, 48))
    assert {number: times for number, times in numbers.items() if times > 1} == {}


def test_no_row_expects_more_papers_than_one_customer_may_have() -> None:
    assert [one.number for one in TROUBLES if one.valid > 1 or one.copies > 1] == []
    assert [
        one.number for one in TROUBLES if one.verdict is Verdict.PRINTED and (one.valid, one.copies) != (1, 0)
    ] == []


def test_a_bench_sees_a_false_success(tmp_path: Path) -> None:
    """The check that all rows share can fail: a driver that says *printed* without a paper is caught."""
    with bench(tmp_path) as table:
        printer = table.driver(table.sim().port, {"fence": "none", "confirm": "no"})
        result = table.print(printer)
        assert result.verdict is Verdict.SPOOLED
        lying = table.driver(table.sims[0].port)
        lying.print_slip = lambda slip: result.__class__(Verdict.PRINTED)  # type: ignore[method-assign]
        with pytest.raises(AssertionError, match="FALSE SUCCESS"):
            table.print(lying)


def test_a_cleared_printer_prints_the_next_slip_on_its_own_paper(tmp_path: Path) -> None:
    with bench(tmp_path) as table:
        sim = table.sim()
        printer = table.driver(sim.port)
        sim.fault_after("cover_open", 300)
        assert table.print(printer).verdict is Verdict.CLEARED
        sim.set_fault("cover_open", False)
        assert table.print(printer).verdict is Verdict.PRINTED
        assert [piece.complete for piece in sim.slips()] == [False, True]


def test_a_hundred_slips_in_a_row_are_a_hundred_papers(tmp_path: Path) -> None:
    with bench(tmp_path) as table:
        sim = table.sim()
        printer = table.driver(sim.port)
        assert {printer.print_slip(SLIP).verdict for _ in range(100)} == {Verdict.PRINTED}
        assert papers([sim], SLIP) == 100
        sim.tear()
        assert sim.slips_png() == []
