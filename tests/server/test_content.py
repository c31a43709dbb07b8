"""Putting things up on the TV over HTTP: a file in parts, its dates, what is refused, the file, proof of play."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from werkzeug.test import Client, TestResponse

from hall_server.cli import main
from hall_server.contract.content import PART_BYTES
from hall_server.core.commands import Command
from hall_server.core.commands.content import NotePlayed
from hall_server.core.facts.content import Shown
from hall_server.plays import EVERY_S, LONGEST_S, Plays
from hall_server.upkeep import content
from tests.hall_server.test_media import MP4, picture
from tests.server.halls import HERE, Api, problem

DATES = {"first": "2026-01-01", "last": "2099-12-31"}
SLIDE: dict[str, Any] = {"place": "promo", "owner": "office", "upload": "u1", **DATES}
LINE: dict[str, Any] = {"place": "ticker", "owner": "office", "zh": "请带身份证", "en": "Bring your ID", **DATES}


def send(api: Api, data: bytes, upload: str = "u1", role: str = "admin") -> TestResponse:
    for offset in range(0, len(data), PART_BYTES):
        part = base64.b64encode(data[offset : offset + PART_BYTES]).decode()
        answer = api.post("/content/parts", {"upload": upload, "offset": offset, "data": part}, role)
    return answer


def fetch(api: Api, url: str, **headers: str) -> TestResponse:
    return Client(api.server.wsgi).get(url, headers=headers, environ_base=HERE, buffered=True)


def test_a_picture_goes_up_in_parts_stands_on_the_board_and_is_served_to_anybody(api: Api) -> None:
    data = picture("PNG", (1600, 900)) + b"\0" * PART_BYTES
    assert send(api, data).get_json() == {"size": len(data)}
    row = api.post("/content", {**SLIDE, "zh": "新版"}).get_json()
    assert {name: row[name] for name in ("kind", "state", "by", "missing", "text")} == {
        "kind": "image", "state": "now", "by": "admin:root", "missing": False, "text": {"zh": "新版", "en": ""},
    }  # fmt: skip
    (shown,) = api.get("/board").get_json()["promo"]
    assert (shown["id"], shown["kind"], shown["url"]) == (row["id"], "image", row["url"])
    file = fetch(api, row["url"])
    assert (file.status_code, file.mimetype, file.data[8:12]) == (200, "image/webp", b"WEBP")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age=2592000" in file.headers["Cache-Control"]


def test_a_film_is_served_in_the_pieces_that_are_asked_for(api: Api) -> None:
    send(api, MP4)
    url = api.post("/content", SLIDE).get_json()["url"]
    piece = fetch(api, url, Range="bytes=4-7")
    assert (piece.status_code, piece.mimetype, piece.data) == (206, "video/mp4", b"ftyp")


def test_a_file_goes_with_the_last_item_that_shows_it(api: Api) -> None:
    rows = []
    for upload in ("u1", "u2"):
        send(api, picture(), upload)
        rows.append(api.post("/content", {**SLIDE, "upload": upload}).get_json())
    assert rows[0]["url"] == rows[1]["url"], "one file for the same picture"
    assert [api.post(f"/content/{row['id']}/remove").status_code for row in rows[:1]] == [204]
    assert fetch(api, rows[0]["url"]).status_code == 200
    api.post(f"/content/{rows[1]['id']}/remove")
    assert fetch(api, rows[0]["url"]).status_code == 404
    assert problem(api.post(f"/content/{rows[1]['id']}/remove")) == (404, "unknown_content")
    assert api.get("/content").get_json()["rows"] == []


def test_a_request_that_is_repeated_puts_nothing_up_twice(api: Api) -> None:
    send(api, picture())
    first = api.post("/content", SLIDE, key="the-same-key")
    again = api.post("/content", SLIDE, key="the-same-key")
    assert (first.status_code, again.get_json()) == (201, first.get_json())
    assert len(api.get("/content").get_json()["rows"]) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"last": "2025-12-31"}, {"first": "yesterday"}, {"owner": " "}, {"zh": ""}, {"place": "wall"},
        {"zh": "字" * 41}, {"en": "x" * 91}, {"zh": "一\u202e二"}, {"zh": "一\n二"}, {"upload": "u1"}, {"zh": "a\0b"},
    ],
)  # fmt: skip
def test_an_item_that_could_not_be_shown_as_it_is_meant_is_refused(api: Api, wrong: dict[str, str]) -> None:
    before = api.rows()
    assert problem(api.post("/content", LINE | wrong)) == (400, "invalid")
    assert api.rows() == before


FEE: dict[str, Any] = {**LINE, "place": "fees", "more_zh": "40元", "more_en": "CNY 40", "service": "tax"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"more_zh": ""}, {"more_en": "x" * 41}, {"more_zh": "一\n二"}, {"upload": "u1"}, {"zh": "字" * 21},
        {"place": "ticker"}, {"place": "guide", "more_zh": "步\n" * 13}, {"place": "guide", "more_en": "x" * 121},
        {"more_zh": "一\u202e二"},
    ],
)  # fmt: skip
def test_a_guide_or_fee_that_no_kiosk_could_show_is_refused(api: Api, wrong: dict[str, str]) -> None:
    assert problem(api.post("/content", FEE | wrong)) == (400, "invalid")


def test_an_item_is_changed_whole_keeps_its_picture_if_asked_and_loses_its_file_else(api: Api) -> None:
    send(api, picture())
    row = api.post("/content", SLIDE).get_json()
    path = f"/content/{row['id']}/revise"
    kept = api.post(path, {**SLIDE, "upload": None, "keep": True, "en": "New"}).get_json()
    assert (kept["url"], kept["text"]["en"]) == (row["url"], "New")
    plain = api.post(path, {**SLIDE, "upload": None, "zh": "字", "en": "Text"}).get_json()
    assert (plain["url"], plain["kind"], fetch(api, row["url"]).status_code) == ("", "text", 404)
    assert problem(api.post(path, {**SLIDE, "upload": None})) == (400, "invalid")
    assert problem(api.post("/content/none/revise", LINE)) == (404, "unknown_content")


def test_one_tap_of_a_concierge_puts_a_notice_up_for_today_and_another_takes_it_away(api: Api) -> None:
    row = api.post("/notices/rain", {}, "concierge").get_json()
    today = api.server.desk.today()
    assert (row["place"], row["first"], row["last"], row["by"]) == ("ticker", today, today, "concierge:sun")
    (line,) = api.get("/board").get_json()["messages"]
    assert line["text"] == row["text"]
    assert ["rain", True] in api.get("/lobby", "concierge").get_json()["notices"]
    assert problem(api.post("/notices/rain", {}, "manager")) == (409, "notice_stands")
    assert api.post("/notices/rain/lift", {}, "concierge").status_code == 204
    assert api.get("/board").get_json()["messages"] == []
    assert problem(api.post("/notices/rain/lift", {}, "concierge")) == (404, "unknown_content")
    assert problem(api.post("/notices/war", {}, "concierge")) == (404, "unknown_content")


def test_a_kiosk_reads_what_customers_look_up(api: Api) -> None:
    api.post("/content", FEE)
    guide = api.get("/guide", "kiosk").get_json()
    assert [(one["title"]["en"], one["text"]["en"], one["service"]) for one in guide["fees"]] == [
        ("Bring your ID", "CNY 40", "tax")
    ]
    assert guide["guide"] == []


def test_what_is_no_picture_what_is_over_and_what_never_came_is_refused_and_leaves_no_file(api: Api) -> None:
    assert problem(api.post("/content", SLIDE)) == (409, "upload_lost")
    send(api, b"MZ" * 100)
    assert problem(api.post("/content", SLIDE)) == (400, "media_type")
    send(api, picture())
    assert problem(api.post("/content", {**SLIDE, "last": "2026-01-02"})) == (409, "content_over")
    send(api, picture(), role="manager")
    assert problem(api.post("/content", SLIDE)) == (409, "upload_lost"), "somebody else's upload"
    assert [path.suffix for path in api.server.desk.media.folder.iterdir()] == [".part"]
    for part in ({"offset": 0, "data": "not base64!"}, {"offset": -1, "data": "QQ=="}, {"offset": 0, "data": ""}):
        assert problem(api.post("/content/parts", {"upload": "u1", **part})) == (400, "invalid")


def test_what_a_tv_says_that_it_shows_is_summed_up_and_silence_is_not_counted() -> None:
    told: list[Command] = []
    now = [0.0]
    plays = Plays(told.append, clock=lambda: 1000.0 + now[0], monotonic=lambda: now[0])
    plays.pass_time()
    for seconds, item in ((0, "i1"), (10, "i1"), (20, "i2"), (30, ""), (40, "i1"), (40 + LONGEST_S + 1, "i1")):
        now[0] = seconds
        plays.hear("tv1", item)
    plays.hear("tv2", "i1")
    plays.pass_time()
    assert told == []
    now[0] = EVERY_S
    plays.pass_time()
    plays.pass_time()
    shown = (Shown("i1", "tv1", 30), Shown("i1", "tv2", 10), Shown("i2", "tv1", 10))
    assert told == [NotePlayed(990.0, shown)]


def test_the_list_says_how_long_an_item_was_shown(api: Api) -> None:
    item = api.post("/content", {**LINE, "place": "promo"}).get_json()["id"]
    api.server.live.plays.hear("tv1", item)
    api.server.live.plays.tell()
    (row,) = api.get("/content").get_json()["rows"]
    assert (row["shown_s"], row["shown_at"] is not None) == (10, True)


@pytest.fixture
def command(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """``hallcall content`` beside a server that answers in this process."""

    def ask(_home: Path, method: str, path: str, body: Any = None) -> Any:
        answer = api.call("admin", method, path, body)
        assert answer.status_code < 400
        return answer.get_json(silent=True) or {}

    monkeypatch.setattr(content, "need_server", ask)

    def run(*words: str) -> str:
        done = CliRunner().invoke(main, ["content", *words])
        assert done.exit_code == 0, done.output
        return done.output

    return run


def test_the_command_puts_up_lists_and_takes_away(command: Callable[..., str], tmp_path: Path) -> None:
    file = tmp_path / "slide.png"
    file.write_bytes(picture("PNG", (1600, 900)) + b"\0" * PART_BYTES)
    days = ("--owner", "office", "--from", "2026-01-01", "--until", "2099-12-31")
    said = command("add", str(file), "--zh", "新版", *days)
    item = said.partition(":")[0]
    assert said == f"{item}: image, 2026-01-01 to 2099-12-31.\n"
    command("add", "--place", "ticker", "--zh", "请带身份证", "--en", "Bring your ID", *days)
    assert [line.split()[1:4] for line in command("list").splitlines()[1:]] == [
        ["ticker", "text", "now"], ["promo", "image", "now"],
    ]  # fmt: skip
    assert command("remove", item) == f"{item} is taken away.\n"
    assert item not in command("list", "--json")
