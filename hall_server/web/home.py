"""The front door: what whoever is here may open, on this server and on the screens beside it."""

from flask import Blueprint, Response

from display.phrases import Phrases
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens


def home_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("home", __name__, template_folder="templates")
    screens = Screens(pages, phrases)

    @blueprint.get("/")
    def show() -> Response:
        return screens.page("web/home.html", links=pages.links(), refused=False)

    @blueprint.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=308, headers={"Location": "/static/web/icon.svg"})

    return blueprint
