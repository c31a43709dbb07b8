"""The pages on which an administrator sets the hall up; each has a list, and a form beside it."""

from flask import Blueprint, Response

from display.phrases import Phrases
from hall_server.web.gate import gate
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens


def admin_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("admin", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/admin", screens))

    @blueprint.get("/admin")
    def services() -> Response:
        return screens.page("web/admin_services.html")

    @blueprint.get("/admin/body")
    def services_body() -> Response:
        return screens.fragment("web/admin_services_body.html", pages.board().rev)

    return blueprint
