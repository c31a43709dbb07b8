"""The checks page: whether the hall is ready to open, which inspections are due, and the list to tick at a device."""

from dataclasses import dataclass

from flask import Blueprint, Response

from display.phrases import Phrases
from hall_server.contract import ChecksView, InspectionRow
from hall_server.web.gate import gate
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens

CHECK_ICONS = {"ok": "circle-check", "running": "clock", "hand": "hand", "bad": "circle-x"}
WORST_FIRST = tuple(reversed(CHECK_ICONS))
HUES = {"ok": "ok", "running": "unknown", "hand": "degraded", "bad": "failed"}  # drawn as these states of devices


@dataclass(frozen=True, slots=True)
class Summary:
    """What a console says of the checks in a line; ``state`` is empty without an opening check."""

    state: str
    open_rows: int
    despite: str
    overdue: int
    due: int


def summary(pages: Pages) -> Summary:
    """The checks in a line."""
    view, today = pages.checks(), pages.today()
    rows = () if view.check is None else view.check.rows
    return Summary(
        state=view.check.state if view.check else "", open_rows=sum(row.state != "ok" for row in rows),
        despite=view.check.despite if view.check else "",
        overdue=sum(row.due < today for row in view.inspections),
        due=sum(row.due == today for row in view.inspections),
    )  # fmt: skip


def checks_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("checks", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/maintenance", screens))

    @blueprint.get("/maintenance/checks")
    def console() -> Response:
        return screens.page("web/checks.html", **_values(pages))

    @blueprint.get("/maintenance/checks/body")
    def body() -> Response:
        rev = pages.board().rev  # read before the checks: what is newer is fetched again, never missed
        return screens.fragment("web/checks_body.html", rev, **_values(pages))

    @blueprint.get("/maintenance/checks/<device>/<plan>")
    def inspect(device: str, plan: str) -> Response:
        row = _row(pages.checks(), device, plan)
        if row is None:
            return Response(status=404)
        return screens.page("web/inspect.html", rev=pages.board().rev, row=row)

    @blueprint.get("/maintenance/checks/<device>/<plan>/body")
    def inspect_body(device: str, plan: str) -> Response:
        rev, row = pages.board().rev, _row(pages.checks(), device, plan)
        return Response(status=404) if row is None else screens.fragment("web/inspect_body.html", rev, row=row)

    return blueprint


def _row(view: ChecksView, device: str, plan: str) -> InspectionRow | None:
    return next((row for row in view.inspections if (row.device, row.plan) == (device, plan)), None)


def _values(pages: Pages) -> dict[str, object]:
    rev, view = pages.board().rev, pages.checks()
    rows = () if view.check is None else view.check.rows
    return {
        "rev": rev,
        "view": view,
        "rows": sorted(rows, key=lambda row: WORST_FIRST.index(row.state)),
        "today": pages.today(),
        "check_icons": CHECK_ICONS,
        "hues": HUES,
        "summary": summary(pages),
    }
