"""Stations that come and go while the journal does not answer, or while others are spoken of."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIO

from hall_server.core.rules.commands import StationSeen
from hall_server.live import Live
from hall_server.writer import Unavailable


@dataclass
class Journalist:
    """Stands where the desk stands: takes what is said, unless it is away."""

    away: bool = False
    said: list[tuple[str, bool]] = field(default_factory=list)
    meanwhile: Any = None

    def do(self, command: Any, actor: str, render: Any) -> None:
        if self.away:
            raise Unavailable("away")
        if isinstance(command, StationSeen):
            self.said.append((command.station, command.connected))
            if self.meanwhile is not None:
                self.meanwhile()


@pytest.fixture
def live() -> Live:
    made: Any = Live(SocketIO(Flask(__name__), async_mode="threading"), 1, "test", None)  # type: ignore[arg-type]
    made.desk = Journalist()
    return made  # type: ignore[no-any-return]


def test_a_station_that_left_while_the_journal_was_away_is_said_to_be_gone_when_it_answers(live: Any) -> None:
    live.desk.away = True
    live._station_seen("hall", connected=False)  # noqa: SLF001 - what a closed socket calls
    live.desk.away = False
    live._pass_time()  # noqa: SLF001 - what each second calls
    live._pass_time()  # noqa: SLF001
    assert live.desk.said == [("hall", False)]


def test_a_station_that_is_back_while_another_is_spoken_of_is_not_said_to_be_gone(live: Any) -> None:
    live._unsaid.update({"K1": False, "hall": False})  # noqa: SLF001

    def back() -> None:
        live.desk.meanwhile = None
        live._station_seen("hall", connected=True)  # noqa: SLF001

    live.desk.meanwhile = back
    live._pass_time()  # noqa: SLF001
    assert live.desk.said == [("K1", False), ("hall", True)]
