"""Why B001 was called before A001: in the API, on the customer's page, and by ``hallcall why``."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hall_server.past.whys import why_command
from tests.server.halls import HALL, Api, open_api, problem

VIPS = """
[policy]
kind = "head_start"
ordinary = "all"

[[class]]
id = "vip"
zh = "贵宾"
en = "VIPs"
head_start_s = 90

[[class]]
id = "all"
zh = "普通"
en = "Everybody"
"""


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Api]:
    """A001 came, then B001 of the VIPs, then C001 for what window 1 does not serve; B001 is called first."""
    api = open_api(tmp_path / "home", HALL + VIPS)
    for wanted in ({"service": "id"}, {"service": "tax", "customer_class": "vip"}, {"service": "loans"}):
        assert api.post("/tickets", wanted, "clerk").status_code == 201
    assert api.post("/windows/1/next").get_json()["label"] == "B001"
    yield api
    api.server.stop()


def why(tmp_path: Path, *words: str) -> Result:
    return CliRunner().invoke(why_command, [*words, "--home", str(tmp_path / "home")])


def told(done: Result) -> list[str]:
    assert done.exit_code == 0, done.output
    return [re.sub(r"\d\d:\d\d:\d\d", "TIME", line) for line in done.output.splitlines()]


def test_the_command_tells_who_went_before_a_ticket_and_why(hall: Api, tmp_path: Path) -> None:
    assert told(why(tmp_path, "a001")) == [
        "A001 came at TIME for ID card, class Everybody.",
        "Not called so far.",
        "Called before it although they came later:",
        "  B001, who came at TIME, at TIME to window 1: "
        "class VIPs counts as having come 90 s earlier; called before A001.",
    ]
    assert told(why(tmp_path, "B001")) == [
        "B001 came at TIME for Tax, class VIPs.",
        "Called at TIME to window 1 by admin:root: class VIPs counts as having come 90 s earlier; called before A001.",
        "Nobody who came later was called before it.",
    ]
    assert told(why(tmp_path, "A001", "--lang", "zh"))[-1] == (
        "  B001（TIME取号）于TIME叫至1号窗口：贵宾按提前90秒到达计算；先于A001叫号。"
    )


def test_those_who_could_not_have_called_it_are_only_counted(hall: Api, tmp_path: Path) -> None:
    hall.post("/tickets", {"service": "id"})
    for window in ("2", "3"):
        hall.post(f"/windows/{window}/next")
    assert told(why(tmp_path, "C001"))[1:] == [
        "Not called so far.",
        "Nobody who came later was called before it.",
        "  At windows that do not serve it: 1.",
    ]
    assert told(why(tmp_path, "A002"))[1] == "Called at TIME to window 3 by admin:root: first come, first called."


def test_a_chosen_call_is_told_with_its_reason(hall: Api, tmp_path: Path) -> None:
    hall.post("/tickets", {"service": "id"})
    hall.post("/windows/2/call", {"label": "A002", "reason": "wheelchair"})
    assert told(why(tmp_path, "A002"))[1] == (
        "Called at TIME to window 2 by admin:root: chosen by the clerk: wheelchair; called before A001."
    )


def test_the_clerk_reads_one_sentence_and_the_customer_only_a_number(hall: Api) -> None:
    because = hall.get("/windows/1").get_json()["ticket"]["because"]
    assert (because["why"], because["number"], because["overtaken"], because["labels"]) == (
        "head_start",
        90,
        1,
        ["A001"],
    )
    hall.post("/tickets", {"service": "id", "customer_class": "vip"}, "clerk")
    waiting = hall.server.writer.look(lambda seen: next(t.id for t in seen.tickets.values() if t.label == "A001"))
    ticket = hall.get(f"/tickets/{waiting}").get_json()
    assert (ticket["ahead"], ticket["later"]) == (1, 1)


def test_a_ticket_that_was_not_is_refused_and_nobody_at_a_kiosk_takes_a_class(hall: Api, tmp_path: Path) -> None:
    done = why(tmp_path, "Z999")
    assert (done.exit_code, done.stderr) == (3, "There was no ticket 'Z999' on that day.\n")
    for wish in ({"customer_class": "vip"}, {"need": True}):
        assert problem(hall.post("/tickets", {"service": "id", **wish}, "kiosk")) == (403, "forbidden")
    assert problem(hall.post("/tickets", {"service": "id", "customer_class": "king"})) == (404, "unknown_class")
