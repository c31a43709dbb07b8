"""The clerk's console: one ticket, one primary button, and what stands around them."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, Response, request

from display.phrases import Phrases
from hall_server.contract import ClerkView
from hall_server.core.complaints import MATTERS
from hall_server.web.access import current
from hall_server.web.devices import in_trouble
from hall_server.web.gate import gate
from hall_server.web.ports import Pages, Principal
from hall_server.web.reasons import sentence
from hall_server.web.redirects import effect_page
from hall_server.web.screens import Screens
from hall_server.web.self_help import DRAWN, first_steps

# What the one primary button does at each stage; the second column is the API's verb, None when it is off.
PRIMARY: Mapping[str, tuple[str, str | None]] = MappingProxyType(
    {
        "idle": ("next", "next"),
        "called": ("start", "start"),
        "serving": ("finish", "finish"),
        "redirected": ("next", None),
        "paused": ("resume", "resume"),
        "closed": ("next", None),
        "taken": ("next", None),
        "alarm": ("next", None),
    }
)

# verb -> key, at which stages its button is on; the order is the order on the screen.
ACTIONS: tuple[tuple[str, str, str, frozenset[str]], ...] = (
    ("recall", "R", "megaphone", frozenset({"called"})),
    ("absent", "N", "user", frozenset({"called"})),
    ("finish", "F", "check", frozenset({"serving"})),
    ("next", "X", "skip-forward", frozenset({"called", "serving"})),
)

# Why a customer is set aside: the codes that the dialog sends; any other text is shown as it was written.
HOLDS = ("papers", "form", "payment", "errand")

# After how many minutes somebody set aside may be called; 0: at once.
LATER_MIN = (0, 10, 30, 60)

# What can be done about a number that is not at this window, and whether that needs a reason.
ABOUT: tuple[tuple[str, bool], ...] = (
    ("urgent", True),
    ("need", False),
    ("reinstate", True),
    ("cancel", False),
)

# Why a window pauses: the codes that the buttons of the dialog send.
PAUSES = ("break", "meal", "meeting", "work")


def stage_of(view: ClerkView, principal: Principal | None = None, *, alarm: bool = False) -> str:
    """What the clerk can do now: a customer who is here comes first, even at a redirected window."""
    if principal is not None and principal.role == "clerk" and view.clerk not in ("", principal.actor):
        return "taken"
    if view.ticket is not None:
        return "serving" if view.ticket.state == "serving" else "called"
    if alarm:
        return "alarm"
    if view.state == "redirected":
        return "redirected"
    if not view.day_open:
        return "closed"
    return "idle" if view.paused_since is None else "paused"


def clerk_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("clerk", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/clerk", screens))

    @blueprint.get("/clerk")
    def console() -> Response:
        window = _window()
        view = pages.clerk(window, targets=False) if window else None
        if window is None or view is None:
            status = 200 if window is None else 404
            return screens.page("web/windows.html", status, windows=_choices(pages), window=window)
        return screens.page("web/clerk.html", **_lists(pages), **_values(view, phrases, alarm=_alarm(pages)))

    @blueprint.get("/clerk/body")
    def body() -> Response:
        window = _window()
        view = pages.clerk(window, targets=False) if window else None
        if view is None:
            return Response(status=404)
        return screens.fragment(
            "web/clerk_body.html", view.rev, **_lists(pages), **_values(view, phrases, alarm=_alarm(pages))
        )

    @blueprint.get("/clerk/targets")
    def targets() -> Response:
        """Where a customer can be sent: of a hundred windows it would be most of the page."""
        window = _window()
        view = pages.clerk(window) if window else None
        if view is None:
            return Response(status=404)
        return screens.fragment("web/clerk_targets.html", view.rev, targets=view.targets)

    @blueprint.get("/clerk/detour")
    def detour() -> Response:
        return effect_page(pages, screens, _window())

    return blueprint


def _window() -> str | None:
    """A clerk has one window; only whoever runs the hall may choose."""
    principal = current()
    if principal is not None and principal.role == "clerk":
        return principal.window
    return request.args.get("window")


def _lists(pages: Pages) -> dict[str, bool]:
    """Which lists of the whole hall there are beside the window's own."""
    return {"rolls": pages.has_rolls(), "pickups": pages.has_pickups()}


def _alarm(pages: Pages) -> bool:
    return pages.board().emergency is not None


def _choices(pages: Pages) -> tuple[str, ...]:
    principal = current()
    return () if principal is not None and principal.role == "clerk" else pages.windows()


def _values(view: ClerkView, phrases: Phrases, *, alarm: bool) -> dict[str, object]:
    stage = stage_of(view, current(), alarm=alarm)
    verb, order = PRIMARY[stage]
    return {
        "view": view,
        "stage": stage,
        "primary": verb,
        "order": order,
        "actions": ACTIONS,
        "pauses": PAUSES,
        "holds": HOLDS,
        "matters": MATTERS,
        "later_min": LATER_MIN,
        "about": ABOUT,
        "sentence": sentence,
        "helps": {device.id: first_steps(device, phrases) for device in view.devices},
        "drawn": DRAWN,
        # a pad's fault is told in words of its own
        "troubles": tuple(d for d in view.devices if in_trouble(d) and not (view.pad_fault and d.kind == "pad")),
    }
