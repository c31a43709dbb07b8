"""Views of a small hall, written by hand."""

from datetime import UTC, datetime

from display.board import Board, Name, ServiceRow, Wait
from hall_server.contract import (
    AppointmentRow,
    AppointmentsView,
    CheckRow,
    ChecksView,
    ClerkView,
    DayCheckRow,
    DayFigures,
    DeviceFigures,
    DeviceRow,
    FloorView,
    FloorWindow,
    InspectionRow,
    Levels,
    QueueRow,
    RatingRow,
    RepairRow,
    RepairStep,
    SignOrder,
    SlotRow,
    Ticket,
    TicketCard,
    TransferTarget,
)
from hall_server.contract.help import HelpRow
from hall_server.contract.life import HeldCard, UndoRow
from hall_server.contract.lobby import LobbyKiosk, LobbyService, LobbyView
from hall_server.contract.reports import DeviceReport, RepairRecord, ReportRow
from hall_server.contract.tickets import CareRow
from hall_server.detour import Detour, ServiceEffect
from hall_server.web.device_history import DeviceHistory, LogRow, OrderRow
from hall_server.web.ports import Link

# 10:42:10 in Shanghai.
NOW = datetime(2026, 11, 21, 2, 42, 10, tzinfo=UTC)


def at(minutes: int, seconds: int = 0) -> str:
    """So long before NOW, as views write it."""
    return datetime.fromtimestamp(NOW.timestamp() - minutes * 60 - seconds, UTC).isoformat()


RESIDENCE = Name("户籍与身份证", "Residence & ID card")
SOCIAL = Name("社会保险", "Social insurance")
TAX = Name("税务", "Tax")

QUEUES = (
    QueueRow(service="residence", name=RESIDENCE, icon="id-card", waiting=12, oldest=at(31)),
    QueueRow(service="social", name=SOCIAL, icon="heart-handshake", waiting=5, oldest=at(16, 5)),
    QueueRow(service="tax", name=TAX, icon="receipt-text", waiting=0),
)


def card(label: str, state: str, name: Name = RESIDENCE, waited: int = 12, **more: object) -> TicketCard:
    values = {"id": f"t-{label}", "label": label, "service": "residence", "service_name": name, "state": state}
    return TicketCard.model_validate(values | {"issued_at": at(waited), **more})


NEXT = (
    card("A028", "waiting", waited=31),
    card("C112", "waiting", SOCIAL, waited=16),
    card("A029", "waiting", waited=14),
    card("A030", "waiting", waited=9),
    card("C113", "waiting", SOCIAL, waited=3),
)


def device(id_: str, **more: object) -> DeviceRow:
    values: dict[str, object] = {
        "id": id_,
        "kind": "sign",
        "name": Name("3号窗口屏", "Sign of window 3"),
        "place": "window",
        "at": "3",
        "station": "main",
        "state": "ok",
        "reason": None,
        "faults": (),
        "evidence": "A0 90 03 06",
        "since": at(102),
        "address": "tcp://127.0.0.1:8804?bus=03",
        "simulated": True,
        "monitored": True,
    }
    return DeviceRow.model_validate(values | more)


SIGN = device("sign-3")
PRINTER = device(
    "printer-1",
    kind="printer",
    name=Name("1号取号机打印机", "Printer of kiosk 1"),
    place="kiosk",
    at="1",
    state="failed",
    reason="paper_end",
    faults=("paper_end", "cover_open"),
    evidence="10 04 04 -> 7E",
    address="tcp://127.0.0.1:8805",
    repair=RepairRow(id="r-1", state="reported", fault="paper_end", declared=False, since=at(8), by="station:hall"),
)
COPIER = device(
    "copier",
    kind="copier",
    name=Name("复印机", "Copier"),
    place="hall",
    at="",
    station=None,
    state="ok",
    evidence="",
    since=None,
    address="",
    simulated=False,
    monitored=False,
)
PAD = device("pad-2", kind="pad", name=Name("2号评价器", "Pad of window 2"), at="2", state="unknown", evidence="")
OLD_SIGN = device(
    "sign-5",
    name=Name("5号窗口屏", "Sign of window 5"),
    at="5",
    state="degraded",
    reason="nak",
    faults=("nak",),
    repair=RepairRow(
        id="r-2",
        state="accepted",
        fault="declared",
        declared=True,
        since=at(55),
        by="clerk:li",
        note="屏幕左半边不亮",
        expected=datetime(2026, 11, 21, 3, 30, tzinfo=UTC).isoformat(),
    ),
)
REPORT = DeviceReport(
    first="2026-08-24", last="2026-11-21", often=6, few=3, old_days=1825,
    rows=(
        ReportRow(
            device="printer-1", kind="printer", name=PRINTER.name, model="T 80", serial="SN 1", open_s=1_800_000,
            down_s=7_260, failures=7, failures_30=3, mtbf_s=256_105, mttr_s=1_815, customers=31, since="2021-03-01",
            age_days=2091, warranty_until="2024-03-01", in_warranty=False, advice="replace",
        ),
    ),
)  # fmt: skip
REPAIRS = (
    RepairRecord(
        device="printer-1", order="r-1", fault="paper_end", reported=at(8), by="station:hall", verified=at(3),
        how="printed", minutes=5, notes="=1+1",
    ),
)  # fmt: skip
DEVICES = (SIGN, PRINTER, COPIER, PAD, OLD_SIGN)


def clerk_view(**more: object) -> ClerkView:
    values: dict[str, object] = {
        "rev": 41,
        "at": at(0),
        "day_open": True,
        "window": "3",
        "state": "idle",
        "queues": QUEUES,
        "next": NEXT,
        "devices": (SIGN, PRINTER),
        "sign": SignOrder(content_id="c-1", pages=("欢迎光临",)),
        "sign_state": "ok",
        "shown_ms": None,
    }
    return ClerkView.model_validate(values | more)


TARGETS = (
    TransferTarget(service="tax", name=TAX, windows=("1", "5"), waiting=0),
    TransferTarget(service="social", name=SOCIAL, windows=("1",), waiting=5),
    TransferTarget(service="residence", name=RESIDENCE, windows=("1",), window="1", waiting=12),
    TransferTarget(service="tax", name=TAX, windows=("5",), window="5"),
)


def called_view(**more: object) -> ClerkView:
    ticket = card("A027", "called", called_at=at(1, 5), calls=1, language="en")
    sign = SignOrder(content_id="c-2", pages=("请A027号",), urgent=True)
    return clerk_view(
        **{"rev": 42, "state": "called", "ticket": ticket, "sign": sign, "shown_ms": 61.4, "targets": TARGETS} | more
    )


def serving_view(**more: object) -> ClerkView:
    ticket = card("A027", "serving", called_at=at(4), started_at=at(3, 20))
    return clerk_view(**{"rev": 43, "state": "serving", "ticket": ticket, "targets": TARGETS} | more)


def redirected_view(**more: object) -> ClerkView:
    return clerk_view(**{"rev": 44, "state": "redirected", "redirected_to": ("5", "1"), "reason": "no_ack"} | more)


def paused_view(**more: object) -> ClerkView:
    return clerk_view(**{"rev": 45, "state": "paused", "paused_since": at(16), "paused_why": "meal"} | more)


WINDOWS = (
    FloorWindow(window="1", state="serving", label="A025", since=at(12, 40)),
    FloorWindow(window="2", state="called", label="C111", since=at(0, 40)),
    FloorWindow(window="3", state="redirected", to=("5", "1")),
    FloorWindow(window="4", state="idle", since=at(6), idle=True),
    FloorWindow(window="5", state="serving", label="A026", since=at(2, 10)),
    FloorWindow(window="6", state="idle", since=at(1)),
)

DETOUR = Detour(
    rev=44, window="3", state="possible", to=("5", "1"), waiting=17, added_s=340,
    services=(
        ServiceEffect("residence", RESIDENCE, 12, ("1", "5"), Wait(620, 1980), Wait(960, 3060)),
        ServiceEffect("social", SOCIAL, 5, ("1",), Wait(0, 0), Wait(150, 480)),
    ),
    called="A027", called_to="5",
)  # fmt: skip

RATINGS = (
    RatingRow(window="1", served=40, asked=40, rated=12, levels=Levels(counts=(1, 0, 2, 3, 6), mean=4.08)),
    RatingRow(window="3", served=31, asked=0, rated=3),
    RatingRow(served=71, asked=40, rated=15, levels=Levels(counts=(1, 0, 2, 5, 7), mean=4.13)),
)

FLOOR = FloorView(
    rev=44,
    at=at(0),
    day_open=True,
    waiting=17,
    served=86,
    queues=QUEUES,
    windows=WINDOWS,
    devices=DEVICES,
    ratings=RATINGS[-1],
)

BOARD = Board(
    epoch=1,
    rev=44,
    at=at(0),
    build="build-1",
    open=True,
    hall=Name("市民服务中心", "Citizen Service Centre"),
    timezone="Asia/Shanghai",
    services=(ServiceRow(id="residence", name=RESIDENCE, icon="id-card", open=True, waiting=12),),
)

HISTORY = DeviceHistory(
    DeviceFigures(
        device="printer-1",
        days=(
            DayFigures(
                day="2026-11-21/1", open_s=9_730, down_s=480, failures=1, repairs=1, repair_s=480, customers=3, slips=41
            ),
        ),
        open_s=9_730,
        down_s=480,
        failures=1,
        mtbf_s=9_250,
        mttr_s=480,
        customers=3,
        slips=41,
        paper_m=3.7,
    ),
    (
        OrderRow(
            "r-0",
            "cover_open",
            "printed",
            (
                RepairStep(state="reported", at=at(100), by="station:hall"),
                RepairStep(state="verified", at=at(92), by="station:hall", note="closed it"),
            ),
        ),
    ),
    (LogRow(901, at(8), "DeviceChanged", "station:hall", "failed · paper_end"),),
    812,
)

APPOINTMENTS = AppointmentsView(
    rev=100, day="2026-11-22",
    slots=(
        SlotRow(service="tax", service_name=TAX, at=at(-20), taken=2, capacity=2),
        SlotRow(service="tax", service_name=TAX, at=at(-50), taken=1, capacity=2),
    ),
    rows=(
        AppointmentRow(
            id="a1", service="tax", service_name=TAX, at=at(40), state="checked_in", name="王*明",
            contact="13800138000", label="A012",
        ),
        AppointmentRow(
            id="a2", service="tax", service_name=TAX, at=at(-20), state="confirmed", name="J**n S***h",
            contact="+44 20 5550 0101",
        ),
        AppointmentRow(
            id="a3", service="tax", service_name=TAX, at=at(-20), state="booked", name="李*", contact="13900139000"
        ),
        AppointmentRow(id="a4", service="tax", service_name=TAX, at=at(60), state="no_show"),
    ),
)  # fmt: skip
NOT_CHECKED = ChecksView(day_open=True, opens="", check=None, inspections=())

CHECKS = ChecksView(
    day_open=False, opens="08:30",
    check=DayCheckRow(
        id="c-1", at=at(9), by="maintenance:wu", state="not_ready", despite="",
        rows=(
            CheckRow(device="sign-3", kind="sign", name=SIGN.name, place="window", at="3", state="ok"),
            CheckRow(
                device="printer-1", kind="printer", name=PRINTER.name, place="kiosk", at="1", state="bad",
                why="paper_end",
            ),
            CheckRow(
                device="copier", kind="copier", name=COPIER.name, place="hall", at="", state="hand", why="to_confirm"
            ),
        ),
    ),
    inspections=(
        InspectionRow(
            device="printer-1", kind="printer", name=PRINTER.name, place="kiosk", at="1", plan="weekly",
            title=Name("打印机每周检查", "Weekly printer check"), every="week",
            items=(Name("打印头清洁", "Print head clean"), Name("切刀无纸屑", "No scraps at the cutter")),
            due="2026-11-18", done_at=at(10 * 24 * 60), by="maintenance:wu", defects=1,
        ),
        InspectionRow(
            device="copier", kind="copier", name=COPIER.name, place="hall", at="", plan="daily",
            title=Name("每日检查", "Daily check"), every="day", items=(Name("纸张充足", "Paper is there"),),
            due="2026-11-21",
        ),
        InspectionRow(
            device="sign-3", kind="sign", name=SIGN.name, place="window", at="3", plan="sign",
            title=Name("显示屏检查", "Sign check"), every="quarter", items=(Name("屏面清洁", "Clean front"),),
            due="2027-02-20", done_at=at(60),
        ),
    ),
)  # fmt: skip

LINKS = (Link("tv", "/tv"), Link("kiosk", "http://127.0.0.1:8801/", "1"))


def ticket(state: str, **more: object) -> Ticket:
    values = {"id": "t1", "label": "A027", "service": "residence", "state": state, "issued_at": at(12), "url": "/t/x"}
    return Ticket.model_validate(values | more)


FAR = "2100-01-01T00:00:00+00:00"  # a moment that no run of a test reaches
APOLOGISED = CareRow(what="apologised", by="concierge:wu", at=at(3))
HELP = HelpRow(
    help="h1", kiosk="K1", kiosk_name=Name("一号取号机", "Kiosk 1"), reason="sight", language="zh", at=at(2),
    ticket=card("A030", "waiting", help="sight"),
)  # fmt: skip
LOBBY = LobbyView(
    rev=1, at=at(0), day_open=True, total=17,
    notices=(("rain", True), ("snow", False), ("queue", False), ("device", False), ("early", False)),
    services=(
        LobbyService(id="residence", name=RESIDENCE, icon="id-card", open=True, waiting=12, wait=Wait(900, 2400)),
        LobbyService(id="social", name=SOCIAL, icon="heart-handshake", open=True, waiting=5, wait=Wait(300, 900)),
        LobbyService(id="tax", name=TAX, icon="receipt-text", open=False, waiting=0),
    ),
    kiosks=(LobbyKiosk(id="K1", name=Name("一号取号机", "Kiosk 1"), works=True),),
    waiting=(
        card("A028", "waiting", waited=31, long_at=at(16)),
        card("C112", "waiting", waited=16, need=True, long_at=at(1), care=(APOLOGISED,)),
        card("A029", "waiting", urgent="孩子发烧", then=(TAX,), long_at=FAR),
    ),
    held=(
        HeldCard(id="t9", label="B009", service_name=TAX, since=at(40), reason="papers", pool="window", window="3",
                 overdue=True),
    ),
    gone=(card("A011", "no_show"), card("C101", "cancelled")),
    undo=UndoRow(labels=("C101",), move="TicketCancelled", by="concierge:wu", until=FAR),
    helps=(HELP,),
)  # fmt: skip
