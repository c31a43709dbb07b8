"""The maintenance list: every device with its state in words, and what is being done about the broken ones."""

from collections import Counter

from flask import Blueprint, Response

from display.phrases import Phrases
from hall_server.contract import DeviceRow
from hall_server.web.devices import ORDER, shown_state
from hall_server.web.gate import gate
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens

# The way of a repair; the last step is where it leaves the list.
STEPS = ("reported", "accepted", "fixed", "verified")

# What can be done next at each step: (verb of the API, state in its body, icon).
MOVES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "reported": (("repair", "accepted", "hand"), ("repair", "fixed", "wrench"), ("verify", "", "check")),
    "accepted": (("repair", "fixed", "wrench"), ("verify", "", "check")),
    "fixed": (("verify", "", "check"),),
}


def maintenance_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("maintenance", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/maintenance", screens))

    @blueprint.get("/maintenance")
    def console() -> Response:
        return screens.page("web/maintenance.html", **_values(pages))

    @blueprint.get("/maintenance/body")
    def body() -> Response:
        rev = pages.floor().rev  # read before the devices: what is newer is fetched again, never missed
        return screens.fragment("web/maintenance_body.html", rev, **_values(pages))

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
    }


def _reported_at(device: DeviceRow) -> str:
    return device.repair.since if device.repair else ""
