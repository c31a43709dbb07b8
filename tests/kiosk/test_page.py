"""The kiosk's page over HTTP: what it may be asked, by whom, and what it says."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from display.board import Board, Name, Opening, Special, Wait
from hall_server.contract import SlipState
from hall_server.station import LinkState
from kiosk import touch as touching
from tests.kiosk.kiosk_page import Page, closing, home, kiosk_page, notice, ticket, visiting, with_notices
from tests.station.fake_hall import FakeHall, demo_board


@pytest.fixture
def hall() -> Iterator[FakeHall]:
    hall = FakeHall((("P1", "K1", "tcp://127.0.0.1:9"),)).start()
    yield hall
    hall.kill()


@pytest.fixture
def page(hall: FakeHall) -> Iterator[Page]:
    with kiosk_page(hall.url) as page:
        yield page


@pytest.fixture
def web() -> Iterator[requests.Session]:
    with requests.Session() as web:
        web.trust_env = False
        yield web


def state(web: requests.Session, page: Page, after: str = "") -> dict[str, Any]:
    answer = web.get(f"{page.url}/state", params={"after": after}, timeout=30)
    assert answer.status_code == 200
    value: dict[str, Any] = answer.json()
    return value


def touch(web: requests.Session, page: Page, path: str, body: object, origin: str | None = None) -> int:
    headers = {"Origin": origin or page.url}
    return web.post(f"{page.url}{path}", json=body, headers=headers, timeout=30).status_code


def test_twenty_taps_at_once_are_one_ticket(page: Page, hall: FakeHall) -> None:
    together = threading.Barrier(20)

    def tap(_: int) -> int:
        with requests.Session() as web:
            web.trust_env = False
            together.wait()
            return touch(web, page, "/press", {"service": "tax", "language": "zh"})

    with ThreadPoolExecutor(20) as taps:
        assert list(taps.map(tap, range(20))) == [204] * 20
    assert len(hall.tickets) == 1


def test_a_touch_becomes_a_number_on_the_screen(page: Page, hall: FakeHall, web: requests.Session) -> None:
    assert touch(web, page, "/press", {"service": "tax", "language": "en"}) == 204
    shown = state(web, page)
    assert (shown["face"], shown["label"]) == ("printing", "A001")
    assert shown["slots"]["range"] == {"zh": "约15–30分钟", "en": "about 15–30 min"}
    (issued,) = hall.papers.values()
    assert issued.order.language == "en"


def test_a_refusal_is_shown_with_its_reason(page: Page, hall: FakeHall, web: requests.Session) -> None:
    hall.refuse = (409, "service_closed")
    touch(web, page, "/press", {"service": "business", "language": "zh"})
    shown = state(web, page)
    assert (shown["face"], shown["slots"]["why"]["zh"]) == ("refused", "该业务现在不能取号")
    assert touch(web, page, "/done", {}) == 204
    assert state(web, page)["face"] == "home"


def test_the_answer_no_brings_a_marked_copy_and_yes_ends_the_matter(
    page: Page, hall: FakeHall, web: requests.Session
) -> None:
    touch(web, page, "/press", {"service": "tax", "language": "zh"})
    (name,) = hall.tickets
    doubt = SlipState(state="unconfirmed", printer="P1", kiosk="K1")
    kiosk = page.screen.get()[1]
    assert kiosk.visit is not None
    page.show(replace(kiosk, visit=replace(kiosk.visit, paper=doubt)))
    assert touch(web, page, "/answer", {"got": False}) == 204
    assert state(web, page)["slots"]["printing"]["zh"] == "正在补打小票"
    assert hall.papers[name].order.copied
    kiosk = page.screen.get()[1]
    assert kiosk.visit is not None
    page.show(replace(kiosk, visit=replace(kiosk.visit, paper=doubt)))
    assert touch(web, page, "/answer", {"got": True}) == 204
    assert state(web, page)["face"] == "printed"


def test_a_long_poll_returns_as_soon_as_something_changes(page: Page, web: requests.Session) -> None:
    first = state(web, page)
    with ThreadPoolExecutor(1) as waiting:
        later = waiting.submit(state, web, page, first["n"])
        page.show(home(link=LinkState.LOST, cut=True))
        assert later.result(30)["face"] == "offline"


def test_while_the_line_is_down_no_wait_is_shown(page: Page, web: requests.Session) -> None:
    page.show(home(link=LinkState.LOST))
    tiles = state(web, page)["tiles"]
    assert {(tile["waiting"], tile["foot"]["zh"]) for tile in tiles} == {(None, ""), (None, "暂停取号")}


def test_a_kiosk_that_goes_on_alone_says_so_and_offers_only_what_it_has_numbers_for(
    page: Page, web: requests.Session
) -> None:
    page.show(home(link=LinkState.LOST, cut=True, alone=frozenset({"tax"})))
    shown = state(web, page)
    assert shown["slots"]["away"] == {"zh": "离线取号", "en": "Offline"}
    assert [tile["id"] for tile in shown["tiles"] if tile["open"]] == ["tax"]
    assert {tile["waiting"] for tile in shown["tiles"]} == {None}


def test_a_tile_without_numbers_sends_its_customer_to_the_desk_at_once(page: Page, web: requests.Session) -> None:
    page.show(home(link=LinkState.LOST, cut=True, alone=frozenset({"tax"})))
    touch(web, page, "/press", {"service": "business", "language": "zh"})
    shown = state(web, page)
    assert (shown["face"], shown["slots"]["why"]["zh"]) == ("refused", "暂时不能取号，请到咨询台")


def test_in_doubt_about_an_own_number_the_screen_has_to_do(page: Page, hall: FakeHall, web: requests.Session) -> None:
    doubt = SlipState(state="unconfirmed", printer="P1", kiosk="K1")
    page.show(replace(visiting(paper=doubt, ticket=ticket(), away=True), link=LinkState.LOST, cut=True))
    assert touch(web, page, "/answer", {"got": False}) == 204
    assert (state(web, page)["face"], hall.tickets) == ("failed", {})
    page.show(replace(visiting(paper=doubt, ticket=ticket(), away=True), link=LinkState.LOST, cut=True))
    assert touch(web, page, "/answer", {"got": True}) == 204
    assert state(web, page)["face"] == "printed"


@pytest.mark.parametrize(
    ("wait", "waiting", "zh", "en"),
    [
        (Wait(1200, 1700), 3, "约20–30分钟", "about 20–30 min"),
        (Wait(0, 60), 0, "无需等候", "No wait"),
        (None, 3, "", ""),
    ],
)
def test_a_tile_says_the_wait_honestly(
    page: Page, web: requests.Session, wait: Wait | None, waiting: int, zh: str, en: str
) -> None:
    board = demo_board()
    page.show(home(with_first(board, waiting, wait)))
    assert state(web, page)["tiles"][0]["foot"] == {"zh": zh, "en": en}


def with_first(board: Board, waiting: int, wait: Wait | None) -> Board:
    first = replace(board.services[0], waiting=waiting, wait=wait)
    return replace(board, services=(first, *board.services[1:]))


def test_the_own_printers_trouble_comes_first_and_a_window_is_named_once(page: Page, web: requests.Session) -> None:
    sign, other = notice("window", "3", "no_ack", "5"), notice("window", "3", "declared", "5")
    page.show(with_notices(sign, other, notice("kiosk", "K1", "paper_end", "K2"), notice("kiosk", "K2", "cutter")))
    assert [text["zh"] for text in state(web, page)["strips"]] == [
        "本机打印机缺纸，小票在2号取号机打印",
        "3号窗口设备维修，请到5号窗口",
    ]


def test_all_windows_that_are_out_of_order_stand_in_one_strip(page: Page, web: requests.Session) -> None:
    windows = [notice("window", at, "no_ack", to) for at, to in (("2", "1"), ("3", "4"), ("5", "6"))]
    page.show(with_notices(*windows, notice("kiosk", "K1", "paper_end", "K2")))
    assert state(web, page)["strips"][1:] == [
        {
            "zh": "窗口设备维修：2号请到1号，3号请到4号，5号请到6号",
            "en": "Windows under repair: for 2 go to 1, for 3 go to 4, for 5 go to 6",
        }
    ]


def test_the_own_printers_trouble_says_when_it_ends_until_that_has_passed(page: Page, web: requests.Session) -> None:
    for expected, said in (
        ("2099-11-22T03:30:00Z", "本机打印机缺纸，小票在2号取号机打印，预计11:30恢复"),
        ("2020-11-22T03:30:00Z", "本机打印机缺纸，小票在2号取号机打印"),
    ):
        page.show(with_notices(replace(notice("kiosk", "K1", "paper_end", "K2"), expected=expected)))
        assert [text["zh"] for text in state(web, page)["strips"]] == [said]


def test_a_printer_that_works_again_is_not_called_broken_although_its_repair_is_not_proven(
    page: Page, web: requests.Session
) -> None:
    mended, declared = notice("kiosk", "K1", "paper_end"), notice("kiosk", "K1", "declared", "K2")
    page.show(replace(with_notices(mended), working=frozenset({"d-K1"})))
    assert state(web, page)["strips"] == []
    page.show(with_notices(mended))
    assert [text["zh"] for text in state(web, page)["strips"]] == ["本机打印机缺纸，号码显示在屏幕上"]
    page.show(replace(with_notices(declared), working=frozenset({"d-K1"})))
    assert len(state(web, page)["strips"]) == 1


def test_the_failed_screen_names_the_fault_and_carries_the_tickets_code(page: Page, web: requests.Session) -> None:
    failed = SlipState(state="failed", printer="P1", kiosk="K1", reason="paper_end")
    page.show(visiting(paper=failed, ticket=ticket()))
    shown = state(web, page)
    assert shown["slots"]["reason"]["zh"] == "小票未能打印：打印机缺纸"
    assert shown["qr"]["size"] == 29 + 8
    page.show(visiting(paper=failed, ticket=ticket(url="")))
    assert state(web, page)["qr"] is None


def test_a_number_without_any_printer_names_what_stands_against_this_kiosks_own(
    page: Page, web: requests.Session
) -> None:
    nowhere = SlipState(state="failed", printer=None, kiosk=None, reason=None)
    page.show(
        replace(visiting(paper=nowhere, ticket=ticket()), board=with_notices(notice("kiosk", "K1", "paper_end")).board)
    )
    assert state(web, page)["slots"]["reason"] == {
        "zh": "小票未能打印：打印机缺纸",
        "en": "No slip: printer out of paper",
    }
    page.show(visiting(paper=nowhere, ticket=ticket()))
    assert state(web, page)["slots"]["reason"]["zh"] == "小票未能打印：打印机故障"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/press", {"service": "tax", "more": 1}, 400),
        ("/press", {"service": "<script>"}, 400),
        ("/press", [], 400),
        ("/answer", {}, 400),
        ("/again", {"yes": None}, 400),
        ("/press", {"service": "x" * 5000}, 413),
    ],
)
def test_what_no_page_of_ours_sends_is_refused(
    page: Page, hall: FakeHall, web: requests.Session, path: str, body: object, status: int
) -> None:
    assert touch(web, page, path, body) == status
    assert hall.tickets == {}


def test_a_foreign_page_can_take_no_ticket(page: Page, hall: FakeHall, web: requests.Session) -> None:
    press = {"service": "tax", "language": "zh"}
    assert touch(web, page, "/press", press, origin="http://evil.example") == 403
    assert web.post(f"{page.url}/press", json=press, timeout=30).status_code == 403
    assert web.get(f"{page.url}/state", headers={"Host": "evil.example"}, timeout=30).status_code == 403
    assert hall.tickets == {}


def test_every_answer_carries_the_strict_policy(page: Page, web: requests.Session) -> None:
    for path in ("/", "/state", "/static/kiosk/kiosk.js", "/static/css/tokens.css"):
        answer = web.get(page.url + path, timeout=30)
        assert (answer.status_code, answer.headers["Content-Security-Policy"].split(";")[0]) == (
            200,
            "default-src 'self'",
        )


def test_a_customer_is_told_where_to_look_when_a_sign_or_the_tv_is_dark(page: Page, web: requests.Session) -> None:
    dark = replace(notice("window", "3", "no_ack"), kind="sign")
    page.show(with_notices(dark))
    assert [text["en"] for text in state(web, page)["strips"]] == [
        "The sign of window 3 is out of order: please watch the TV"
    ]
    page.show(with_notices(dark, replace(notice("hall", "", "no_answer"), kind="tv")))
    assert [text["en"] for text in state(web, page)["strips"]] == [
        "The TV is out of order: please watch the signs over the windows"
    ]
    away = replace(notice("window", "3", "no_ack", "5"), kind="sign")
    page.show(with_notices(away))
    assert [text["en"] for text in state(web, page)["strips"]] == ["Window 3 is under repair: please go to window 5"]


def openings(*minutes: tuple[int, int]) -> tuple[Opening, ...]:
    """Openings that begin and end so many minutes from now."""
    now = datetime.now(UTC)
    return tuple(
        Opening((now + timedelta(minutes=a)).isoformat(), (now + timedelta(minutes=b)).isoformat()) for a, b in minutes
    )


def test_a_tile_outside_of_its_hours_says_when_tickets_are_given_out(page: Page, web: requests.Session) -> None:
    later = openings((10, 60))
    page.show(home(replace(demo_board(), hours=later)))
    tile = state(web, page)["tiles"][0]
    opens = datetime.fromisoformat(later[0].opens).astimezone(ZoneInfo("Asia/Shanghai"))
    assert (tile["open"], tile["waiting"]) == (False, None)
    assert tile["foot"]["en"].startswith("Opens ")
    assert tile["foot"]["en"].endswith(f"{opens:%H:%M}")


def test_a_tile_warns_before_the_ticket_that_it_may_be_too_late(page: Page, web: requests.Session) -> None:
    page.show(home(closing(demo_board(), demo_board().services[0].id)))
    tile = state(web, page)["tiles"][0]
    assert tile["open"] is True
    assert tile["foot"]["en"].startswith("may not be served before ")


def test_C19_who_may_be_too_late_reads_the_wait_and_decides_before_the_ticket(
    page: Page, hall: FakeHall, web: requests.Session
) -> None:
    row = demo_board().services[0]
    page.show(home(closing(demo_board(), row.id)))
    assert touch(web, page, "/press", {"service": row.id, "language": "en"}) == 204
    seen = state(web, page)
    assert (seen["face"], seen["label"], hall.tickets) == ("late", "", {})
    assert seen["slots"]["why"]["en"].startswith("You may not be served before ")
    assert {"service", "ahead", "range"} <= seen["slots"].keys()
    touch(web, page, "/again", {"yes": False})
    assert (state(web, page)["face"], hall.tickets) == ("home", {})
    touch(web, page, "/press", {"service": row.id, "language": "en"})
    touch(web, page, "/again", {"yes": True})
    assert (state(web, page)["face"], len(hall.tickets)) == ("printing", 1)


def test_a_closed_kiosk_says_when_the_hall_and_each_service_with_own_hours_open(
    page: Page, web: requests.Session
) -> None:
    hours, own = openings((60, 120), (180, 240))
    first, *others = demo_board().services
    services = (replace(first, hours=(own,)), *others)
    off = Special(Name("国庆节", "National Day"), "2026-01-01", "2099-12-31")
    page.show(home(replace(demo_board(), open=False, hours=(hours,), services=services, special=(off,))))
    seen = state(web, page)
    assert seen["slots"]["again"]["en"].startswith("Tickets again from ")
    opens = datetime.fromisoformat(own.opens).astimezone(ZoneInfo("Asia/Shanghai"))
    assert [(one["name"]["zh"], one["when"]["zh"][-5:]) for one in seen["opens"]] == [(first.name.zh, f"{opens:%H:%M}")]
    assert [text["en"] for text in seen["unlike"]] == ["National Day: closed Thu 1 Jan – Thu 31 Dec"]
    page.show(home(replace(demo_board(), open=False)))
    assert state(web, page)["slots"]["again"]["en"] == "Take a ticket here when the hall opens"


def test_a_full_service_says_so_and_which_appointments_are_free(page: Page, web: requests.Session) -> None:
    later = (datetime.now(UTC) + timedelta(hours=30)).replace(microsecond=0)
    gone, free = (datetime.now(UTC) - timedelta(hours=1)).isoformat(), later.isoformat()
    board = demo_board()
    first, second, *others = board.services
    full = replace(first, open=False, crowded=True, slots=(gone, free))
    rows = (full, replace(second, open=False, crowded=True), *others)
    page.show(home(replace(board, services=rows)))
    shown, told = state(web, page), later.astimezone(ZoneInfo(board.timezone)).strftime("%m-%d %H:%M")
    assert [(tile["open"], tile["foot"]["en"]) for tile in shown["tiles"][:2]] == [
        (False, f"Full for now · appointments from {told}"), (False, "Full for now"),
    ]  # fmt: skip
    assert shown["strips"][0] == {
        "zh": "等候人数过多，部分业务暂停取号；如需预约，请到咨询台",
        "en": "Too many people wait: no tickets for a while. For an appointment please ask at the information desk",
    }
    refused = replace(visiting("refused", code="crowded", service=full.id), board=replace(board, services=rows))
    page.show(refused)
    assert state(web, page)["slots"]["why"]["en"] == (
        f"Too many people wait, so there are no tickets for a while. Appointments are free at {told}: "
        "please ask at the information desk"
    )
    page.show(replace(visiting("refused", code="crowded", service=second.id), board=refused.board))
    assert state(web, page)["slots"]["why"]["en"].startswith("Too many people wait. Please come back later")


def test_several_services_are_asked_for_as_one_and_named_in_their_order(
    page: Page, hall: FakeHall, web: requests.Session
) -> None:
    touch(web, page, "/press", {"service": "tax", "then": ["business", "residence"], "language": "en"})
    assert [(one.service, one.then) for one in hall.asked] == [("tax", ("business", "residence"))]
    assert state(web, page)["slots"]["service"]["en"].split(" → ") == [
        row.name.en for name in ("tax", "business", "residence") for row in demo_board().services if row.id == name
    ]


def test_whoever_wants_something_else_as_well_is_another_customer() -> None:
    first = visiting("asking")
    assert first.visit is not None
    refused = touching.refused(first, first.visit.key, touching.UNREACHABLE, 10.0)
    again = touching.done(refused)
    same = touching.pressed(again, first.visit.service, "zh", "k9", 11.0)
    more = touching.pressed(again, first.visit.service, "zh", "k9", 11.0, then=("business",))
    assert same.visit is not None
    assert more.visit is not None
    assert (same.visit.key, more.visit.key, more.visit.then) == (first.visit.key, "k9", ("business",))
