"""Who stands in for what: printer for printer until only the screen is left, signs for a dark neighbour or TV."""

from dataclasses import replace

import pytest

from hall_server import views
from hall_server.core import commands as c
from hall_server.core.config import Kiosk, OnFault
from hall_server.views import staff as staff_views
from hall_server.views.signs import sign
from tests.core.scene import CONFIG, Scene, printer, scene
from tests.core.test_views import OUTSIDE

K1, K2 = Kiosk("K1", "一号机", "Kiosk 1", "printer1", ("spare1", "printer2")), CONFIG.kiosks[1]
SPARE = replace(printer(1), id="spare1")


@pytest.fixture
def two_printers_at_one_kiosk() -> Scene:
    hall = scene(kiosks=(K1, K2), devices=(*CONFIG.devices, SPARE))
    for name in ("printer1", "spare1", "printer2"):
        hall.health(name, "ok")
    return hall


def told(hall: Scene) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(n.device, n.fault, n.to) for n in views.board(hall.hall, OUTSIDE).notices]


def without_paper(hall: Scene) -> tuple[str, ...]:
    return staff_views.floor(hall.hall, OUTSIDE).no_paper


def test_paper_comes_from_the_spare_then_from_the_other_kiosk_and_then_the_number_stays_on_the_screen(
    two_printers_at_one_kiosk: Scene,
) -> None:
    hall, way = two_printers_at_one_kiosk, []
    for broken in ("printer1", "spare1", "printer2"):
        way.append((hall.paper(hall.issue("id", "K1"))[:2], told(hall), without_paper(hall)))
        hall.health(broken, "failed", "paper_end")
    k1, k2 = ("printer1", "paper_end", ("K2",)), ("spare1", "paper_end", ("K2",))
    assert way == [
        (("owed", "printer1"), [], ()),
        (("owed", "spare1"), [], ()),  # the customer stands before it: there is nowhere to be sent to
        (("owed", "printer2"), [k1, k2], ()),
    ]
    last = hall.issue("id", "K1")
    assert (hall.paper(last)[0], hall.state(last)) == ("failed", "waiting")
    assert without_paper(hall) == ("K1", "K2")
    assert told(hall) == [(device, "paper_end", ()) for device in ("printer1", "spare1", "printer2")]
    hall.health("printer2", "ok")
    assert without_paper(hall) == ()


def test_a_hall_may_keep_its_paper_at_the_kiosk_where_it_was_asked_for() -> None:
    hall = scene(on_printer_failure=OnFault.NONE)
    hall.health("printer2", "ok")
    hall.health("printer1", "failed", "paper_end")
    assert hall.paper(hall.issue("id", "K1"))[0] == "failed"
    assert (told(hall), without_paper(hall)) == ([("printer1", "paper_end", ())], ("K1",))


def test_the_signs_on_both_sides_say_where_the_customers_of_a_dark_one_go_but_never_during_a_call() -> None:
    hall = scene()
    hall.health("sign2", "failed", "no_ack")
    said = {w: sign(hall.hall, w, OUTSIDE, 16) for w in "134"}
    assert {w: (order.content_id, order.pages, order.colour) for w, order in said.items()} == {
        "1": ("idle-2.1", ("欢迎光临", "2号请到1号"), "yellow"),
        "3": ("idle-2.1", ("欢迎光临", "2号请到1号"), "yellow"),
        "4": ("idle", ("欢迎光临",), "green"),
    }
    hall.issue()
    hall.call("3")
    assert sign(hall.hall, "3", OUTSIDE, 16).pages == ("A001 请到3号窗口",)


def test_a_sign_speaks_for_two_dark_ones_in_a_row_and_a_dark_one_for_nobody() -> None:
    hall = scene(on_sign_failure=OnFault.COVER)
    for dark in ("sign2", "sign3"):
        hall.health(dark, "failed", "no_ack")
    said = {w: sign(hall.hall, w, OUTSIDE, 8).pages for w in "1234"}
    welcome = "欢迎光临"
    assert said == {
        "1": (welcome, "2看大屏", "3看大屏"), "2": (welcome,), "3": (welcome,), "4": (welcome, "3看大屏", "2看大屏"),
    }  # fmt: skip
    hall.health("tv1", "failed", "no_answer")
    assert sign(hall.hall, "1", OUTSIDE, 8).pages == (welcome,), "no TV is left to look at"


def test_a_hall_that_wants_nothing_done_about_dark_signs_says_nothing() -> None:
    hall = scene(on_sign_failure=OnFault.NONE)
    hall.health("sign2", "failed", "no_ack")
    assert sign(hall.hall, "1", OUTSIDE, 8).pages == ("欢迎光临",)
    assert told(hall) == []
    assert [repair.fault for repair in hall.hall.repairs.values()] == ["no_ack"], "staff see it all the same"


@pytest.mark.parametrize(("rule", "public"), [(OnFault.COVER, [("tv1", "declared", ())]), (OnFault.NONE, [])])
def test_a_dead_tv_is_told_to_customers_unless_the_hall_says_no(
    rule: OnFault, public: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    hall = scene(on_tv_failure=rule)
    hall.do(c.DeclareFault("tv1", "r1"))
    assert told(hall) == public


def test_of_two_tvs_one_is_enough() -> None:
    tv2 = replace(CONFIG.devices[-1], id="tv2")
    hall = scene(devices=(*CONFIG.devices, tv2), on_sign_failure=OnFault.COVER)
    hall.health("tv1", "failed", "no_answer")
    hall.health("sign2", "failed", "no_ack")
    assert told(hall) == [("sign2", "no_ack", ())]
    assert sign(hall.hall, "1", OUTSIDE, 8).pages == ("欢迎光临", "2看大屏")
