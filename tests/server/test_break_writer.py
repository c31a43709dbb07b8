"""The writer when clocks are set back, disks fill up and devices leave the settings."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from hall_server.core import commands as c
from hall_server.core import rules
from hall_server.core.facts import Fact
from hall_server.core.hall import Hall
from hall_server.writer import Broken, Unavailable
from tests.core.scene import CONFIG, OPENED_AT
from tests.model.moves import Clock
from tests.server.running import Desk
from tests.server.test_writer import in_one_batch, issue


def pass_time(desk: Desk, seconds: int) -> None:
    assert isinstance(desk.clock, Clock)
    for _ in range(seconds):
        desk.clock.now += 1.0
        desk.ask(c.Tick())


def test_a_clock_that_was_set_back_an_hour_stops_neither_recalls_nor_the_watch_over_stations(desk: Desk) -> None:
    assert isinstance(desk.clock, Clock)
    desk.ask(c.StationSeen("hall", connected=True))
    desk.ask(c.ReportHealth("sign1", "ok", "r1"))
    desk.ask(issue(1))
    desk.ask(c.CallNext("1"))
    desk.clock.now -= 3600.0
    desk.ask(c.StationSeen("hall", connected=False))
    assert desk.code(c.Recall("1")) == "recall_too_soon"
    pass_time(desk, 30)
    assert desk.code(c.Recall("1")) is None
    assert desk.look(lambda hall: hall.devices["sign1"].state) == "unknown"
    times = [row.at for row in desk.journal.rows()]
    assert times == sorted(times)


def test_behind_a_clock_that_was_set_back_time_runs_slower_until_both_agree(desk: Desk) -> None:
    assert isinstance(desk.clock, Clock)
    desk.clock.now = OPENED_AT + 100
    desk.ask(issue(1))
    desk.clock.now = OPENED_AT + 40
    desk.ask(issue(2))
    desk.clock.now = OPENED_AT + 80
    desk.ask(issue(3))
    desk.clock.now = OPENED_AT + 200
    desk.ask(issue(4))
    assert desk.look(lambda hall: [t.arrival - OPENED_AT for t in hall.tickets.values()]) == [100, 100, 120, 200]


def test_a_full_disk_is_asked_once_for_a_batch_not_once_for_everybody_in_it(desk: Desk) -> None:
    assert [desk.ask(issue(number)).status for number in range(3)] == [200] * 3
    with desk.journal.writes.connect() as connection:
        used = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {used}")
    replays = []
    again = desk.writer._replay  # noqa: SLF001 - nothing public says how often the day was folded again
    desk.writer._replay = lambda: replays.append(1) or again()  # type: ignore[func-returns-value, method-assign]  # noqa: SLF001
    answers = in_one_batch(desk, [lambda n=n: desk.ask(issue(100 + n, "id"), f"key-{n}-{'x' * 40}") for n in range(60)])  # type: ignore[misc]
    assert set(answers) == {Unavailable}
    assert desk.look(lambda hall: len(hall.tickets)) == 3
    assert len(replays) == 1


def test_a_device_that_leaves_the_settings_takes_its_repair_and_its_detour_along(desk: Desk) -> None:
    desk.ask(issue(1))
    desk.ask(c.ReportHealth("sign1", "failed", "r1", ("no_answer",)))
    assert desk.code(c.CallNext("1")) == "window_redirected"
    desk.ask(c.Configure(replace(CONFIG, devices=tuple(d for d in CONFIG.devices if d.id != "sign1"))))
    assert desk.look(lambda hall: dict(hall.repairs)) == {}
    assert desk.look(lambda hall: hall.windows["1"].incidents) == {}
    assert desk.code(c.CallNext("1")) is None
    assert desk.crashes == []
    last = list(desk.journal.rows())
    assert [row.kind for row in last if '"r1"' in row.body] == [
        "RepairOpened", "WindowRedirected", "RepairVerified", "WindowRestored"
    ]  # fmt: skip
    assert json.loads(next(row.body for row in last if row.kind == "RepairVerified"))["how"] == "removed"


def test_a_broken_rule_fails_the_command_that_met_it_and_nobody_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(hall: Hall, command: c.Recall, now: float) -> list[Fact]:
        hall.tickets.clear()  # what a mistake leaves behind must not stay either
        raise KeyError("a mistake of ours")

    monkeypatch.setitem(rules.RULES, c.Recall, broken)
    desk.ask(issue(1))
    asked: list[Callable[[], Any]] = [partial(desk.ask, issue(number)) for number in range(2, 12)]
    answers = in_one_batch(desk, [*asked, partial(desk.ask, c.Recall("1")), partial(desk.ask, issue(12))])
    assert [getattr(answer, "status", answer) for answer in answers] == [*([200] * 10), Broken, 200]
    assert desk.look(lambda hall: len(hall.tickets)) == 12
    with pytest.raises(Broken):
        desk.look(lambda hall: hall.tickets["nobody"])
    assert (desk.journal.verify(), desk.crashes) == (None, [])
