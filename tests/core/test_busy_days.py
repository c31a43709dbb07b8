"""What is asked all day long asks nobody who has gone: it costs as much in the evening as in the morning."""

from collections.abc import Callable
from typing import Any

from hall_server.core import commands as c
from hall_server.core.tickets import Ticket
from hall_server.views import lobby
from tests.core.scene import Scene, scene


class Counted(dict[str, Ticket]):
    """The tickets of a hall; ``looks`` counts how often one is looked at."""

    looks = 0

    def __getitem__(self, name: str) -> Ticket:
        self.looks += 1
        return super().__getitem__(name)

    def values(self) -> Any:
        self.looks += len(self)
        return super().values()


ASKED: dict[str, Callable[[Scene], object]] = {
    "issue": lambda hall: hall.issue("tax"),
    "next": lambda hall: hall.call("3", "served"),
    "finish": lambda hall: hall.do(c.Finish("3")),
    "call by number": lambda hall: hall.do(c.CallTicket("2", hall.issue(), "served", "asked for")),
    "tick": lambda hall: hall.do(c.Tick()),
    "lobby": lambda hall: lobby.lobby(hall.hall, "concierge:sun"),
}


def looks(customers: int) -> dict[str, int]:
    """How many tickets each looks at after so many have come and gone, a fifth of them without having been served."""
    hall, tickets = scene(), Counted()
    hall.hall.tickets = tickets
    for number in range(1, customers + 1):
        hall.issue()
        if number % 5:
            hall.serve("1")
        else:
            hall.do(c.Cancel(f"t{number}"))
    hall.issue_many(["id", "id", "tax"])
    found = {}
    for what, ask in ASKED.items():
        tickets.looks = 0
        ask(hall)
        found[what] = tickets.looks
    return found


def test_nothing_looks_at_more_tickets_on_a_long_day_than_on_a_short_one() -> None:
    assert looks(200) == looks(50)


def test_who_gave_up_last_is_named_first_and_who_came_back_is_not(hall: Scene) -> None:
    labels = [hall.issue() for _ in range(8)]
    for label in labels:
        hall.do(c.Cancel(hall.id_of(label)))
    hall.do(c.Reinstate(hall.id_of(labels[6]), "came back"))
    gone = [card.label for card in lobby.lobby(hall.hall, "concierge:sun").gone]
    assert gone == [labels[n] for n in (7, 5, 4, 3, 2, 1)]
