"""Signs that are more, or less, than one over a window that acknowledges: a whole hall, with a technician's profile."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.led.profiles import read
from drivers.sim.bus import SimBus
from drivers.sim.signs import A090Board
from drivers.sim.template_board import TemplateBoard
from tests.e2e.hall import Hall, until, whole_hall

BOARD, POLE = 7, 12
PROFILE = """
title = "Ours"
source = "its maker's sheet"

[port]
baud = [9600]

[sign]
addresses = [1, 99]

[tx]
show = "02 {addr:dec2} {data:ascii} 03"
"""
DEVICES = """
[[device]]
id = "hallboard"
kind = "sign"
zh = "综合屏"
en = "Board over the seats"
lines = 3
columns = 16
url = "{line}#7"

[[device]]
id = "pole6"
kind = "sign"
zh = "6号立柱屏"
en = "Pole display of window 6"
window = "6"
columns = 24
url = "{line}#12"
options = { profile = "ours.toml" }
"""


@pytest.fixture(scope="module")
def line() -> Iterator[SimBus]:
    bus = SimBus(boards={BOARD: A090Board(), POLE: TemplateBoard(read(PROFILE))})
    bus.start()
    yield bus
    bus.stop()


@pytest.fixture(scope="module")
def hall(line: SimBus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    home: Path = tmp_path_factory.mktemp("boards")
    (home / "ours.toml").write_text(PROFILE, "utf-8")
    until(lambda: line.port, "the line is plugged in")
    with whole_hall(home, DEVICES.replace("{line}", line.url(0).partition("#")[0])) as one:
        yield one


def text(line: SimBus, address: int) -> str:
    return next(str(sign["text"]) for sign in line.state() if sign["address"] == address)


def test_a_call_lights_the_board_and_a_sign_that_is_never_called_well(hall: Hall, line: SimBus) -> None:
    first, second = hall.take("K1", "business"), hall.take("K2", "residence")
    hall.ask("POST", "/windows/6/next", {}, who="clerk6")
    until(lambda: text(line, POLE) == f"{first} Go to window 6", "the pole display calls")
    hall.ask("POST", "/windows/1/next", {}, who="clerk1")
    wanted = f"{second} 请到1号窗口{first} 请到6号窗口"
    until(lambda: text(line, BOARD) == wanted, "the board lists both, the newest first")
    until(lambda: hall.device("pole6")["sent"], "the hall knows that the call was sent")
    pole, board = hall.device("pole6"), hall.device("hallboard")
    assert (pole["state"], pole["faults"], pole["monitored"], pole["repair"]) == (
        "unknown",
        ["unmonitored"],
        False,
        None,
    )
    assert (board["state"], board["sent"]) == ("ok", None)
    receipts = [row["body"] for row in hall.journal() if row["kind"] == "SignShown"]
    assert {one["device"]: one["ms"] is None for one in receipts if one["device"] in ("pole6", "hallboard")} == {
        "pole6": True, "hallboard": False,
    }  # fmt: skip


def test_a_sign_that_nobody_can_watch_goes_dark_without_alarm_and_a_board_with_a_repair(
    hall: Hall, line: SimBus
) -> None:
    for address in (POLE, BOARD):
        line.set_fault("off", True, address)
    until(lambda: hall.device("hallboard")["repair"], "the board's repair is open")
    assert (hall.device("pole6")["state"], hall.device("pole6")["repair"]) == ("unknown", None)
    assert hall.window("6")["state"] != "redirected"
    assert [notice["device"] for notice in hall.board()["notices"]] == ["hallboard"]
