"""The pages on which an administrator sets the hall up; each has a list, and a form beside it."""

from collections.abc import Callable
from string import ascii_uppercase
from typing import Any, get_args

from flask import Blueprint, Response, request

from display.phrases import Phrases
from hall_server.contract.admin import AdminView, ServiceSheet, WindowSheet
from hall_server.register.prefixes import NEVER, suggested, warnings
from hall_server.settings.calendar import DaySettings
from hall_server.settings.policy import PolicySettings
from hall_server.settings.tables import WEEKDAYS
from hall_server.web.gate import gate
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens

ICONS = (
    "ticket", "id-card", "users", "user", "house", "building", "briefcase", "receipt-text", "credit-card",
    "scroll-text", "heart-handshake", "hand-heart", "baby", "car", "phone", "calendar-check", "flag",
)  # fmt: skip
Values = Callable[[AdminView], dict[str, Any]]
PRINTERS = 3  # a place's printer and two that stand in for it: more were never needed


def admin_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("admin", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/admin", screens))
    for name, path, of in (
        ("services", "/admin", _services),
        ("windows", "/admin/windows", _windows),
        ("calendar", "/admin/calendar", _calendar),
        ("policy", "/admin/policy", _policy),
    ):
        _add(blueprint, pages, screens, name, path, of)
    return blueprint


def _add(blueprint: Blueprint, pages: Pages, screens: Screens, name: str, path: str, of: Values) -> None:
    def whole() -> Response:
        return screens.page(f"web/admin_{name}.html", **_values(pages, of))

    def body() -> Response:
        rev = pages.board().rev
        return screens.fragment(f"web/admin_{name}_body.html", rev, **_values(pages, of))

    blueprint.add_url_rule(path, name, whole)
    blueprint.add_url_rule(f"{path}/body", f"{name}_body", body)


def _values(pages: Pages, of: Values) -> dict[str, Any]:
    view = pages.office.view()
    return {"view": view, "saved": "saved" in request.args, **of(view)}


def _edited() -> str | None:
    """The row that the form is about: none, a new one (empty), or an id."""
    return request.args.get("edit")


def _services(view: AdminView) -> dict[str, Any]:
    name = _edited()
    form = next((one for one in view.services if one.id == name), None)
    others = [one.prefix for one in view.services if one.id != name]
    if name == "":
        form = ServiceSheet(id="", zh="", en="", prefix=suggested(others))
    letters = {one: list(warnings(one, others)) for one in ascii_uppercase if one not in NEVER}
    taken = {one: ["prefix_shared"] for one in others if one}
    return {"form": form, "icons": ICONS, "letters": letters | taken}


def _windows(view: AdminView) -> dict[str, Any]:
    name = _edited()
    form = next((one for one in view.windows if one.id == name), None)
    if name == "":
        form = WindowSheet(id="", services=(), printers=(), signs=())
    fresh = max((int(one.id) for one in view.windows), default=0) + 1
    kiosk = next((one for one in view.kiosks if one.id == request.args.get("kiosk")), None)
    return {"form": form, "kiosk": kiosk, "fresh": fresh, "choices": PRINTERS}


def _policy(_view: AdminView) -> dict[str, Any]:
    choices = (("kind", PolicySettings), ("leave", DaySettings), ("overnight", DaySettings))
    return {"choices": {name: get_args(table.model_fields[name].annotation) for name, table in choices}}


def _calendar(_view: AdminView) -> dict[str, Any]:
    return {"weekdays": WEEKDAYS}
