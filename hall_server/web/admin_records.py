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
    for name, of in (("users", _users), ("retention", _retention), ("audit", _audit)):

        def whole(name: str = name, of: Any = of) -> Response:
            return screens.page(f"web/admin_{name}.html", local=_local(pages), **of(pages))

        def body(name: str = name, of: Any = of) -> Response:
            return screens.fragment(f"web/admin_{name}_body.html", pages.board().rev, local=_local(pages), **of(pages))

        blueprint.add_url_rule(f"/admin/{name}", name, whole)
        blueprint.add_url_rule(f"/admin/{name}/body", f"{name}_body", body)

    @blueprint.get("/admin/audit.csv")
    def sheet() -> Response:
        steps = pages.keeping.trail(_wanted(pages), SHEET_ROWS)
        answer = Response("".join(_lines(steps, phrases, pages)), mimetype="text/csv")
        answer.headers["Content-Disposition"] = "attachment; filename=audit.csv"
        return answer

    return blueprint


def _local(pages: Pages) -> Callable[[float], str]:
    """Times as the hall's clock shows them."""
    zone = ZoneInfo(pages.board().timezone)
    return lambda at: datetime.fromtimestamp(at, zone).strftime("%Y-%m-%d %H:%M:%S")


def _users(pages: Pages) -> dict[str, Any]:
    return {"holders": pages.keeping.holders(), "roles": ROLES, "windows": pages.windows()}


def _retention(pages: Pages) -> dict[str, Any]:
    return {"retention": pages.keeping.retention, "purges": pages.keeping.purges()}


def _audit(pages: Pages) -> dict[str, Any]:
    steps = pages.keeping.trail(_wanted(pages), PAGE_ROWS + 1)
    more = steps[PAGE_ROWS - 1].seq if len(steps) > PAGE_ROWS else None
    asked = {name: request.args.get(name, "") for name in ("actor", "kind", "day")}
    return {"steps": steps[:PAGE_ROWS], "more": more, "asked": asked, "kinds": sorted(KINDS)}


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
    head = [phrases.text(f"audit.{one}", language) for one in ("seq", "when", "who", "what", "label", "said")]
    yield BOM + _line(head)
    for one in steps:
        said = " ".join(f"{name}={value}" for name, value in one.said.items())
        yield _line(
            [str(one.seq), local(one.at), one.actor, phrases.text(f"fact.{one.kind}", language), one.label, said]
        )


def _line(cells: list[str]) -> str:
    file = StringIO()
    csv.writer(file).writerow(cells)
    return file.getvalue()
