"""Signing in with a one-time link, and out again."""

from hmac import compare_digest

from flask import Blueprint, Response, abort, g, jsonify, request
from flask.typing import ResponseReturnValue

from display.phrases import Phrases
from hall_server.web.access import landing
from hall_server.web.cookies import end_session, give_session, session_secret
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens

# Our codes are far shorter; a longer text is not worth hashing.
_CODE_MAX_CHARS = 200


def login_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("login", __name__, template_folder="templates")
    screens = Screens(pages, phrases)

    @blueprint.get("/login")
    def show() -> Response:
        return screens.page("web/login.html")

    @blueprint.post("/login")
    def sign_in() -> ResponseReturnValue:
        """Only JSON is taken: no foreign page can post it here without asking the browser first."""
        body = _json()
        code = body.get("code") if isinstance(body, dict) else None
        if not isinstance(code, str) or not 0 < len(code) <= _CODE_MAX_CHARS:
            return jsonify(code="invalid"), 400
        secret = pages.redeem(code)
        principal = pages.principal(secret) if secret else None
        if secret is None or principal is None:
            return jsonify(code="unauthenticated"), 401
        _forget_former(pages)
        response = jsonify(next=landing(principal))
        give_session(request, response, secret, principal.role)
        return response

    @blueprint.post("/logout")
    def sign_out() -> Response:
        expected = g.get("csrf", "")
        if expected and not compare_digest(request.form.get("csrf", "").encode(), expected.encode()):
            abort(403)
        _forget_former(pages)
        response = Response(status=303, headers={"Location": "/login"})
        end_session(request, response)
        return response

    return blueprint


def _json() -> object:
    """The body's JSON; None when it is none, also when it is nested beyond what a reader can follow."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _forget_former(pages: Pages) -> None:
    secret = session_secret(request)
    if secret:
        pages.sign_out(secret)
