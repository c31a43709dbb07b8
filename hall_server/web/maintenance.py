"""The maintenance list: every device with its state in words, and what is being done about the broken ones."""

from collections import Counter

from flask import Blueprint, Response, request

from display.phrases import Phrases
from hall_server.contract import DeviceRow, RegisterRow
from hall_server.core.checks import TESTED
from hall_server.core.repairs import WAY
from hall_server.web.checks import summary
from hall_server.web.devices import ORDER, shown_state
from hall_server.web.gate import gate
from hall_server.web.ports import Pages
from hall_server.web.redirects import effect_page, proposals
from hall_server.web.screens import Screens

STEPS = WAY  # the last step is where it leaves the list

_ACCEPT, _ON_SITE = ("repair", "accepted", "hand"), ("repair", "on_site", "map-pin")
_PARTS, _FIXED = ("repair", "waiting_parts", "clock"), ("repair", "fixed", "wrench")
_VERIFY = ("verify", "", "check")
# What can be done next at each step: (verb of the API, state in its body, icon); the rules have the last word.
MOVES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "reported": (_ACCEPT, _ON_SITE, _FIXED, _VERIFY),
    "accepted": (_ON_SITE, _PARTS, _FIXED, _VERIFY),
    "on_site": (_FIXED, _PARTS, _VERIFY),
    "waiting_parts": (_ON_SITE, _FIXED, _VERIFY),
    "fixed": (_VERIFY, _ON_SITE),
}
# Steps at which the public is told when it will work again.
PROMISING = frozenset({"accepted", "on_site", "waiting_parts"})


def maintenance_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("maintenance", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/maintenance", screens))

    @blueprint.get("/maintenance")
    def console() -> Response:
        return screens.page("web/maintenance.html", **_values(pages))

    @blueprint.get("/maintenance/body")
    def body() -> Response:
        rev = pages.board().rev  # read before the devices: what is newer is fetched again, never missed
        return screens.fragment("web/maintenance_body.html", rev, **_values(pages))

    @blueprint.get("/maintenance/register")
    def register() -> Response:
        """The papers of all devices, to be printed."""
        return screens.page("web/register.html", devices=pages.devices(), columns=tuple(RegisterRow.model_fields))

    @blueprint.get("/maintenance/detour")
    def detour() -> Response:
        return effect_page(pages, screens, request.args.get("window"))

    return blueprint


def _values(pages: Pages) -> dict[str, object]:
    floor, devices = pages.floor(), pages.devices()
    ordered = sorted(devices, key=lambda device: (ORDER.index(shown_state(device)), device.id))
    return {
        "rev": floor.rev,
        "devices": ordered,
        "faults": sorted((device for device in devices if device.repair), key=_reported_at),
        "counts": Counter(shown_state(device) for device in devices),
        "states": ORDER,
        "shown_state": shown_state,
        "steps": STEPS,
        "moves": MOVES,
        "windows": floor.windows,
        "series": floor.series,
        "testable": testable,
        "promising": PROMISING,
        "proposals": proposals(floor),
        "checks": summary(pages),
        "hooks": pages.webhooks(),
    }


def testable(device: DeviceRow) -> bool:
    """Whether its station can make it show that it works."""
    return device.kind in TESTED and device.station is not None


def _reported_at(device: DeviceRow) -> str:
    return device.repair.since if device.repair else ""
