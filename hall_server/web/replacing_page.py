"""The pages on which another unit takes a device's place: tried at its address, taken, proved."""

from flask import Blueprint, Response

from display.phrases import Phrases
from hall_server.contract import DeviceRow
from hall_server.core.replacements import PROVED
from hall_server.register.choices import choices
from hall_server.web.access import current
from hall_server.web.api.permissions import ALLOWED
from hall_server.web.devices import shown_state
from hall_server.web.gate import gate
from hall_server.web.maintenance import MOVES, PROMISING, STEPS, testable
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens

SHAPES = {
    "printer": "tcp://192.168.1.51:9100", "sign": "socket://192.168.1.60:4001#3", "bus": "socket://192.168.1.60:4001",
    "pad": "socket://192.168.1.60:4001#3", "rating": "socket://192.168.1.60:4001#3",
}  # fmt: skip


def may_replace() -> bool:
    """Whether who is asking may put another unit in a device's place."""
    principal = current()
    return principal is not None and principal.role in ALLOWED["replace"]


def replacing_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("replacing", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    let_in = gate("/maintenance", screens)

    @blueprint.before_request
    def admit() -> Response | None:
        refused = let_in()
        return refused if refused is not None or may_replace() else screens.page("web/home.html", 403, **_NO)

    for page in ("replace", "replaced"):
        _add(blueprint, pages, screens, page)

    @blueprint.get("/maintenance/devices/<name>/replace/tried")
    def tried(name: str) -> Response:
        rev, device = pages.board().rev, _wired(pages, name)
        if device is None:
            return Response(status=404)
        return screens.fragment("web/replace_tried.html", rev, device=device, proved=PROVED)

    return blueprint


_NO: dict[str, object] = {"links": (), "refused": True}


def _add(blueprint: Blueprint, pages: Pages, screens: Screens, page: str) -> None:
    def whole(name: str) -> Response:
        device = _wired(pages, name)
        if device is None:
            return Response(status=404)
        return screens.page(f"web/{page}.html", **_values(pages, device))

    def body(name: str) -> Response:
        rev, device = pages.board().rev, _wired(pages, name)  # what is newer is fetched again, never missed
        if device is None:
            return Response(status=404)
        return screens.fragment(f"web/{page}_body.html", rev, **_values(pages, device))

    path = f"/maintenance/devices/<name>/{page}"
    blueprint.add_url_rule(path, page, whole)
    blueprint.add_url_rule(f"{path}/body", f"{page}_body", body)


def _wired(pages: Pages, name: str) -> DeviceRow | None:
    """What has no cable has no address either."""
    return next((one for one in pages.devices() if one.id == name and one.station), None)


def _values(pages: Pages, device: DeviceRow) -> dict[str, object]:
    written = pages.as_written(device.id)
    return {
        "rev": pages.board().rev,
        "device": device,
        "written": written,
        "choices": choices(device.kind),
        "shape": SHAPES.get(device.kind, ""),
        "shown_state": shown_state,
        "testable": testable,
        "steps": STEPS,
        "moves": MOVES,
        "promising": PROMISING,
        "proved": PROVED,
        "shared": pages.shared(),
    }
