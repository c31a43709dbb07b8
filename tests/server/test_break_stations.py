"""Stations that come and go while the journal does not answer, or while others are spoken of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from hall_server.core.commands import StationSeen
from hall_server.core.hall import Hall, StationNow
from hall_server.presence import Presence
from hall_server.writer import Unavailable


@dataclass
class Journalist:
    """Stands where the desk stands: takes what is said, unless it is away."""

    hall: Hall = field(default_factory=Hall)
    away: bool = False
    said: list[tuple[str, bool]] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None
    journal: Any = field(default_factory=lambda: SimpleNamespace(shared=False))

    def do(self, command: Any, actor: str, render: Any, also: Any) -> None:
        if self.away:
            raise Unavailable("away")
        if isinstance(command, StationSeen):
            self.said.append((command.station, command.connected))
            self.hall.stations[command.station] = StationNow(command.connected, 0.0)
            self.meanwhile()

    def look(self, view: Callable[[Hall], Any]) -> Any:
        return view(self.hall)

    def forget(self, actor: str) -> None:
        """Nobody is known here who could be forgotten."""


@dataclass
class Scene:
    """Presence with stations that come and go."""

    journalist: Journalist = field(default_factory=Journalist)
    here: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        desk: Any = self.journalist
        self.presence = Presence(desk, lambda: frozenset(self.here))


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    made.journalist.hall.stations = {"K1": StationNow(True, 0.0), "hall": StationNow(True, 0.0)}
    return made


def test_a_station_that_left_while_the_journal_was_away_is_said_to_be_gone_when_it_answers(scene: Scene) -> None:
    scene.here = {"K1"}
    scene.journalist.away = True
    scene.presence.station("hall")
    with pytest.raises(Unavailable):
        scene.presence.pass_time()
    scene.journalist.away = False
    scene.presence.pass_time()
    scene.presence.pass_time()
    assert scene.journalist.said == [("hall", False)]


def test_a_station_that_came_while_the_journal_was_away_is_believed_when_it_answers(scene: Scene) -> None:
    scene.here = {"K1", "hall", "K2"}
    scene.journalist.away = True
    scene.presence.station("K2")
    scene.journalist.away = False
    scene.presence.pass_time()
    assert scene.journalist.said == [("K2", True)]


def test_a_station_that_is_back_while_another_is_spoken_of_is_not_said_to_be_gone(scene: Scene) -> None:
    scene.journalist.meanwhile = lambda: scene.here.update({"K1", "hall"})
    for _ in range(2):
        scene.presence.pass_time()
    assert [connected for _, connected in scene.journalist.said] == [False, True]
    scene.presence.pass_time()
    assert sorted(name for name, station in scene.journalist.hall.stations.items() if station.connected) == [
        "K1",
        "hall",
    ]
