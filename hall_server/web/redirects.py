"""What a redirect does to waits, as the part of a console's dialog that stands before its button."""

from flask import Response

from hall_server.contract import FloorView
from hall_server.detour import Detour
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens


def effect_page(pages: Pages, screens: Screens, window: str | None) -> Response:
    """The figures for one window."""
    seen = pages.detour(window) if window else None
    return screens.fragment("web/effect.html", seen.rev, detour=seen) if seen else Response(status=404)


def proposals(floor: FloorView) -> tuple[Detour, ...]:
    """What waits for a yes."""
    return tuple(row.detour for row in floor.windows if row.detour and row.detour.state == "proposed")
