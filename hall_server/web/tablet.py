"""The display of a window: a page that shows its ticket and state, and asks its customers how they were served."""

from dataclasses import asdict

from flask import Blueprint, Response

from display.board import to_json
from display.distance import Distance
from display.phrases import Phrases
from display.tv import icon_symbols, page_texts
from hall_server.contract.ratings import REASONS
from hall_server.web.access import current
from hall_server.web.customer import LEVELS
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens


def tablet_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    """Anybody may look, as at the TV; only whoever is signed in for that window is asked anything."""
    blueprint = Blueprint("tablet", __name__, template_folder="templates")
    screens, symbols = Screens(pages, phrases), icon_symbols()
    texts, layout = page_texts(phrases, "tablet."), asdict(Distance().layout())

    @blueprint.get("/tablet/<window>")
    def tablet(window: str) -> Response:
        if window not in pages.windows():
            return Response(status=404)
        who = current()
        return screens.page(
            "web/tablet.html", window=window, state=to_json(pages.board()), symbols=symbols, texts=texts,
            layout=layout, both=phrases.both, levels=LEVELS, reasons=REASONS,
            asks=who is not None and who.role == "tv" and who.window == window,
        )  # fmt: skip

    return blueprint
