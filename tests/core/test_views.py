"""What the public, a clerk, a manager and a station are shown, each compared whole."""

from pathlib import Path

import pytest

import display
from display.board import Board, Call, Contacts, Name, Notice, ServiceRow, Wait, WindowRow
from display.phrases import Phrases
from display.sign_text import SignTexts
from hall_server import contract as c
from hall_server import views
from hall_server.core import commands as cmd
from hall_server.detour import Detour, ServiceEffect
from hall_server.owed import owed
from hall_server.views import devices as device_views
from hall_server.views import staff as staff_views
from hall_server.views.signs import sign
from tests.core.scene import OPENED_AT, Scene, scene

PHRASES = Phrases.load(Path(display.__file__).parent / "locale")
OUTSIDE = views.Outside(3, "test", "http://hall", SignTexts(PHRASES), {"sign1": "sim://1"}, {"sign1": True})
ID, TAX, LOANS = Name("身份证", "ID card"), Name("税务", "Tax"), Name("贷款", "Loans")


def at(seconds: float) -> str:
    return views.iso(OPENED_AT + seconds)


IN_FORCE = Detour(
    rev=15, window="1", state="in_force", to=("2",), waiting=2, added_s=450,
    services=(
        ServiceEffect("id", ID, 1, ("2", "3"), Wait(300, 957), Wait(450, 1436)),
        ServiceEffect("tax", TAX, 1, ("2",), Wait(450, 1436), Wait(900, 2871)),
    ),
    reason="no_ack",
)  # fmt: skip


@pytest.fixture
def morning() -> Scene:
    """A002 is called to window 2, which took it over from window 1; A001 is served at 3; B001 and A003 wait."""
    hall = scene()
    hall.issue_many(["id", "id", "tax", "id"])  # seconds 0 to 3
    hall.call("3")
    hall.do(cmd.Start("3"))
    hall.call("1")
    hall.pass_time(6)  # second 10
    hall.do(cmd.ReportHealth("sign1", "failed", "r1", ("no_ack",), "3 polls"))
    return hall


def test_the_board_says_everything_that_the_public_may_see(morning: Scene) -> None:
    assert views.board(morning.hall, OUTSIDE) == Board(
        epoch=3, rev=14, at=at(10), build="test", open=True, hall=Name("市民中心", "Citizen Centre"),
        timezone="Asia/Shanghai", hero=Call(14, "A002", "2", at(10)),
        calls=(Call(7, "A001", "3", at(4)), Call(9, "A002", "1", at(4)), Call(14, "A002", "2", at(10))),
        windows=(
            WindowRow("1", "redirected", None, at(10), ("2",), "no_ack"),
            WindowRow("2", "called", "A002", at(10)),
            WindowRow("3", "serving", "A001", at(4)),
            WindowRow("4", "idle"),
        ),
        services=(
            ServiceRow("id", ID, "ticket", True, 1, ("A003",), Wait(450, 1436), ("2", "3")),
            ServiceRow("tax", TAX, "ticket", True, 1, ("B001",), Wait(900, 2871), ("2",)),
            ServiceRow("loans", LOANS, "ticket", True, 0, (), Wait(0, 0), ("4",)),
        ),
        notices=(
            Notice("r1", "window", "1", "sign1", "sign", Name("1号屏", "Sign 1"), "no_ack", at(10), ("2",)),
        ),
        contacts=Contacts("", "", Name("", ""), "http://hall/complaint"),
    )  # fmt: skip


def test_the_board_of_a_closed_hall_says_closed(morning: Scene) -> None:
    morning.do(cmd.CloseDay("we close"))
    board = views.board(morning.hall, OUTSIDE)
    assert (board.open, [s.open for s in board.services], [s.waiting for s in board.services]) == (
        False, [False] * 3, [0] * 3,
    )  # fmt: skip
    assert [(w.state, w.label) for w in board.windows][1:] == [("idle", None)] * 3
    assert board.hero is None  # or the TV would send people to a window all night


def test_a_ticket_that_waits_again_is_no_longer_the_hero() -> None:
    hall = scene()
    hall.issue_many(["id", "id"])
    hall.call("1")
    hall.call("2")
    hall.do(cmd.Absent("2", force=True))
    hero = views.board(hall.hall, OUTSIDE).hero
    assert hero is not None
    assert hero.label == "A001"


def test_a_broken_printer_sends_people_to_the_kiosk_of_its_backup() -> None:
    hall = scene()
    hall.health("printer2", "ok")
    hall.health("printer1", "failed", "paper_end")
    assert [(n.place, n.at, n.fault, n.to) for n in views.board(hall.hall, OUTSIDE).notices] == [
        ("kiosk", "K1", "paper_end", ("K2",))
    ]


def test_a_notice_names_what_is_wrong_now_and_a_kiosk_that_prints_until_the_repair_is_verified() -> None:
    hall = scene()
    hall.health("printer1", "failed", "paper_end")
    hall.health("printer2", "ok")
    hall.health("printer1", "failed", "refused")
    now = [(n.fault, n.to) for n in views.board(hall.hall, OUTSIDE).notices]
    hall.health("printer1", "ok")
    later = [(n.fault, n.to) for n in views.board(hall.hall, OUTSIDE).notices]
    assert (now, later) == ([("refused", ("K2",))], [("paper_end", ("K2",))])


def test_a_clerk_sees_window_queues_devices_and_sign_of_their_own(morning: Scene) -> None:
    morning.do(cmd.ReportShown("sign2", "call-14", 40.0))
    view = staff_views.clerk(morning.hall, "2", OUTSIDE)
    assert view is not None
    card = c.TicketCard(
        id="t2", label="A002", service="id", service_name=ID, state="called", issued_at=at(1), called_at=at(10),
        because=c.Reason(why="redirected"),
    )  # fmt: skip
    waiting = [("t3", "B001", "tax", TAX, 2), ("t4", "A003", "id", ID, 3)]
    assert view.model_dump(exclude={"devices"}) == c.ClerkView(
        rev=15, at=at(10), day_open=True, window="2", state="called", ticket=card,
        queues=(
            c.QueueRow(service="id", name=ID, icon="ticket", waiting=1, oldest=at(3)),
            c.QueueRow(service="tax", name=TAX, icon="ticket", waiting=1, oldest=at(2)),
        ),
        next=tuple(
            c.TicketCard(
                id=i, label=label, service=s, service_name=name, state="waiting", issued_at=at(second),
                long_at=at(second + 15 * 60),
            )
            for i, label, s, name, second in waiting
        ),
        sign=c.SignOrder(content_id="call-14", pages=("请A002号",), colour="red", urgent=True),
        sign_state="unknown", shown_ms=40.0,
        targets=(
            c.TransferTarget(service="tax", name=TAX, windows=("2",), waiting=1),
            c.TransferTarget(service="loans", name=LOANS, windows=("4",)),
            c.TransferTarget(service="id", name=ID, windows=("3",), window="3", waiting=1),
            c.TransferTarget(service="loans", name=LOANS, windows=("4",), window="4"),
        ),
    ).model_dump(exclude={"devices"})  # fmt: skip
    assert [(d.id, d.state) for d in view.devices] == [
        ("sign2", "unknown"), ("scanner2", "unknown"), ("tv1", "unknown"),
    ]  # fmt: skip


def test_a_clerk_at_a_redirected_window_reads_why_and_where_to(morning: Scene) -> None:
    view = staff_views.clerk(morning.hall, "1", OUTSIDE)
    assert view is not None
    assert (view.state, view.redirected_to, view.reason, view.ticket) == ("redirected", ("2",), "no_ack", None)
    assert staff_views.clerk(morning.hall, "9", OUTSIDE) is None


def test_a_declared_fault_shows_as_failed_and_an_unwatched_device_never_as_ok() -> None:
    hall = scene()
    hall.health("sign1", "ok")
    hall.do(cmd.DeclareFault("sign1", "r1", "dark"), actor="clerk:li")
    rows = {row.id: row for row in device_views.devices(hall.hall, OUTSIDE)}
    assert rows["sign1"] == c.DeviceRow(
        id="sign1", kind="sign", name=Name("1号屏", "Sign 1"), place="window", at="1", station="hall",
        state="failed", reason="declared", faults=("declared",), evidence="seen", since=at(0), address="sim://1",
        simulated=True, monitored=True, on_fault="redirect",
        repair=c.RepairRow(
            id="r1", state="reported", fault="declared", declared=True, since=at(0), by="clerk:li", note="dark",
            order="r1", priority="low", due=at(15 * 60),
            steps=(c.RepairStep(state="reported", at=at(0), by="clerk:li", note="dark"),),
        ),
    )  # fmt: skip
    assert (rows["scanner2"].state, rows["scanner2"].reason) == ("unknown", "unmonitored")
    assert {row.state for row in rows.values()} == {"failed", "unknown"}


def test_a_manager_sees_queues_windows_and_only_devices_that_need_somebody(morning: Scene) -> None:
    morning.health("sign2", "ok")
    view = staff_views.floor(morning.hall, OUTSIDE)
    assert view.model_dump(exclude={"devices"}) == c.FloorView(
        rev=15, at=at(10), day_open=True, waiting=2, served=0,
        queues=(
            c.QueueRow(service="id", name=ID, icon="ticket", waiting=1, oldest=at(3)),
            c.QueueRow(service="tax", name=TAX, icon="ticket", waiting=1, oldest=at(2)),
            c.QueueRow(service="loans", name=LOANS, icon="ticket", waiting=0),
        ),
        windows=(
            c.FloorWindow(window="1", state="redirected", since=at(10), to=("2",), detour=IN_FORCE),
            c.FloorWindow(window="2", state="called", label="A002", since=at(10), stuck=True),
            c.FloorWindow(window="3", state="serving", label="A001", since=at(4)),
            c.FloorWindow(window="4", state="idle", stuck=True),
        ),
    ).model_dump(exclude={"devices"})  # fmt: skip
    assert [(d.id, d.state) for d in view.devices] == [
        ("sign1", "failed"), ("sign3", "unknown"), ("sign4", "unknown"), ("printer1", "unknown"),
        ("printer2", "unknown"), ("tv1", "unknown"),
    ]  # fmt: skip


def test_a_window_that_calls_nobody_although_somebody_waits_is_marked_idle() -> None:
    hall = scene()
    hall.issue("tax")
    assert [w.idle for w in staff_views.floor(hall.hall, OUTSIDE).windows] == [True, True, False, False]


def test_a_station_is_owed_its_signs_its_slips_and_the_fate_of_its_kiosks_paper() -> None:
    hall = scene()
    hall.issue("id", "K1")
    label = hall.issue("loans", "K1")
    hall.slip_report(label, "claim")
    hall.call("1")
    orders = {
        "printer1": ("K1", c.DeviceOrder(id="printer1", kind="printer", url="tcp://p")),
        "sign1": ("hall", c.DeviceOrder(id="sign1", kind="sign", url="socket://b#1")),
    }

    def slip(n: int, label: str, name: Name) -> c.SlipOrder:
        return c.SlipOrder(
            slip=f"s-t{n}", ticket=f"t{n}", printer="printer1", attempt=1, copied=False,
            hall=Name("市民中心", "Citizen Centre"), label=label, service=name, language="zh", issued_at=at(0),
            timezone="Asia/Shanghai", ahead=0, estimate=Wait(0, 0), url=f"http://hall/t/code-t{n}",
        )  # fmt: skip

    assert owed(hall.hall, "K1", orders, OUTSIDE) == c.Owed(
        epoch=3, rev=hall.hall.seq, station="K1", devices=(orders["printer1"][1],),
        slips=(slip(1, "A001", ID), slip(2, "C001", LOANS)),
        papers={
            "t1": c.SlipState(state="owed", printer="printer1", kiosk="K1"),
            "t2": c.SlipState(state="printing", printer="printer1", kiosk="K1"),
        },
    )  # fmt: skip
    assert owed(hall.hall, "hall", orders, OUTSIDE) == c.Owed(
        epoch=3, rev=hall.hall.seq, station="hall", devices=(orders["sign1"][1],),
        signs={"sign1": c.SignOrder(content_id="call-8", pages=("请A001号",), colour="red", urgent=True)},
        windows={"sign1": "1"},
    )  # fmt: skip


def test_a_slip_of_a_service_that_was_taken_out_of_the_settings_is_still_owed() -> None:
    hall = scene()
    hall.issue("loans", "K1")
    kept = hall.hall.config
    hall.do(cmd.Configure(type(kept)(zh="厅", en="Hall", kiosks=kept.kiosks, devices=kept.devices)))
    orders = {"printer1": ("K1", c.DeviceOrder(id="printer1", kind="printer", url="tcp://p"))}
    assert [(s.label, s.service) for s in owed(hall.hall, "K1", orders, OUTSIDE).slips] == [
        ("C001", Name("loans", "loans"))
    ]


def test_signs_say_what_is_true_at_their_window(morning: Scene) -> None:
    said = {w: sign(morning.hall, w, OUTSIDE, 16) for w in "1234"}
    assert {w: (order.content_id, order.colour, order.urgent) for w, order in said.items()} == {
        "1": ("away-2-False", "yellow", False), "2": ("call-14", "red", True),
        "3": ("call-7", "red", True), "4": ("idle", "green", False),
    }  # fmt: skip
    morning.do(cmd.CloseDay("we close"))
    assert sign(morning.hall, "2", OUTSIDE, 16) == c.SignOrder(content_id="night", pages=("",))
