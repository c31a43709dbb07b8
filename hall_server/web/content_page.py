"""What the hall tells its customers: the page where it is put up, and the pictures and films themselves."""

from flask import Blueprint, Response, send_file

from display.phrases import Phrases
from hall_server.web.gate import gate
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens

KEPT_S = 30 * 24 * 3600  # a file's name is its content: it never changes
TYPES = {"webp": "image/webp", "mp4": "video/mp4", "webm": "video/webm"}


def content_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("content", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    admit = gate("/floor", screens)

    @blueprint.get("/floor/content")
    def console() -> Response:
        return admit() or screens.page("web/content.html", view=pages.contents.view(), today=pages.today())

    @blueprint.get("/floor/content/body")
    def body() -> Response:
        if refused := admit():
            return refused
        view = pages.contents.view()
        return screens.fragment("web/content_body.html", view.rev, view=view)

    @blueprint.get("/media/<name>")
    def media(name: str) -> Response:
        """For every screen; films are asked for in pieces."""
        path = pages.contents.find(name)
        if path is None:
            return Response(status=404)
        kind = TYPES[path.suffix.removeprefix(".")]
        return send_file(path.resolve(), mimetype=kind, conditional=True, max_age=KEPT_S)

    return blueprint
