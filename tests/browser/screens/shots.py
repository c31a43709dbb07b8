"""Every staff screen and customer page in every state that it has: who opens it, and what the hall is like then."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import Page

from display.board import Wait
from hall_server.contract import ClerkView, HandoverRow, HeldCard
from hall_server.contract.lobby import LobbyClass
from hall_server.contract.slips import MissingView
from tests.browser.test_evening import BUSY, OVER
from tests.browser.test_missing import FAILED, MATERIALS, REMIND
from tests.browser.test_pickups import ROWS as PICKUPS
from tests.web.hall import (
    CHECKS,
    DETOUR,
    FLOOR,
    LOBBY,
    QUEUES,
    RESIDENCE,
    SOCIAL,
    TAX,
    FakeComplaints,
    FakePages,
    at,
    called_view,
    card,
    clerk_view,
    paused_view,
    redirected_view,
    serving_view,
    ticket,
)
from tests.web.records import FakeRecords
from tests.web.reports import FakeReports
from tests.web.settings_view import BROKEN, BY_HAND, FakeOffice
from tests.web.test_complaint_page import ROWS as COMPLAINTS
from tests.web.test_figures_pages import EXPECTED, HANGING
from tests.web.test_number_pages import ROLLS

DESK, SMALL, TOUCH, WALL, PHONE, DOCK = (1366, 768), (1280, 720), (1280, 800), (1920, 1080), (390, 844), (360, 760)
Opened = Callable[[Page], Any]


@dataclass(frozen=True, slots=True)
class Shot:
    """One screen in one state; ``fits``: nothing scrolls; ``then`` is done to the page before it is looked at."""

    name: str
    role: str
    path: str
    size: tuple[int, int] = DESK
    lang: str = "zh"
    fits: bool = False
    values: dict[str, Any] | None = None
    view: ClerkView | None = None
    then: Opened | None = None

    def prepare(self, pages: FakePages) -> None:
        """Make the hall such as this shot wants it."""
        for name, value in (self.values or {}).items():
            setattr(pages, name, value)


def key(name: str, pressed: str = "", **filled: str) -> Opened:
    """Opens a dialog by its key, and fills fields of it."""

    def press(page: Page) -> None:
        page.keyboard.press(pressed)
        for field, value in filled.items():
            page.locator(f"#{name} [name={field}]").fill(value)
        page.locator(f"#{name}[open]").wait_for()

    return press


def shown(name: str) -> Opened:
    """Opens a dialog that the hall asks for."""
    return lambda page: page.evaluate("(name) => document.getElementById(name).showModal()", name)


def click(button: str, dialog: str) -> Opened:
    """Opens a dialog by its button."""

    def press(page: Page) -> None:
        page.locator(button).first.click()
        page.locator(f"#{dialog}[open]").wait_for()

    return press


EMPTY_QUEUES = tuple(row.model_copy(update={"waiting": 0, "oldest": None}) for row in QUEUES)
LEFT = HandoverRow(
    window="3", by="clerk:li", at=at(30), note="复印机卡纸", tickets=("B009",), faults=("复印机",), served=31, waiting=4
)
HELD = (
    HeldCard(id="t7", label="A019", service_name=RESIDENCE, since=at(25), reason="papers", pool="window", window="3"),
    HeldCard(
        id="t9", label="B009", service_name=TAX, since=at(40), reason="form", pool="hall", window="5", overdue=True
    ),
)
NOBODY = {"next": (), "queues": EMPTY_QUEUES}
ASKED = clerk_view(detour=replace(DETOUR, state="proposed"))
FULL = serving_view(
    materials=MATERIALS, remind=REMIND, pick_up=True, missing=FAILED,
    ticket=card("A027", "serving", called_at=at(4), started_at=at(3, 20), need=True, urgent="孩子发烧", sent_from="1",
                note="缺一张照片，已口头告知", back_to="1", then=(TAX, SOCIAL), appointment=at(12)),
    held=HELD,
)  # fmt: skip

CLERK = (
    Shot("clerk-idle", "clerk", "/clerk", fits=True, view=clerk_view()),
    Shot("clerk-idle-en", "clerk", "/clerk", SMALL, "en", fits=True, view=clerk_view(held=HELD)),
    Shot("clerk-empty", "clerk", "/clerk", fits=True, view=clerk_view(**NOBODY)),
    Shot("clerk-called", "clerk", "/clerk", fits=True, view=called_view()),
    Shot("clerk-called-1080-en", "manager", "/clerk?window=3", WALL, "en", fits=True, view=called_view()),
    Shot("clerk-serving-full", "clerk", "/clerk", SMALL, fits=True, view=FULL),
    Shot("clerk-serving-full-en", "clerk", "/clerk", DESK, "en", fits=True, view=FULL),
    Shot("clerk-paused-1280-en", "clerk", "/clerk", SMALL, "en", fits=True, view=paused_view()),
    Shot("clerk-redirected-1280", "clerk", "/clerk", SMALL, fits=True, view=redirected_view()),
    Shot("clerk-night", "clerk", "/clerk", fits=True, view=clerk_view(day_open=False, **NOBODY)),
    Shot("clerk-taken", "clerk", "/clerk", fits=True, view=called_view(clerk="clerk:li")),
    Shot("clerk-handed-over", "clerk", "/clerk", fits=True, view=clerk_view(handover=LEFT)),
    Shot("clerk-asked", "clerk", "/clerk", fits=True, view=ASKED),
    Shot("clerk-dock", "clerk", "/clerk", DOCK, view=called_view()),
    Shot("clerk-window-choice", "manager", "/clerk", view=clerk_view()),
)
DIALOGS = (
    Shot("clerk-keys", "clerk", "/clerk", then=key("keys", "?")),
    Shot("clerk-previous", "clerk", "/clerk", view=called_view(), then=shown("previous")),
    Shot("clerk-pause", "clerk", "/clerk", then=key("pause", "p")),
    Shot("clerk-hold", "clerk", "/clerk", view=called_view(), then=key("hold", "h")),
    Shot("clerk-about", "clerk", "/clerk", then=key("about", "u")),
    Shot("clerk-missing", "clerk", "/clerk", view=FULL, then=key("missing", "m")),
    Shot("clerk-call", "clerk", "/clerk", then=key("call", "l")),
    Shot("clerk-complaint", "clerk", "/clerk", view=called_view(), then=key("complaint", "c")),
    Shot("clerk-transfer", "clerk", "/clerk", view=called_view(), then=key("transfer", "t", find="5")),
    Shot("clerk-handover", "clerk", "/clerk", then=key("handover", "o")),
    Shot("clerk-fault", "clerk", "/clerk", then=key("fault", "d")),
    Shot("clerk-seat", "clerk", "/clerk", view=called_view(clerk="clerk:li"), then=click("[data-take-over]", "seat")),
)

QUIET = LOBBY.model_copy(
    update={"total": 0, "waiting": (), "held": (), "gone": (), "undo": None}
    | {"services": tuple(row.model_copy(update={"waiting": 0, "wait": None}) for row in LOBBY.services)}
)
ASLEEP = QUIET.model_copy(
    update={"day_open": False, "services": tuple(row.model_copy(update={"open": False}) for row in LOBBY.services)}
)
VIP = (LobbyClass(id="vip", name=RESIDENCE),)
CONCIERGE = (
    Shot("concierge", "concierge", "/concierge", TOUCH, fits=True),
    Shot("concierge-en", "concierge", "/concierge", TOUCH, "en", fits=True),
    Shot("concierge-empty", "concierge", "/concierge", TOUCH, fits=True, values={"lobby_view": QUIET}),
    Shot("concierge-night", "concierge", "/concierge", TOUCH, fits=True, values={"lobby_view": ASLEEP}),
    Shot("concierge-give", "concierge", "/concierge", TOUCH, then=click("[data-give=social]", "give")),
    Shot("concierge-why", "concierge", "/concierge", TOUCH, then=click("[data-do=urgent]", "why")),
    Shot(
        "concierge-code",
        "concierge",
        "/concierge",
        TOUCH,
        "en",
        values={"codes_taken": True},
        then=click("[data-code]", "code"),
    ),
    Shot("appointments", "concierge", "/concierge/appointments", TOUCH),
    Shot("rolls", "concierge", "/concierge/rolls", TOUCH, values={"rolls_view": ROLLS}),
    Shot("pickups", "concierge", "/concierge/pickups", TOUCH, "en", values={"pickups_view": PICKUPS}),
    Shot("pickups-empty", "concierge", "/concierge/pickups", TOUCH),
)

EMPTY_FLOOR = FLOOR.model_copy(
    update={"waiting": 0, "served": 0, "queues": EMPTY_QUEUES, "devices": (), "windows": FLOOR.windows[5:]}
)
MANAGER = (
    Shot("floor-1080", "manager", "/floor", WALL, fits=True),
    Shot("floor-768-en", "manager", "/floor", DESK, "en", fits=True),
    Shot("floor-empty", "manager", "/floor", WALL, fits=True, values={"floor_view": EMPTY_FLOOR}),
    Shot(
        "floor-night",
        "manager",
        "/floor",
        WALL,
        fits=True,
        values={"floor_view": FLOOR.model_copy(update={"day_open": False})},
    ),
    Shot("day", "manager", "/floor/day", values={"day_view": BUSY}),
    Shot("day-over-en", "manager", "/floor/day", DESK, "en", values={"day_view": OVER}),
    Shot("forecast", "manager", "/floor/forecast", values={"day_reports": FakeReports(expected=EXPECTED)}),
    Shot("figures-none", "manager", "/floor/figures"),
    Shot("ratings", "manager", "/floor/ratings"),
    Shot("complaints-none", "manager", "/floor/complaints"),
    Shot("complaints", "manager", "/floor/complaints", values={"complaints": FakeComplaints(COMPLAINTS)}),
    Shot(
        "complaints-long-en",
        "manager",
        "/floor/complaints",
        DESK,
        "en",
        values={"complaints": FakeComplaints((COMPLAINTS[1].model_copy(update={"said": "x" * 900}),))},
    ),
    Shot("complaints-add-en", "manager", "/floor/complaints", DESK, "en", then=click("[data-do=made]", "made")),
    Shot(
        "complaints-take",
        "manager",
        "/floor/complaints",
        values={"complaints": FakeComplaints(COMPLAINTS)},
        then=click("[data-do=take]", "take"),
    ),
)

MAINTENANCE = (
    Shot("maintenance", "maintenance", "/maintenance"),
    Shot("maintenance-390-en", "maintenance", "/maintenance", PHONE, "en"),
    Shot("maintenance-empty", "maintenance", "/maintenance", values={"device_rows": ()}),
    Shot("maintenance-ask", "maintenance", "/maintenance", then=click(".fault [data-ask]", "ask")),
    Shot("device", "maintenance", "/maintenance/devices/printer-1"),
    Shot("device-390-en", "maintenance", "/maintenance/devices/sign-5", PHONE, "en"),
    Shot("device-replace", "maintenance", "/maintenance/devices/printer-1/replace"),
    Shot("checks", "maintenance", "/maintenance/checks", values={"checks_view": CHECKS}),
    Shot(
        "inspection-390", "maintenance", "/maintenance/checks/printer-1/weekly", PHONE, values={"checks_view": CHECKS}
    ),
    Shot("register", "maintenance", "/maintenance/register"),
    Shot("report", "maintenance", "/maintenance/report", DESK, "en"),
    Shot("webhooks", "maintenance", "/maintenance/webhooks", values={"hook_rows": (HANGING,)}),
)

ADMIN = (
    Shot("admin-services", "admin", "/admin"),
    Shot("admin-service-en", "admin", "/admin?edit=residence", DESK, "en"),
    Shot("admin-service-new", "admin", "/admin?edit="),
    Shot("admin-window", "admin", "/admin/windows?edit=3&saved"),
    Shot("admin-window-new-en", "admin", "/admin/windows?edit=", DESK, "en"),
    Shot("admin-calendar", "admin", "/admin/calendar"),
    Shot("admin-calendar-en", "admin", "/admin/calendar", DESK, "en"),
    Shot("admin-kiosk", "admin", "/admin/windows?kiosk=K1"),
    Shot("admin-policy", "admin", "/admin/policy"),
    Shot("admin-policy-en", "admin", "/admin/policy", DESK, "en"),
    Shot("admin-broken", "admin", "/admin", values={"office": FakeOffice(BROKEN)}),
    Shot("admin-by-hand-en", "admin", "/admin/windows", DESK, "en", values={"office": FakeOffice(BY_HAND)}),
    Shot("admin-users", "admin", "/admin/users"),
    Shot("admin-users-en", "admin", "/admin/users", DESK, "en"),
    Shot("admin-link", "admin", "/admin/users", then=click("[data-link]", "link")),
    Shot("admin-end-en", "admin", "/admin/users", DESK, "en", then=click("[data-end]", "end")),
    Shot("admin-retention", "admin", "/admin/retention"),
    Shot("admin-retention-en", "admin", "/admin/retention", DESK, "en"),
    Shot("admin-retention-empty", "admin", "/admin/retention", values={"keeping": FakeRecords(deleted=())}),
    Shot("admin-audit", "admin", "/admin/audit"),
    Shot("admin-audit-en", "admin", "/admin/audit?actor=clerk", DESK, "en"),
    Shot("admin-audit-empty", "admin", "/admin/audit?day=2020-01-01", values={"keeping": FakeRecords(steps=())}),
    Shot("admin-remove", "admin", "/admin?edit=tax", then=click("[data-remove]", "remove")),
)

TICKETS = {
    "waiting": ticket("waiting", ahead=3, estimate=Wait(900, 1600)),
    "next-up": ticket("waiting", ahead=0),
    "held": ticket("held"),
    "called": ticket("called", window="3"),
    "serving": ticket("serving", window="3"),
    "done": ticket("done", window="3"),
    "no-show": ticket("no_show"),
    "expired": ticket("expired"),
}
SLIP = MissingView(
    rev=1, service="residence", service_name=RESIDENCE, items=tuple(row.name for row in MATERIALS), code="0123456789",
    until="2026-11-28T16:00:00+00:00",
)  # fmt: skip
PUBLIC = (
    *(Shot(f"ticket-{name}", "nobody", f"/t/{name}", DOCK, values={"tickets": TICKETS}) for name in TICKETS),
    Shot("ticket-called-en", "nobody", "/t/called?lang=en", DOCK, values={"tickets": TICKETS}),
    Shot("ticket-gone", "nobody", "/t/nothing", DOCK),
    Shot("complaint-form-en", "nobody", "/complaint?lang=en", DOCK),
    Shot("complaint-form", "nobody", "/t/done/complaint?lang=zh", DOCK, values={"tickets": TICKETS}),
    Shot("complaint-sent-en", "nobody", "/t/done/complaint?sent=1&lang=en", DOCK, values={"tickets": TICKETS}),
    Shot("slip", "nobody", "/m/x", DOCK, values={"missing_views": {"x": SLIP}}),
    Shot("slip-gone-en", "nobody", "/m/y?lang=en", DOCK),
    Shot("home", "nobody", "/", PHONE),
    Shot("home-manager-en", "manager", "/", DESK, "en"),
    Shot("login", "nobody", "/login", PHONE, "en"),
    Shot("refused", "clerk", "/floor"),
)
SHOTS = (*CLERK, *DIALOGS, *CONCIERGE, *MANAGER, *MAINTENANCE, *ADMIN, *PUBLIC)
