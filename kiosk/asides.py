"""What the kiosk asks the hall when a customer wants no ticket but to read something, and the touches for it."""

import logging
from dataclasses import dataclass
from typing import Annotated, Literal

from flask import Flask
from pydantic import StringConstraints

from hall_server.contract import GuideView, Language
from hall_server.station import HallError, Unreachable
from kiosk import complaining, reading
from kiosk.aside import Aside
from kiosk.bodies import Opened, heard
from kiosk.press import TRIES, Press
from kiosk.reading import Opens

LOG = logging.getLogger(__name__)


class AsideOpened(Opened):
    """Which of the header's pages was touched."""

    what: Opens | Literal["complaint"]


class TopicChosen(Opened):
    """Which guide is read; none: back to all of them."""

    topic: Annotated[str, StringConstraints(max_length=64)] = ""


class MatterChosen(Opened):
    """What a complaint is about."""

    matter: Annotated[str, StringConstraints(max_length=64)]


class ComplaintSent(Opened):
    """The number to call; none: nobody can be called back."""

    contact: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,20}$")] = ""


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

    def open_complaint(self, language: Language) -> None:
        press, key = self.press, self.press.new_key()
        press.screen.change(lambda kiosk: complaining.opened(kiosk, language, key, press.clock()))

    def choose_matter(self, matter: str) -> None:
        press = self.press
        press.screen.change(lambda kiosk: complaining.chosen(kiosk, matter, press.clock()))

    def complain(self, contact: str) -> None:
        """Tell the hall, under one key however often it is asked."""
        press = self.press
        before, after = press.screen.change(lambda kiosk: complaining.sending(kiosk, press.clock()))
        aside = after.aside
        if after is before or aside is None:
            return
        number = self._send(aside, contact)
        press.screen.change(lambda kiosk: complaining.sent(kiosk, aside.key, number, press.clock()))

    def _send(self, aside: Aside, contact: str) -> int | None:
        for _ in range(TRIES):
            try:
                return self.press.client.complain(complaining.request(aside, contact), aside.key).number
            except Unreachable as error:
                LOG.warning("no answer: %s", error)
            except HallError as refusal:
                LOG.warning("the hall takes no complaint: %s", refusal)
                break
        return None

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
        if wanted.what == "complaint":
            asides.open_complaint(wanted.language)
        else:
            asides.open(wanted.what, wanted.language)
        return "", 204

    @app.post("/aside/matter")
    def choose_matter() -> tuple[str, int]:
        asides.choose_matter(heard(MatterChosen).matter)
        return "", 204

    @app.post("/aside/complain")
    def complain() -> tuple[str, int]:
        asides.complain(heard(ComplaintSent).contact)
        return "", 204

    @app.post("/aside/topic")
    def choose_topic() -> tuple[str, int]:
        asides.choose(heard(TopicChosen).topic)
        return "", 204
