"""A small hall whose views are written by hand, and an application that shows its pages."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask, g, request

from display.board import Board
from display.phrases import Phrases
from hall_server.app import TEXTS
from hall_server.contract import (
    AppointmentsView,
    ChecksView,
    ClerkView,
    DayView,
    DeviceRow,
    FloorView,
    RatingFigures,
    Ticket,
)
from hall_server.contract.complaints import ComplaintRequest, ComplaintRow, ComplaintsView
from hall_server.contract.content import ContentRow, ContentView
from hall_server.contract.emergency import AlarmRow
from hall_server.contract.hooks import HookRow
from hall_server.contract.lobby import LobbyView
from hall_server.contract.reports import DeviceReport, RepairRecord
from hall_server.contract.rolls import RollsView
from hall_server.contract.slips import MissingView, PickUps
from hall_server.detour import Detour
from hall_server.register.replacing import Wanted
from hall_server.web.admin import admin_blueprint
from hall_server.web.admin_records import records_blueprint
from hall_server.web.appointments import appointments_blueprint
from hall_server.web.assets import assets_blueprint
from hall_server.web.checks import checks_blueprint
from hall_server.web.clerk import clerk_blueprint
from hall_server.web.complaint_pages import complaint_blueprint
from hall_server.web.concierge import concierge_blueprint
from hall_server.web.content_page import content_blueprint
from hall_server.web.cookies import session_secret
from hall_server.web.customer import customer_blueprint
from hall_server.web.day_page import day_blueprint
from hall_server.web.device_history import DeviceHistory
from hall_server.web.device_page import device_blueprint
from hall_server.web.figures_pages import figures_blueprint
from hall_server.web.headers import secure
from hall_server.web.home import home_blueprint
from hall_server.web.hooks_page import hooks_blueprint
from hall_server.web.login import login_blueprint
from hall_server.web.maintenance import maintenance_blueprint
from hall_server.web.manager import manager_blueprint
from hall_server.web.pickups import pickups_blueprint
from hall_server.web.ports import Link, Principal
from hall_server.web.replacing_page import replacing_blueprint
from hall_server.web.reports_page import reports_blueprint
from hall_server.web.rolls import rolls_blueprint
from hall_server.web.tablet import tablet_blueprint
from hall_server.writer import Answer, Unavailable
from tests.web.records import FakeRecords
from tests.web.reports import FakeReports
from tests.web.settings_view import FakeOffice
from tests.web.values import (
    APPOINTMENTS as APPOINTMENTS,
)
from tests.web.values import (
    BOARD as BOARD,
)
from tests.web.values import (
    CHECKS as CHECKS,
)
from tests.web.values import (
    COPIER as COPIER,
)
from tests.web.values import (
    DETOUR as DETOUR,
)
from tests.web.values import (
    DEVICES as DEVICES,
)
from tests.web.values import (
    FLOOR as FLOOR,
)
from tests.web.values import (
    HISTORY as HISTORY,
)
from tests.web.values import (
    LINKS as LINKS,
)
from tests.web.values import (
    LOBBY as LOBBY,
)
from tests.web.values import (
    NEXT as NEXT,
)
from tests.web.values import (
    NOT_CHECKED as NOT_CHECKED,
)
from tests.web.values import (
    NOW as NOW,
)
from tests.web.values import (
    OLD_SIGN as OLD_SIGN,
)
from tests.web.values import (
    PAD as PAD,
)
from tests.web.values import (
    PRINTER as PRINTER,
)
from tests.web.values import (
    QUEUES as QUEUES,
)
from tests.web.values import (
    RATINGS as RATINGS,
)
from tests.web.values import (
    REPAIRS as REPAIRS,
)
from tests.web.values import (
    REPORT as REPORT,
)
from tests.web.values import (
    RESIDENCE as RESIDENCE,
)
from tests.web.values import (
    SIGN as SIGN,
)
from tests.web.values import (
    SOCIAL as SOCIAL,
)
from tests.web.values import (
    TARGETS as TARGETS,
)
from tests.web.values import (
    TAX as TAX,
)
from tests.web.values import (
    WINDOWS as WINDOWS,
)
from tests.web.values import (
    at as at,
)
from tests.web.values import (
    called_view as called_view,
)
from tests.web.values import (
    card as card,
)
from tests.web.values import (
    clerk_view as clerk_view,
)
from tests.web.values import (
    device as device,
)
from tests.web.values import (
    paused_view as paused_view,
)
from tests.web.values import (
    redirected_view as redirected_view,
)
from tests.web.values import (
    serving_view as serving_view,
)
from tests.web.values import (
    ticket as ticket,
)

ROOT = Path(__file__).resolve().parent.parent.parent
PHRASES = Phrases.load(ROOT / "display" / "locale", *(ROOT / "hall_server" / "web" / name for name in TEXTS))
CSRF = "csrf-of-this-session"


@dataclass
class FakeShelf:
    """What a hall tells its customers, as a test sets it; its files are nowhere."""

    rows: tuple[ContentRow, ...] = ()

    def view(self) -> ContentView:
        return ContentView(rev=1, rows=self.rows)

    def find(self, name: str) -> Path | None:
        return None


@dataclass
class FakeComplaints:
    """What customers complained of, as a test sets it, and what they sent."""

    rows: tuple[ComplaintRow, ...] = ()
    sent: list[tuple[str, ComplaintRequest, str]] = field(default_factory=list)
    status: int = 204

    def view(self) -> ComplaintsView:
        return ComplaintsView(rev=1, rows=self.rows)

    def by_page(self, code: str, said: ComplaintRequest, name: str, key: str) -> Answer:
        if self.status == 503:
            raise Unavailable("away")
        self.sent.append((code, said, key))
        return Answer(self.status, "")


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
    hook_rows: tuple[HookRow, ...] = ()
    lobby_view: LobbyView = LOBBY
    day_view: DayView = DayView(rev=1, at=at(0), day=None, open=False)
    codes_taken: bool = False
    missing_views: dict[str, MissingView] = field(default_factory=dict)
    rolls_view: RollsView = RollsView(rev=0, at="2026-11-22T02:00:00Z", day_open=True)
    pickups_view: PickUps = PickUps(rev=0)
    alarm_row: AlarmRow | None = None
    contents: FakeShelf = field(default_factory=FakeShelf)
    complaints: FakeComplaints = field(default_factory=FakeComplaints)
    day_reports: FakeReports = field(default_factory=FakeReports)
    office: FakeOffice = field(default_factory=FakeOffice)
    keeping: FakeRecords = field(default_factory=FakeRecords)

    @property
    def reports(self) -> FakeReports:
        return self.day_reports

    @property
    def histories(self) -> "FakePages":
        return self

    def today(self) -> str:
        return self.now().astimezone(ZoneInfo(BOARD.timezone)).date().isoformat()

    def now(self) -> datetime:
        return self.moment or datetime.now(UTC)

    def board(self) -> Board:
        text = self.alarm_row.text if self.alarm_row else None
        return replace(BOARD, rev=self.floor_view.rev, codes=self.codes_taken, emergency=text)

    def alarm(self) -> AlarmRow | None:
        return self.alarm_row

    def windows(self) -> tuple[str, ...]:
        return tuple(row.window for row in WINDOWS)

    def clerk(self, window: str, *, targets: bool = True) -> ClerkView | None:
        if window not in self.windows():
            return None
        return self.view.model_copy(update={"window": window} | ({} if targets else {"targets": ()}))

    def appointments(self, day: date) -> AppointmentsView:
        return APPOINTMENTS.model_copy(update={"day": day.isoformat(), "rev": self.floor_view.rev})

    def checks(self) -> ChecksView:
        return self.checks_view

    def hall_day(self) -> DayView:
        return self.day_view.model_copy(update={"rev": self.floor_view.rev})

    def lobby(self, by: str) -> LobbyView:
        return self.lobby_view.model_copy(update={"rev": self.floor_view.rev})

    def rolls(self) -> RollsView:
        return self.rolls_view.model_copy(update={"rev": self.floor_view.rev})

    def has_rolls(self) -> bool:
        return bool(self.rolls_view.rolls)

    def pickups(self) -> PickUps:
        return self.pickups_view.model_copy(update={"rev": self.floor_view.rev})

    def has_pickups(self) -> bool:
        return bool(self.pickups_view.rows)

    def missing(self, page: str) -> MissingView | None:
        return self.missing_views.get(page)

    def devices(self) -> tuple[DeviceRow, ...]:
        return self.device_rows

    def device(self, name: str, before: int) -> DeviceHistory | None:
        self.asked_before.append(before)
        return HISTORY if name in {row.id for row in self.device_rows} else None

    def device_options(self, device: str) -> dict[str, str]:
        return {"feed_unit": "2"} if device == PRINTER.id else {}

    def report(self) -> DeviceReport:
        return REPORT

    def repairs(self, name: str | None) -> tuple[RepairRecord, ...] | None:
        return REPAIRS if name in (None, *(row.id for row in self.device_rows)) else None

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

    def webhooks(self) -> tuple[HookRow, ...]:
        return self.hook_rows

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
        appointments_blueprint,
        home_blueprint,
        login_blueprint,
        clerk_blueprint,
        maintenance_blueprint,
        device_blueprint,
        replacing_blueprint,
        reports_blueprint,
        checks_blueprint,
        manager_blueprint,
        concierge_blueprint,
        day_blueprint,
        rolls_blueprint,
        pickups_blueprint,
        content_blueprint,
        admin_blueprint,
        records_blueprint,
        figures_blueprint,
        hooks_blueprint,
        complaint_blueprint,
        customer_blueprint,
        tablet_blueprint,
    ):
        app.register_blueprint(factory(pages, PHRASES))
    return app
