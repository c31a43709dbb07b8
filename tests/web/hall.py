"""A small hall whose views are written by hand, and an application that shows its pages."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, g, request

from display.board import Board, Name, ServiceRow, Wait
from display.phrases import Phrases
from hall_server.contract import (
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
    RatingFigures,
    RatingRow,
    RepairRow,
    RepairStep,
    SignOrder,
    Ticket,
    TicketCard,
    TransferTarget,
)
from hall_server.detour import Detour, ServiceEffect
from hall_server.register.replacing import Wanted
from hall_server.report_messages import DeviceReport, RepairRecord, ReportRow
from hall_server.web.assets import assets_blueprint
from hall_server.web.checks import checks_blueprint
from hall_server.web.clerk import clerk_blueprint
from hall_server.web.cookies import session_secret
from hall_server.web.customer import customer_blueprint
from hall_server.web.device_history import DeviceHistory, LogRow, OrderRow
from hall_server.web.device_page import device_blueprint
from hall_server.web.headers import secure
from hall_server.web.home import home_blueprint
from hall_server.web.login import login_blueprint
from hall_server.web.maintenance import maintenance_blueprint
from hall_server.web.manager import manager_blueprint
from hall_server.web.ports import Link, Principal
from hall_server.web.replacing_page import replacing_blueprint
from hall_server.web.reports_page import reports_blueprint

ROOT = Path(__file__).resolve().parent.parent.parent
WEB = ROOT / "hall_server" / "web"
PHRASES = Phrases.load(ROOT / "display" / "locale", WEB / "locale", WEB / "help", WEB / "workshop", WEB / "whys")
CSRF = "csrf-of-this-session"

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


@dataclass
class FakePages:
    """Pages whose values a test sets; signs in with the code ``once``."""

    view: ClerkView = field(default_factory=clerk_view)
    floor_view: FloorView = FLOOR
    device_rows: tuple[DeviceRow, ...] = DEVICES
    tickets: dict[str, Ticket] = field(default_factory=dict)
    codes: dict[str, Principal] = field(default_factory=lambda: {"once": Principal("clerk", "li", "3")})
    sessions: dict[str, Principal] = field(default_factory=dict)
    moment: datetime | None = NOW
    csrf: str = CSRF
    checks_view: ChecksView = NOT_CHECKED
    rated: dict[str, int] = field(default_factory=dict)
    asked_before: list[int] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment or datetime.now(UTC)

    def board(self) -> Board:
        return replace(BOARD, rev=self.floor_view.rev)

    def windows(self) -> tuple[str, ...]:
        return tuple(row.window for row in WINDOWS)

    def clerk(self, window: str) -> ClerkView | None:
        if window not in self.windows():
            return None
        return self.view.model_copy(update={"window": window})

    def checks(self) -> ChecksView:
        return self.checks_view

    def devices(self) -> tuple[DeviceRow, ...]:
        return self.device_rows

    def device_history(self, device: str, before: int) -> DeviceHistory | None:
        self.asked_before.append(before)
        return HISTORY if device in {row.id for row in self.device_rows} else None

    def device_options(self, device: str) -> dict[str, str]:
        return {"feed_unit": "2"} if device == PRINTER.id else {}

    def device_report(self) -> DeviceReport:
        return REPORT

    def device_repairs(self, device: str | None) -> tuple[RepairRecord, ...] | None:
        return REPAIRS if device in (None, *(row.id for row in self.device_rows)) else None

    def as_written(self, device: str) -> Wanted | None:
        return Wanted(device, "tcp://192.0.2.7:9100", {"width": "512"}, 8, "T 80", "SN 1")

    def shared(self) -> bool:
        return False

    def floor(self) -> FloorView:
        return self.floor_view

    def detour(self, window: str) -> Detour | None:
        known = {row.window: row.detour for row in self.floor_view.windows}
        return (known[window] or replace(DETOUR, window=window)) if window in known else None

    def ticket_by_code(self, code: str) -> Ticket | None:
        return self.tickets.get(code)

    def rating(self, code: str) -> int | None:
        return self.rated.get(code)

    def rate(self, code: str, level: int) -> None:
        if code in self.tickets:
            self.rated.setdefault(code, level)

    def ratings_of(self, days: int) -> RatingFigures:
        return RatingFigures(first="2026-11-21", last="2026-11-21", total=RATINGS[-1], windows=RATINGS[:-1])

    def links(self) -> tuple[Link, ...]:
        return LINKS

    def principal(self, secret: str) -> Principal | None:
        return self.sessions.get(secret)

    def redeem(self, code: str) -> str | None:
        principal = self.codes.pop(code, None)
        if principal is None:
            return None
        self.sessions[f"secret-of-{code}"] = principal
        return f"secret-of-{code}"

    def sign_out(self, secret: str) -> None:
        self.sessions.pop(secret, None)


def hall_app(pages: FakePages) -> Flask:
    """The pages as the server serves them: principal from the cookie, headers on every answer."""
    app = Flask("hall", static_folder=str(ROOT / "display" / "static"), static_url_path="/static")

    @app.before_request
    def identify() -> None:
        secret = session_secret(request)
        g.principal = pages.principal(secret) if secret else None
        g.csrf = pages.csrf if g.principal else ""

    app.after_request(secure)
    app.register_blueprint(assets_blueprint())
    for factory in (
        home_blueprint,
        login_blueprint,
        clerk_blueprint,
        maintenance_blueprint,
        device_blueprint,
        replacing_blueprint,
        reports_blueprint,
        checks_blueprint,
        manager_blueprint,
        customer_blueprint,
    ):
        app.register_blueprint(factory(pages, PHRASES))
    return app
