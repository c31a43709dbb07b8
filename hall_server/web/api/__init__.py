"""The HTTP API: authenticate, allow, check, ask, answer; the same five steps for every call."""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Blueprint, Response, g, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from display.board import to_json
from hall_server.web.api.ask import Ask
from hall_server.web.api.limits import IssueLimits
from hall_server.web.api.openapi import document
from hall_server.web.api.permissions import may
from hall_server.web.api.problems import AWAY, MEDIA_TYPE, invalid, problem
from hall_server.web.api.routes import BASE, ROUTES, Route
from hall_server.web.desk import Desk
from hall_server.writer import Answer, Broken, KeyReused, Unavailable

KEY = re.compile(r"[\x21-\x7e]{8,64}")  # printable and long enough not to be taken twice by chance
# Flask's own refusals by their status; of any other we know only that something went wrong here.
REFUSALS = {400: "invalid", 403: "csrf", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
SAFE_KEY = "Idempotency-Key must be 8 to 64 visible characters; take a new random one for each new action."


def api_blueprint(desk: Desk) -> Blueprint:
    """All calls of the table, the board and the document that describes them."""
    blueprint = Blueprint("api", __name__)
    limits = IssueLimits(desk.limits.issue_every_s, desk.limits.issue_burst, desk.limits.issue_per_s)
    for route in ROUTES:
        blueprint.add_url_rule(
            BASE + route.path, f"{route.method} {route.path}".replace(".", "_"), _view(route, desk, limits),
            methods=[route.method],
        )  # fmt: skip

    @blueprint.get("/api/openapi.json")
    def openapi() -> Response:
        return Response(_described(), mimetype="application/json")

    @blueprint.get(f"{BASE}/board")
    def board() -> Response:
        value = desk.board()
        response = Response(mimetype="application/json")
        response.set_etag(f"{value.epoch}-{value.rev}")
        response.headers["Cache-Control"] = "no-cache"
        if request.if_none_match.contains(f"{value.epoch}-{value.rev}"):
            response.status_code = 304
            return response
        response.set_data(json.dumps(to_json(value), ensure_ascii=False, separators=(",", ":")))
        return response

    return blueprint


@cache
def _described() -> str:
    """Made for whoever asks first: few do, and a start need not wait for it."""
    return json.dumps(document(), ensure_ascii=False)


def respond(answer: Answer) -> Response:
    """An answer as a response; problems have their own media type."""
    kind = MEDIA_TYPE if answer.status >= 400 else "application/json"
    response = Response(answer.body, answer.status, mimetype=kind)
    if answer.status in (429, 503):
        response.headers["Retry-After"] = "2"
    return response


def http_problem(error: HTTPException) -> Response:
    """Flask's own refusals (no such path, too large …) as problems."""
    return respond(problem(REFUSALS.get(error.code or 500, "broken"), error.description or ""))


def _view(route: Route, desk: Desk, limits: IssueLimits) -> Callable[..., Response]:
    def view(**args: str) -> Response:
        try:
            return respond(_answer(route, desk, limits, args))
        except KeyReused as reused:
            return respond(problem("key_reused", str(reused)))
        except Broken as ours:
            return respond(problem("broken", str(ours)))
        except Unavailable:
            return respond(problem("unavailable", AWAY))

    return view


def _answer(route: Route, desk: Desk, limits: IssueLimits, args: dict[str, str]) -> Answer:
    principal = g.principal
    if principal is None:
        return problem("unauthenticated", "Send a bearer token, or sign in.")
    if not may(principal, route.action):
        return problem("forbidden", f"A {principal.role} may not do this.")
    body, key = None, ""
    if route.body is not None:
        if g.csrf and request.headers.get("X-CSRF-Token") != g.csrf:
            return problem("csrf", "Reload the page and try again.")
        key = request.headers.get("Idempotency-Key", "")
        if not KEY.fullmatch(key):
            return problem("key_required", SAFE_KEY)
        try:
            body = route.body.model_validate_json(request.get_data() or b"{}", strict=True)
        except ValidationError as error:
            return invalid(error)
    query = {name: request.args[name] for name in route.query if name in request.args}
    ask = Ask(desk, limits, principal, key, f"{request.path}\n{_canonical(body)}", args | query, body)
    return route.handle(ask)


def _canonical(body: Any) -> str:
    """The meaning of a body, so that a repeated request may be spaced differently."""
    return "" if body is None else str(body.model_dump_json())
