"""Reports over devices for people: repair or replace, printable, and the repairs as a sheet."""

from flask import Blueprint, Response, request

from display.phrases import Language, Phrases
from hall_server.contract.reports import RepairRecord
from hall_server.register.sheets import MEDIA, sheet
from hall_server.web.gate import gate
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens, chosen_language

COLUMNS = tuple(RepairRecord.model_fields)


def reports_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("reports", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/maintenance", screens))

    @blueprint.get("/maintenance/report")
    def report() -> Response:
        return screens.page("web/report.html", report=pages.histories.report())

    @blueprint.get("/maintenance/repairs<ending>")
    def repairs(ending: str) -> Response:
        """All devices, or the one that is named."""
        name = request.args.get("device")
        found = pages.histories.repairs(name)
        if f".{ending.removeprefix('.')}" != ending or ending not in MEDIA or found is None:
            return Response(status=404)
        language = chosen_language()
        head = [phrases.text(f"repairs.{column}", language) for column in COLUMNS]
        body = sheet(ending, (head, *(_cells(one, phrases, language) for one in found)))
        answer = Response(body, mimetype=MEDIA[ending])
        answer.headers["Content-Disposition"] = f'attachment; filename="repairs-{name or "all"}{ending}"'
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return blueprint


def _cells(record: RepairRecord, phrases: Phrases, language: Language) -> list[str]:
    """Codes in the words of the screens; what a person wrote stays as it is."""
    words = {"fault": f"fault.{record.fault}", "how": f"device.ended.{record.how}"}
    cells = ((name, "" if value is None else str(value)) for name, value in record)
    known = phrases.texts[language]
    return [known.get(words.get(name, ""), text) for name, text in cells]
