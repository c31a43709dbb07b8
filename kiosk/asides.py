"""What the kiosk asks the hall when a customer wants no ticket but to read something, and the touches for it."""

import logging
from dataclasses import dataclass
from typing import Annotated

from flask import Flask
from pydantic import StringConstraints

from hall_server.contract import GuideView, Language
from hall_server.station import HallError
from kiosk import reading
from kiosk.bodies import Opened, heard
from kiosk.press import Press
from kiosk.reading import Opens

LOG = logging.getLogger(__name__)


class AsideOpened(Opened):
    """Which of the header's pages was touched."""

    what: Opens


class TopicChosen(Opened):
    """Which guide is read; none: back to all of them."""

    topic: Annotated[str, StringConstraints(max_length=64)] = ""


@dataclass(slots=True)
class Asides:
    """Called by the page's requests, as ``Press``; what was read last is shown when nobody answers."""

    press: Press
    _known: GuideView | None = None

    def open(self, what: Opens, language: Language) -> None:
        press, key = self.press, self.press.new_key()
        _, after = press.screen.change(lambda kiosk: reading.opened(kiosk, what, language, key, press.clock()))
        if after.aside is not None and after.aside.key == key and after.aside.step == "fetching":
            view = self._read()
            press.screen.change(lambda kiosk: reading.fetched(kiosk, key, view, press.clock()))

    def choose(self, topic: str) -> None:
        press = self.press
        press.screen.change(lambda kiosk: reading.chosen(kiosk, topic, press.clock()))

    def _read(self) -> GuideView | None:
        try:
            self._known = self.press.client.guide()
        except HallError as error:
            LOG.warning("what there is to read cannot be asked for: %s", error)
        return self._known


def add_asides(app: Flask, asides: Asides) -> None:
    """The touches of the header and of what it opens."""

    @app.post("/aside")
    def open_aside() -> tuple[str, int]:
        wanted = heard(AsideOpened)
        asides.open(wanted.what, wanted.language)
        return "", 204

    @app.post("/aside/topic")
    def choose_topic() -> tuple[str, int]:
        asides.choose(heard(TopicChosen).topic)
        return "", 204
