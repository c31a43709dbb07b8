"""A small server for the display of a window: its real page, a Board that the test pushes, and answers it takes."""

import json
from dataclasses import dataclass, field

from flask import Flask, Response, g, request

from display.board import Board
from hall_server.web.assets import assets_blueprint
from hall_server.web.ports import Principal
from hall_server.web.tablet import tablet_blueprint
from tests.browser.hall_with_a_tv import TvHall
from tests.web.hall import CSRF, PHRASES, FakePages

WINDOW = "3"
SIGNED_IN = Principal("tv", "tablet3", WINDOW)


@dataclass
class TabletPages(FakePages):
    """Pages that show the board of a TvHall."""

    hall: "TabletHall | None" = None

    def board(self) -> Board:
        assert self.hall is not None
        return self.hall.board

    def windows(self) -> tuple[str, ...]:
        return tuple(row.id for row in self.board().windows)


@dataclass
class TabletHall(TvHall):
    """``answers`` are what it was told, with key and token; ``status`` is what it says to that."""

    answers: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    principal: Principal | None = SIGNED_IN

    def _app(self) -> Flask:
        app = super()._app()

        @app.before_request
        def identify() -> None:
            g.principal, g.csrf = self.principal, CSRF

        app.register_blueprint(assets_blueprint())
        app.register_blueprint(tablet_blueprint(TabletPages(moment=None, hall=self), PHRASES))

        @app.post(f"/api/v1/windows/{WINDOW}/rating")
        def rating() -> Response:
            said = request.headers
            self.answers.append((said["Idempotency-Key"], said["X-CSRF-Token"], json.loads(request.get_data())))
            return Response(status=self.statuses.pop(0) if self.statuses else 204)

        return app
