"""The page of one device: how it is, what to do about it, what was done, and what that cost."""

from flask import Blueprint, Response, request

from display.phrases import Phrases
from hall_server.web.devices import shown_state
from hall_server.web.gate import gate
from hall_server.web.maintenance import MOVES, PROMISING, STEPS, testable
from hall_server.web.ports import Pages
from hall_server.web.replacing_page import may_replace
from hall_server.web.screens import Screens
from hall_server.web.self_help import DRAWN, steps_for

LOW_ROLLS = 1  # the last one in stock: the next order has to be on its way
NEWEST = 10**15  # more rows than any journal has


def device_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("device", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/maintenance", screens))

    @blueprint.get("/maintenance/devices/<name>")
    def console(name: str) -> Response:
        values = _values(pages, phrases, name)
        return Response(status=404) if values is None else screens.page("web/device.html", **values)

    @blueprint.get("/maintenance/devices/<name>/body")
    def body(name: str) -> Response:
        rev = pages.board().rev  # read before the device: what is newer is fetched again, never missed
        values = _values(pages, phrases, name)
        return Response(status=404) if values is None else screens.fragment("web/device_body.html", rev, **values)

    @blueprint.get("/maintenance/devices/<name>/history")
    def history(name: str) -> Response:
        before = request.args.get("before", "")
        found = pages.histories.device(name, int(before) if before.isdecimal() and len(before) < 16 else NEWEST)
        if found is None:
            return Response(status=404)
        return screens.page("web/device_history.html", history=found, name=name, paged=bool(before))

    return blueprint


def _values(pages: Pages, phrases: Phrases, name: str) -> dict[str, object] | None:
    rev = pages.board().rev
    device = next((one for one in pages.devices() if one.id == name), None)
    if device is None:
        return None
    fault = device.faults[0] if device.faults else device.repair.fault if device.repair else None
    troubled = device.repair is not None or shown_state(device) in ("failed", "degraded")
    helping, keys = steps_for(fault, phrases) if troubled else ("", ())
    return {
        "rev": rev,
        "device": device,
        "steps": STEPS,
        "moves": MOVES,
        "shown_state": shown_state,
        "testable": testable,
        "promising": PROMISING,
        "fault": fault,
        "helping": helping,
        "help_keys": keys,
        "drawn": DRAWN,
        "options": pages.device_options(name),
        "may_replace": may_replace(),
        "low_rolls": LOW_ROLLS,
    }
