"""The administrator's pages about records: who may sign in, what is kept of people, and the trail of who did what."""

import csv
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from display.phrases import Phrases
from hall_server.contract.messages import ROLES
from hall_server.core.facts import KINDS
from hall_server.records.trail import Wanted
from hall_server.web.dates import day_in
from hall_server.web.gate import gate
from hall_server.web.keeping import NEWEST, PAGE_ROWS, SHEET_ROWS, Step
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens, chosen_language

ACTOR_CHARS = 80
BOM = "\ufeff"  # without it Excel takes the file for another script


def records_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("records", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/admin", screens))

    @blueprint.get("/admin/users")
    def users() -> Response:
        return screens.page("web/admin_users.html", **_users(pages))

    @blueprint.get("/admin/users/body")
    def users_body() -> Response:
        return screens.fragment("web/admin_users_body.html", pages.board().rev, **_users(pages))

    @blueprint.get("/admin/retention")
    def retention() -> Response:
        kept, purges = pages.keeping.retention, pages.keeping.purges()
        return screens.page("web/admin_retention.html", retention=kept, purges=purges, local=_local(pages))

    @blueprint.get("/admin/audit")
    def audit() -> Response:
        trail = pages.keeping.trail(_wanted(pages), PAGE_ROWS)
        asked = {name: request.args.get(name, "") for name in ("actor", "kind", "day")}
        return screens.page("web/admin_audit.html", trail=trail, asked=asked, kinds=sorted(KINDS), local=_local(pages))

    @blueprint.get("/admin/retention/body")
    @blueprint.get("/admin/audit/body")
    def stands() -> Response:
        """What has happened does not change: whoever wants what is newer loads the page again."""
        return Response(status=304)

    @blueprint.get("/admin/audit.csv")
    def sheet() -> Response:
        steps = pages.keeping.trail(_wanted(pages), SHEET_ROWS).steps
        answer = Response("".join(_lines(steps, phrases, pages)), mimetype="text/csv")
        answer.headers["Content-Disposition"] = "attachment; filename=audit.csv"
        return answer

    return blueprint


def _local(pages: Pages) -> Callable[[float], str]:
    """Times as the hall's clock shows them."""
    zone = ZoneInfo(pages.board().timezone)
    return lambda at: datetime.fromtimestamp(at, zone).strftime("%Y-%m-%d %H:%M:%S")


def _users(pages: Pages) -> dict[str, Any]:
    return {
        "holders": pages.keeping.holders(), "roles": ROLES, "windows": pages.windows(), "local": _local(pages),
    }  # fmt: skip


def _wanted(pages: Pages) -> Wanted:
    """What is no date, number or kind asks for nothing."""
    day, kind, before = (
        day_in(request.args.get("day", "")),
        request.args.get("kind", ""),
        request.args.get("before", ""),
    )
    zone = ZoneInfo(pages.board().timezone)
    begin = datetime(day.year, day.month, day.day, tzinfo=zone) if day else None
    return Wanted(
        int(before) if before.isdecimal() and len(before) < 16 else NEWEST,
        request.args.get("actor", "")[:ACTOR_CHARS], (kind,) if kind in KINDS else (),
        begin.timestamp() if begin else None, (begin + timedelta(days=1)).timestamp() if begin else None,
    )  # fmt: skip


def _lines(steps: tuple[Step, ...], phrases: Phrases, pages: Pages) -> Iterator[str]:
    language, local = chosen_language(), _local(pages)
    words = phrases.table(language, "fact.")
    head = [phrases.text(f"audit.{one}", language) for one in ("seq", "when", "who", "what", "label", "said")]
    yield BOM + _line(head)
    for one in steps:
        said = " ".join(f"{name}={value}" for name, value in one.said.items())
        yield _line([str(one.seq), local(one.at), one.actor, words.get(f"fact.{one.kind}", one.kind), one.label, said])


def _line(cells: list[str]) -> str:
    file = StringIO()
    csv.writer(file).writerow(cells)
    return file.getvalue()
