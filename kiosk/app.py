"""The kiosk's own small web server on loopback: one page, its state by long poll, four touches."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, jsonify, render_template, request
from pydantic import BaseModel, ConfigDict

from display.phrases import Phrases
from hall_server.contract import CheckInRequest, HelpRequest, Id, SlipAnswer, TicketRequest
from hall_server.station import Watch
from kiosk import complaining, helping, touch
from kiosk.asides import Asides, add_asides
from kiosk.bodies import Opened, heard
from kiosk.call_list import CallList
from kiosk.hall_clock import HallClock
from kiosk.hear_pages import hear_blueprint
from kiosk.press import Press
from kiosk.touch import Kiosk
from kiosk.view import Words, render

HERE = Path(__file__).parent
DISPLAY = HERE.parent / "display"
# A poll ends before any proxy or browser gives up on it.
POLL_S = 20.0
BODY_BYTES = 4096
# The page is only ever opened on this computer; another name means a foreign page reached us by its own DNS.
OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class AgainAnswer(BaseModel):
    """The answer to "take another?"."""

    model_config = ConfigDict(extra="forbid")
    yes: bool


class ChosenTime(BaseModel):
    """Which of several appointments it is."""

    model_config = ConfigDict(extra="forbid")
    appointment: Id


def phrases() -> Phrases:
    return Phrases.load(DISPLAY / "locale", HERE / "locale", HERE / "hear")


def create_app(
    press: Press, screen: Watch[Kiosk], texts: Phrases, hall_clock: HallClock,
    call_list: Callable[[], CallList | None] = lambda: None,
) -> Flask:  # fmt: skip
    """The page of one kiosk; ``screen`` is closed when the program stops."""
    app = Flask("kiosk", template_folder=str(HERE / "templates"), static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES
    app.jinja_env.globals["both"] = texts.both
    app.register_blueprint(Blueprint("own", __name__, static_folder="static", static_url_path="/static/kiosk"))
    app.register_blueprint(
        Blueprint("shared", __name__, static_folder=str(DISPLAY / "static"), static_url_path="/static")
    )
    app.before_request(_only_from_here)
    app.after_request(_harden)
    _add_page(app, press, screen, Words(texts), hall_clock)
    _add_touches(app, press)
    _add_help(app, press)
    add_asides(app, Asides(press))
    app.register_blueprint(hear_blueprint(press, texts))

    @app.get("/calllist")
    def calls() -> str:
        return render_template("calllist.html", calls=call_list())

    return app


def _add_page(app: Flask, press: Press, screen: Watch[Kiosk], words: Words, hall_clock: HallClock) -> None:
    run = secrets.token_hex(4)  # a page that outlives this process must not take our numbers for known

    @app.get("/")
    def page() -> str:
        return render_template("kiosk.html", reasons=helping.REASONS, matters=complaining.MATTERS)

    @app.get("/state")
    def state() -> Response:
        kiosk, number = _await_change(press, screen, run, request.args.get("after", ""))
        now_ms = hall_clock.now_ms()
        body: dict[str, Any] = render(kiosk, words, now_ms)
        return jsonify({"n": f"{run}-{number}", "at": now_ms, **body})

    @app.get("/healthz")
    def healthz() -> Response:
        """Whether the page can be opened: asked by the screen's first page, which comes from its disk."""
        answer = jsonify({"ok": True})
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer


def _await_change(press: Press, screen: Watch[Kiosk], run: str, after: str) -> tuple[Kiosk, int]:
    """The first state that the page does not know, or the same one when the poll's time is over."""
    ends_at = press.clock() + POLL_S
    while True:
        press.look()
        number, kiosk = screen.get()
        now = press.clock()
        if f"{run}-{number}" != after or screen.closed or now >= ends_at:
            return kiosk, number
        wake_at = min(ends_at, touch.next_change(kiosk), press.next_look(kiosk))
        screen.wait(number, max(0.0, wake_at - now))


def _add_touches(app: Flask, press: Press) -> None:
    @app.post("/press")
    def press_tile() -> tuple[str, int]:
        wanted = heard(TicketRequest)
        press.press(wanted.service, wanted.language or "zh", wanted.then)
        return "", 204

    @app.post("/again")
    def again() -> tuple[str, int]:
        press.again(heard(AgainAnswer).yes)
        return "", 204

    @app.post("/answer")
    def answer() -> tuple[str, int]:
        press.answer(heard(SlipAnswer).got)
        return "", 204

    @app.post("/check-in/open")
    def open_check_in() -> tuple[str, int]:
        press.open_check_in(heard(Opened).language)
        return "", 204

    @app.post("/check-in")
    def check_in() -> tuple[str, int]:
        wanted = heard(CheckInRequest)
        press.check_in(wanted.digits, wanted.language or "zh")
        return "", 204

    @app.post("/check-in/choose")
    def choose() -> tuple[str, int]:
        press.choose(heard(ChosenTime).appointment)
        return "", 204

    @app.post("/check-in/walk-in")
    def walk_in() -> tuple[str, int]:
        press.walk_in()
        return "", 204


def _add_help(app: Flask, press: Press) -> None:
    for path, act in (("/done", press.done), ("/wipe", press.wipe), ("/stay", press.stay)):
        app.add_url_rule(path, path, _touch(act), methods=["POST"])

    @app.post("/help/open")
    def open_help() -> tuple[str, int]:
        press.open_help(heard(Opened).language)
        return "", 204

    @app.post("/help")
    def ask_help() -> tuple[str, int]:
        wanted = heard(HelpRequest)
        press.ask_help(wanted.reason, wanted.language)
        return "", 204


def _touch(act: Callable[[], None]) -> Callable[[], tuple[str, int]]:
    def touched() -> tuple[str, int]:
        act()
        return "", 204

    return touched


def _only_from_here() -> None:
    """No page of another site may take tickets: our own host name, and for touches our own origin."""
    if urlsplit(f"//{request.host}").hostname not in OWN_NAMES:
        abort(403)
    if request.method == "POST" and request.headers.get("Origin") != f"http://{request.host}":
        abort(403)


def _harden(response: Response) -> Response:
    response.headers.update(HEADERS)
    if request.endpoint in ("page", "state", "calls"):
        response.headers["Cache-Control"] = "no-store"
    return response
