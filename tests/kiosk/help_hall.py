"""The small hall, which also hears who wants help."""

from typing import Self

from flask import Flask, Response, request

from hall_server.contract.help import HelpAsked, HelpRequest
from tests.station.fake_hall import FakeHall


class HelpHall(FakeHall):
    """Remembers whom it was asked to help, once for each key."""

    def __init__(self) -> None:
        super().__init__()
        self.helps: list[HelpRequest] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _app(self) -> Flask:
        app = super()._app()
        app.add_url_rule("/api/v1/helps", view_func=self._help, methods=["POST"])
        return app

    def _help(self) -> tuple[Response, int]:
        self.helps.append(HelpRequest.model_validate_json(request.get_data()))
        asked = HelpAsked(help=f"h{len(self.helps)}")
        return Response(asked.model_dump_json(), content_type="application/json"), 201
