"""A pad's keys from the station to a hall that answers, refuses, hangs or is away, and what pads are told."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.ports import PadContent, Press
from hall_server.contract import Owed, PadOrder, PressAnswer, PressReport
from hall_server.station import HallClient, Station, pads
from hall_server.station.log import SlipLog
from hall_server.station.pads import Pads
from tests.station.fake_hall import TOKEN, FakeHall


class Desks:
    """Pads and rating units that remember what they were told."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []
        self._changed = threading.Condition()

    def _tell(self, *words: Any) -> None:
        with self._changed:
            self.told.append(words)
            self._changed.notify_all()

    def show_pad(self, device_id: str, content: PadContent) -> None:
        self._tell("show", device_id, content)

    def pad_result(self, device_id: str, press_id: str, ok: bool) -> None:
        self._tell("result", press_id, ok)

    def rate(self, device_id: str, rating_id: str) -> None:
        self._tell("rate", device_id, rating_id)

    def stop_rating(self, device_id: str) -> None:
        self._tell("stop", device_id)

    def results(self, count: int) -> dict[str, bool]:
        """The results of so many presses, once they are there."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._results()) >= count, 20), self.told
            return self._results()

    def _results(self) -> dict[str, bool]:
        return {words[1]: words[2] for words in self.told if words[0] == "result"}


class Rig:
    """The pads of station K1 before a fake hall; ``line`` says whether the hall is heard."""

    def __init__(self, hall: FakeHall, folder: Path) -> None:
        self.hall, self.desks, self.line = hall, Desks(), True
        self.client, self.log = HallClient(hall.url, f"{TOKEN}:K1"), SlipLog(folder / "log.sqlite3")
        self.pads = Pads("K1", self.client, self.log, self.desks, heard=lambda: self.line, tell=lambda: None)

    def presses(self) -> list[PressReport]:
        return [press for _, report in self.hall.reports for press in report.presses]


@pytest.fixture
def rig(hall: FakeHall, tmp_path: Path) -> Iterator[Rig]:
    made = Rig(hall, tmp_path)
    made.pads.start()
    yield made
    made.pads.stop(5)
    made.client.close()
    made.log.close()


def owed(rev: int, **more: Any) -> Owed:
    return Owed(epoch=1, rev=rev, station="K1", **more)


def test_a_key_goes_to_the_hall_with_what_its_pad_showed_and_its_answer_comes_back(rig: Rig) -> None:
    rig.pads.take(owed(1, pads={"pad1": PadOrder(waiting=4, ticket="A007")}))
    rig.pads.pressed("pad1", Press("p-1", "call", "12"))
    assert rig.desks.results(1) == {"p-1": True}
    assert rig.presses() == [PressReport(device="pad1", press="p-1", action="call", digits="12", seen="A007")]
    assert list(rig.hall.answers) == ["press-p-1"]


def test_a_pad_says_failed_when_the_hall_refuses_or_did_nothing(rig: Rig) -> None:
    rig.hall.press = lambda told: PressAnswer(press=told.press, ok=False, code="nobody")
    rig.pads.pressed("pad1", Press("p-1", "next"))
    rig.desks.results(1)
    rig.hall.refuse = (409, "window_paused")
    rig.pads.pressed("pad1", Press("p-2", "next"))
    assert rig.desks.results(2) == {"p-1": False, "p-2": False}


def test_without_the_hall_a_key_fails_at_once_and_nothing_is_kept_for_later(rig: Rig) -> None:
    rig.line = False
    rig.pads.pressed("pad1", Press("p-1", "next"))
    assert rig.desks.results(1) == {"p-1": False}
    rig.line = True
    rig.pads.pressed("pad1", Press("p-2", "next"))
    assert rig.desks.results(2) == {"p-1": False, "p-2": True}
    assert [press.press for press in rig.presses()] == ["p-2"]


def test_keys_pressed_while_the_hall_hangs_fail_and_are_never_done_late(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pads, "PRESS_WITHIN_S", 0.4)
    go_on = threading.Event()
    rig.hall.before_answer = lambda _path: wait_for(go_on)
    for press in ("p-1", "p-2", "p-3"):
        rig.pads.pressed("pad1", Press(press, "next"))
    assert rig.desks.results(3) == dict.fromkeys(("p-1", "p-2", "p-3"), False)
    go_on.set()
    assert {press.press for press in rig.presses()} == {"p-1"}


def wait_for(event: threading.Event) -> None:
    assert event.wait(30)


def test_a_lost_answer_is_asked_for_again_under_the_same_key(rig: Rig) -> None:
    asked: list[str] = []

    def cut(path: str) -> None:
        if path.endswith("/reports"):
            asked.append(path)
            if len(asked) == 1 and rig.hall.server is not None:
                rig.hall.server.cut()

    rig.hall.before_answer = cut
    rig.pads.pressed("pad1", Press("p-1", "next"))
    assert rig.desks.results(1) == {"p-1": True}
    assert (len(rig.presses()), len(asked)) == (1, 2), "answered from memory the second time: called once"


def test_pads_and_rating_units_are_told_of_changes_only(rig: Rig) -> None:
    rig.pads.take(owed(1, pads={"pad1": PadOrder(waiting=2)}))
    rig.pads.take(owed(2, pads={"pad1": PadOrder(waiting=2)}, ratings={"rating1": "t1"}))
    rig.pads.take(owed(3, pads={"pad1": PadOrder(waiting=1, ticket="A003")}, ratings={"rating1": "t2"}))
    rig.pads.take(owed(4, pads={"pad1": PadOrder(waiting=1, ticket="A003")}))
    rig.pads.forget()
    rig.pads.take(owed(4, pads={"pad1": PadOrder(waiting=1, ticket="A003")}))
    there = ("show", "pad1", PadContent(1, "A003"))
    assert rig.desks.told == [
        ("show", "pad1", PadContent(2, "")), ("rate", "rating1", "t1"), there, ("rate", "rating1", "t2"),
        ("stop", "rating1"), there,
    ]  # fmt: skip


def test_pads_go_blank_once_and_are_painted_again_when_the_hall_is_back(rig: Rig) -> None:
    there = PadOrder(waiting=1, ticket="A003")
    rig.pads.take(owed(1, pads={"pad1": there}))
    for _ in range(2):
        rig.pads.blank()
    rig.pads.take(owed(1, pads={"pad1": there}))
    content = PadContent(1, "A003")
    assert rig.desks.told == [("show", "pad1", said) for said in (content, PadContent(None), content)]


def test_a_rating_is_on_disk_before_it_is_told_and_told_by_the_next_start(hall: FakeHall, tmp_path: Path) -> None:
    before = SlipLog(tmp_path / "station.sqlite3")
    keeping = Pads("K1", HallClient(hall.url, TOKEN), before, Desks(), heard=lambda: False, tell=lambda: None)
    keeping.rated("rating1", "t1", 4)
    keeping.rated("rating1", "t1", 1)  # the first answer stands
    before.close()
    station = Station("K1", hall.url, f"{TOKEN}:K1", tmp_path)
    station.start()
    hall.wait(lambda: any(report.ratings for _, report in hall.reports))
    station.stop()
    assert [(r.ticket, r.level) for _, report in hall.reports for r in report.ratings] == [("t1", 4)]
