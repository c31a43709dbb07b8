"""The small hall, which also has something to read."""

from flask import Flask, Response

from display.board import Name
from hall_server.contract.content import GuideEntry, GuideView
from tests.station.fake_hall import FakeHall

STEPS = Name("取号\n到窗口\n签字", "Take a ticket\nGo to the window")


def entry(name: str, title: Name, text: Name, service: str = "", ends: str = "2099-01-01T00:00:00Z") -> GuideEntry:
    return GuideEntry(id=name, service=service, title=title, text=text, begins="2020-01-01T00:00:00Z", ends=ends)


VIEW = GuideView(
    rev=1,
    guide=(
        entry("g1", Name("换证", "Renew"), STEPS),
        entry("g2", Name("旧", "Old"), STEPS, ends="2020-02-01T00:00:00Z"),
    ),
    fees=(entry("f1", Name("换证", "Renew"), Name("20元", "CNY 20"), "tax"),),
)


class GuideHall(FakeHall):
    """Answers what there is to read, and counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    def _app(self) -> Flask:
        app = super()._app()
        app.add_url_rule("/api/v1/guide", view_func=self._guide)
        return app

    def _guide(self) -> Response:
        self.read += 1
        return Response(VIEW.model_dump_json(), content_type="application/json")
