"""The figures of a device, folded from what happened on days that were written out by hand."""

from hall_server.core import facts as f
from hall_server.core.config import HallConfig
from hall_server.core.figures import devices as figures
from hall_server.core.figures.devices import Told
from hall_server.core.repairs import Step

MORNING = 1_795_312_800.0


def told(minute: float, fact: f.Fact, by: str = "station:hall") -> Told:
    return Told(MORNING + minute * 60, by, fact)


def opened(day: str = "2026-11-22/1", **carried: object) -> f.DayOpened:
    return f.DayOpened(day, f.Carried(HallConfig("", ""), **carried))  # type: ignore[arg-type]


def picture(rows: list[Told], device: str, until_minute: float) -> list[tuple[object, ...]]:
    """Day, minutes open and down, failures, repairs, minutes of repair, customers, slips."""
    return [
        (
            d.day, d.open_s / 60, d.down_s / 60, d.failures, d.repairs, d.repair_s / 60, len(d.customers), d.slips,
        )
        for d in figures.days(rows, device, MORNING + until_minute * 60)
    ]  # fmt: skip


SIGN_DAY = [
    told(0, opened()),
    told(10, f.DeviceChanged("sign1", "failed", ("no_ack",))),
    told(10, f.RepairOpened("r1", "sign1", "no_ack", declared=False)),
    told(10, f.TicketRedirected("t1", "1", "2", "r1")),
    told(11, f.TicketRedirected("t2", "3", "2", "r9")),
    told(12, f.DeviceChanged("sign2", "failed", ("no_ack",))),
    told(15, f.RepairAdvanced("r1", "sign1", "accepted", "on my way"), "maintenance:wu"),
    told(30, f.DeviceChanged("sign1", "ok")),
    told(30, f.RepairVerified("r1", "sign1", "recovered")),
    told(50, f.RepairOpened("r2", "sign1", "declared", declared=True), "clerk:li"),
    told(50, f.FaultDeclared("sign1")),
    told(60, f.RepairVerified("r2", "sign1", "person", "new lamp"), "clerk:li"),
    told(100, f.DayClosed("2026-11-22/1")),
]


def test_a_day_counts_down_time_failures_repairs_and_the_customers_of_this_device_only() -> None:
    assert picture(SIGN_DAY, "sign1", 500) == [("2026-11-22/1", 100, 30, 2, 2, 30, 1, 0)]
    assert picture(SIGN_DAY, "sign2", 500) == [("2026-11-22/1", 100, 88, 0, 0, 0, 0, 0)]
    assert picture(SIGN_DAY, "tv1", 500) == [("2026-11-22/1", 100, 0, 0, 0, 0, 0, 0)]


def test_a_day_that_is_still_open_lasts_until_now_and_a_fault_from_before_it_counts_from_its_beginning() -> None:
    carried = opened(
        devices=(f.DeviceCarried("sign1", "failed", ("no_ack",), "", MORNING - 9000),),
        repairs=(f.RepairCarried("r0", "sign1", "no_ack", False, MORNING - 9000, "station:hall", "accepted"),),
    )
    rows = [told(0, carried), told(5, f.TicketRedirected("t1", "1", "2", "r0"))]
    assert picture(rows, "sign1", 20) == [("2026-11-22/1", 20, 20, 0, 0, 0, 1, 0)]
    rows += [told(30, f.DeviceChanged("sign1", "ok")), told(30, f.RepairVerified("r0", "sign1", "recovered"))]
    assert picture(rows, "sign1", 60) == [("2026-11-22/1", 60, 30, 0, 1, 180, 1, 0)]


def test_the_night_is_no_down_time() -> None:
    failed = f.DeviceCarried("sign1", "failed", ("no_ack",), "", MORNING)
    rows = [
        told(0, opened()),
        told(90, f.DeviceChanged("sign1", "failed", ("no_ack",))),
        told(100, f.DayClosed("2026-11-22/1")),
        told(700, f.DeviceChanged("sign1", "failed", ("no_ack", "stuck"))),
        told(1440, opened("2026-11-23/1", devices=(failed,))),
        told(1450, f.DeviceChanged("sign1", "ok")),
    ]
    assert picture(rows, "sign1", 1500) == [
        ("2026-11-22/1", 100, 10, 0, 0, 0, 0, 0),
        ("2026-11-23/1", 60, 10, 0, 0, 0, 0, 0),
    ]


def test_customers_of_a_printer_are_those_whose_paper_it_did_not_make_and_tests_use_paper_too() -> None:
    rows = [
        told(0, opened()),
        told(1, f.SlipPrinted("s1", "printer1", 1, "PRINTED")),
        told(2, f.SlipFailed("s2", "t2", "printer1", 1, "paper_end")),
        told(3, f.SlipFailed("s2", "t2", "printer1", 3, "paper_end")),
        told(4, f.SlipFailed("s3", "t3", "printer1", 1, "cancelled")),
        told(5, f.SlipUnconfirmed("s4", "printer1", 1, "UNKNOWN")),
        told(6, f.SlipPrinted("s2", "printer2", 2, "PRINTED")),
        told(7, f.DeviceTestDone("printer1", "x", "printed")),
        told(8, f.DeviceTestDone("printer1", "y", "failed")),
    ]
    assert picture(rows, "printer1", 10) == [("2026-11-22/1", 10, 0, 0, 0, 0, 2, 2)]


def test_a_customer_whose_paper_was_in_doubt_and_then_lost_counts_once() -> None:
    rows = [
        told(0, opened()),
        told(5, f.DeviceChanged("printer1", "failed", ("cover_open",))),
        told(6, f.TicketIssued("t1", "code", "A001", "A", 1, "id", "K1")),
        told(7, f.SlipUnconfirmed("s-t1", "printer1", 1, "UNKNOWN")),
        told(8, f.SlipFailed("s-t1", "t1", "printer1", 1, "cover_open")),
        told(9, f.SlipUnconfirmed("told-1", "printer1", 1, "UNKNOWN")),
        told(10, f.SlipFailed("told-1", "t2", "printer1", 1, "cover_open")),
    ]
    (day,) = figures.days(rows, "printer1", MORNING + 1200, kiosk="K1")
    assert day.customers == {"t1", "t2"}


def test_whoever_takes_a_ticket_at_a_kiosk_whose_printer_is_down_is_affected() -> None:
    def issued(minute: float, ticket: str, kiosk: str) -> Told:
        return told(minute, f.TicketIssued(ticket, f"c{ticket}", "A001", "A", 1, "id", kiosk))

    rows = [
        told(0, opened()),
        issued(1, "t1", "K1"),
        told(2, f.SlipFailed("s-t1", "t1", "printer1", 1, "paper_end")),
        told(2, f.DeviceChanged("printer1", "failed", ("paper_end",))),
        issued(3, "t2", "K1"),
        issued(3, "t3", "K2"),
        told(4, f.DeviceChanged("printer1", "ok")),
        issued(5, "t4", "K1"),
    ]
    (day,) = figures.days(rows, "printer1", MORNING + 600, kiosk="K1")
    assert day.customers == {"t1", "t2"}


def test_rows_without_a_day_make_no_figures() -> None:
    assert picture(SIGN_DAY[1:], "sign1", 10) == []


def test_the_repairs_of_a_device_with_their_steps_newest_first() -> None:
    newest, oldest = figures.orders(SIGN_DAY, "sign1")
    assert (newest.id, newest.order, newest.fault, newest.how) == ("r2", "r2", "declared", "person")
    assert newest.steps[-1] == Step("verified", MORNING + 3600, "clerk:li", "new lamp")
    assert [(step.state, step.by) for step in oldest.steps] == [
        ("reported", "station:hall"), ("accepted", "maintenance:wu"), ("verified", "station:hall"),
    ]  # fmt: skip
