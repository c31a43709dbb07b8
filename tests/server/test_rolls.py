"""Paper rolls over HTTP: each entry happens once, is refused by its own code, and stands in journal and figures."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from hall_server import offline
from hall_server.app import Hosting
from tests.server.halls import HALL, Api, open_api, problem

NOW = 1_795_312_800.0  # 2026-11-22, ten in the morning where the hall stands
ROLL = HALL + '\n[[series]]\nprefix = "P"\nlast = 40\nprinted = true\n'


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    made = open_api(tmp_path, ROLL, Hosting(clock=lambda: NOW))
    yield made
    made.server.stop()


def clock(minute: int) -> str:
    """So many minutes after nine, by the hall's clock."""
    return f"2026-11-22T09:{minute:02}"


def handed_out(first: int, last: int, since: int, until: int, service: str = "id") -> dict[str, object]:
    return {"first": first, "last": last, "service": service, "since": clock(since), "until": clock(until)}


def test_a_lost_morning_is_entered_and_counted(api: Api) -> None:
    assert api.post("/rolls/P/handed-out", handed_out(1, 4, 0, 30), "concierge").status_code == 200
    done = {"first": 1, "last": 2, "window": "2", "since": clock(20), "until": clock(40)}
    assert api.post("/rolls/P/served", done, "clerk").status_code == 200
    assert api.post("/rolls/P/left", {"first": 3, "at": clock(45)}, "manager").status_code == 200
    seen = api.post("/rolls/p/spoiled", {"first": 5}, "concierge").get_json()
    assert seen == api.get("/rolls", "clerk").get_json()
    assert [(one["label"], one["state"]) for one in seen["rolls"][0]["tickets"]] == [
        ("P005", "void"), ("P004", "waiting"), ("P003", "cancelled"), ("P002", "done"), ("P001", "done"),
    ]  # fmt: skip
    assert api.post("/windows/1/next", {}, "clerk").get_json()["label"] == "P004"
    told = api.get("/figures", "manager").get_json()
    assert (told["arrived"], told["served"], told["by_hand"], told["waits_by_hand"]) == (4, 2, 4, 3)
    assert told["waits"]["sum_s"] == 20 * 60 + 20 * 60 + 30 * 60
    assert api.get("/floor", "manager").get_json()["served"] == told["served"]


def test_an_entry_sent_twice_happens_once_and_one_made_twice_is_refused_by_the_labels(api: Api) -> None:
    first = api.post("/rolls/P/handed-out", handed_out(1, 2, 0, 10), "concierge", key="entry-number-1")
    rows = api.rows()
    again = api.post("/rolls/P/handed-out", handed_out(1, 2, 0, 10), "concierge", key="entry-number-1")
    assert (again.status_code, again.get_json(), api.rows()) == (200, first.get_json(), rows)
    doubled = api.post("/rolls/P/handed-out", handed_out(2, 3, 10, 20), "concierge")
    assert (problem(doubled), api.rows()) == ((409, "already_entered"), rows)
    assert [one["field"] for one in doubled.get_json(force=True)["fields"]] == ["P002"]
    stamps = Counter(row.at for row in api.server.journal.rows() if row.kind == "TicketIssued")
    assert list(stamps.values()) == [2], "one entry is one append"


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("P/handed-out", {**handed_out(1, 2, 0, 10), "since": "noon"}, (400, "invalid")),
        ("P/handed-out", {**handed_out(1, 2, 0, 10), "until": "2026-11-22T09:00+08:00"}, (400, "invalid")),
        ("P/handed-out", {**handed_out(1, 2, 0, 10), "until": "2026-11-22T10:01"}, (409, "future_time")),
        ("P/handed-out", handed_out(1, 41, 0, 10), (409, "not_on_roll")),
        ("P/handed-out", handed_out(1, 99_999, 0, 10), (409, "not_on_roll")),
        ("P/handed-out", handed_out(0, 1, 0, 10), (400, "invalid")),
        ("A/handed-out", handed_out(1, 2, 0, 10), (404, "unknown_roll")),
        ("P/served", {"first": 1, "window": "1", "since": clock(0), "until": clock(1)}, (409, "not_entered")),
        ("P/left", {"first": 1, "at": "2026-11-21T23:59"}, (409, "before_day")),
    ],
)
def test_a_bad_entry_changes_nothing_and_says_why(
    api: Api, path: str, body: dict[str, object], said: tuple[int, str]
) -> None:
    rows = api.rows()
    assert (problem(api.post(f"/rolls/{path}", body, "concierge")), api.rows()) == (said, rows)


def test_the_journal_is_verified_number_by_number(api: Api, tmp_path: Path) -> None:
    api.post("/tickets", {"service": "id"})
    api.post("/rolls/P/handed-out", handed_out(7, 7, 0, 0), "concierge")
    api.post("/rolls/P/handed-out", handed_out(9, 9, 1, 1), "concierge")
    api.post("/day/close", {"despite": "a power cut"})
    found = CliRunner().invoke(offline.main, ["journal", "verify", "--home", str(tmp_path)])
    assert (found.exit_code, found.output.endswith("each number is a ticket or has its record.\n")) == (0, True)
