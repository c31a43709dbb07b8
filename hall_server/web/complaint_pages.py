"""Complaints on pages: a plain form for customers, with a ticket or without, and the managers' list."""

from urllib.parse import quote

from flask import Blueprint, Response, request
from pydantic import ValidationError

from display.phrases import Phrases
from hall_server.contract.complaints import ComplaintRequest
from hall_server.core.complaints import MATTERS, OUTCOMES
from hall_server.web.desk import new_id
from hall_server.web.gate import gate
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens, chosen_language
from hall_server.writer import Unavailable

FIELDS = ("matter", "said", "name", "contact")
KEY_MOST = 64  # characters of a form's own key


def complaint_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("complaints", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    admit = gate("/floor", screens)

    @blueprint.get("/floor/complaints")
    def console() -> Response:
        values = {"matters": MATTERS, "outcomes": OUTCOMES, "today": pages.today()}
        return admit() or screens.page("web/complaints.html", view=pages.complaints.view(), **values)

    @blueprint.get("/floor/complaints/body")
    def body() -> Response:
        if refused := admit():
            return refused
        view = pages.complaints.view()
        return screens.fragment("web/complaints_body.html", view.rev, view=view)

    @blueprint.route("/complaint", methods=["GET", "POST"])
    @blueprint.route("/t/<code>/complaint", methods=["GET", "POST"])
    def form(code: str = "") -> Response:
        """Without a ticket it is for whoever has none, or would rather not say which."""
        ticket = pages.ticket_by_code(code) if code else None
        if code and ticket is None:
            return _form(screens, "gone", code, 404)
        if request.method == "GET":
            return _form(screens, "sent" if "sent" in request.args else "form", code)
        typed = {name: "\n".join(request.form.get(name, "").splitlines()) for name in FIELDS}  # browsers send two signs
        try:
            said = ComplaintRequest.model_validate(typed)
        except ValidationError:
            return _form(screens, "form", code, 400, typed, wrong="complaint.page.wrong")
        try:
            answer = pages.complaints.by_page(code, said, new_id(), f"complaint/{_key()}")
        except Unavailable:
            return _form(screens, "form", code, 503, typed, wrong="problem.unavailable")
        if answer.status >= 400:
            return _form(screens, "form", code, answer.status, typed, wrong="problem.complaint_limit")
        base = f"/t/{quote(code, safe='')}" if code else ""
        return Response(status=303, headers={"Location": f"{base}/complaint?sent=1&lang={chosen_language()}"})

    return blueprint


def _key() -> str:
    """That of the form that was sent, for a repeat may have been heard the first time."""
    return request.form.get("key", "")[:KEY_MOST]


def _form(
    screens: Screens, face: str, code: str, status: int = 200, typed: dict[str, str] | None = None, wrong: str = ""
) -> Response:
    """The form, with what was typed before: nobody writes it twice."""
    values = {"matters": MATTERS, "code": code, "key": _key() or new_id(), "typed": typed or {}, "wrong": wrong}
    response = screens.public("web/complaint.html", chosen_language(), status, face=face, **values)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
