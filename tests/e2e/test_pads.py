"""A hall of three windows that is run by pads and signs alone: no browser, no console, real bytes on one line."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from drivers.sim.bus import SimBus
from drivers.sim.pads import SimPads
from tests.e2e.cabled import cabled
from tests.e2e.conftest import Measured
from tests.e2e.hall import until
from tests.server.halls import COUNTER
from tests.server.program import Program
from tests.soak import rounds

WINDOWS = ("1", "2", "3")
CUSTOMERS = rounds(16, 200)  # an even number: the last one has a number of its own
START, FINISH, NEXT, PAUSE = "0A", "0B", "0C", "12"  # keys of the pad
LOOKS_S = 3.5  # a key is answered within three seconds or never
GREETING = "欢迎光临"
RATERS = 3  # the first customers of window 1 say how it was, the others nothing
LEVEL = 3  # as the unit sends it: the fourth of five
HALL = """
[hall]
zh = "三窗大厅"
en = "Hall of three windows"
"""
DESK = """
[[window]]
id = "{n}"
services = ["id", "tax"]

[[device]]
id = "sign{n}"
kind = "sign"
zh = "{n}号屏"
en = "Sign {n}"
window = "{n}"
url = "{url}#{n}"

[[device]]
id = "pad{n}"
kind = "pad"
zh = "{n}号呼叫器"
en = "Pad {n}"
window = "{n}"
url = "{url}#{n}"
"""
RATING = """
[[device]]
id = "rating1"
kind = "rating"
zh = "1号评价器"
en = "Rating unit 1"
window = "1"
url = "{url}#1"
"""


@pytest.fixture
def line() -> Iterator[SimBus]:
    """Three signs, three pads and their rating units on one line of 9600 baud."""
    bus = SimBus(count=len(WINDOWS), pads=SimPads(pads=len(WINDOWS)))
    bus.start()
    yield bus
    bus.stop()


@pytest.fixture
def program(line: SimBus, tmp_path: Path) -> Iterator[Program]:
    """The server of that hall, its day open, and a station that has the line."""
    url = line.url(1).partition("#")[0]
    settings = HALL + COUNTER + "".join(DESK.format(n=n, url=url) for n in WINDOWS) + RATING.format(url=url)
    with cabled(tmp_path, settings, tmp_path / "station", 0.1) as server:
        yield server


@dataclass
class Clerk:
    """Somebody with a pad, a sign over the head, and nothing else; a frame to the pad may be lost on the line."""

    window: str
    line: SimBus
    waits: list[float] = field(default_factory=list)
    unheard: int = 0
    served: int = 0

    def sign(self) -> str:
        return str(next(sign["text"] for sign in self.line.state() if str(sign["address"]) == self.window))

    def unit(self, kind: str = "pad") -> dict[str, Any]:
        return next(unit for unit in self.line.pads() if unit["id"] == f"{kind}-{self.window}")

    def ticket(self) -> str:
        """The last places of the display, beside the number of those who wait."""
        return str(self.unit()["display"])[-3:]

    def press(self, *keys: str) -> str:
        """Digits and a key; *success* (another ticket on the pad says so too), *failure*, or nothing that was heard."""
        began, ticket = time.monotonic(), self.ticket()
        for key in keys:
            self.line.act(f"pad-{self.window}", f"key:{key}")
        if not seen(lambda: self.unit()["verdict"] or self.ticket() != ticket):
            self.unheard += 1
            return ""
        self.waits.append(time.monotonic() - began)
        return str(self.unit()["verdict"] or "success")

    def refused(self, *keys: str) -> bool:
        """Whether the pad says that a key did nothing."""
        while not (verdict := self.press(*keys)):
            continue
        return verdict == "failure"

    def serve(self, *keys: str) -> bool:
        """Call, begin, finish, with an eye on the sign; False: nobody was there to be called."""
        while self.sign() == GREETING:
            if self.press(*keys) == "failure":
                return False
            seen(lambda: self.sign() != GREETING)
        self.press(START)
        while self.sign() != GREETING:
            self.press(FINISH)
            seen(lambda: self.sign() == GREETING)
        self.served += 1
        if self.window == "1" and self.served <= RATERS:
            until(lambda: self.unit("rating")["asking"], "the customer is asked")
            self.line.act("rating-1", f"level:{LEVEL}")
            # Who answers stands there until the unit was heard: else the next one would be asked meanwhile.
            until(lambda: not self.unit("rating")["repeating"], "the answer is heard")
        return True


def seen(condition: Callable[[], object]) -> bool:
    """Whether it comes true while somebody looks."""
    give_up_at = time.monotonic() + LOOKS_S
    while not condition():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.01)
    return True


def bodies(program: Program, kind: str) -> list[dict[str, Any]]:
    """The facts of a kind, with their actors."""
    return [row["body"] | {"actor": row["actor"]} for row in program.journal() if row["kind"] == kind]


def work(clerk: Clerk) -> None:
    """Until nobody waits."""
    while clerk.serve(NEXT):
        continue


def test_three_windows_are_run_by_pads_and_signs_alone(line: SimBus, program: Program, measured: Measured) -> None:
    clerks = [Clerk(window, line) for window in WINDOWS]
    first, second, _ = clerks
    for clerk in clerks:
        until(lambda at=clerk: at.sign() == GREETING, "the signs greet")  # type: ignore[misc]
    for number in range(CUSTOMERS):
        program.post("/tickets", {"service": ("id", "tax")[number % 2]})
    program.post("/tickets", {"service": "id"})

    assert first.refused(START), "nobody is here yet"
    assert first.refused(*str(CUSTOMERS), NEXT), "there is no such number"
    assert first.serve(*str(CUSTOMERS // 2 + 1), NEXT), "the last one, who has a train to catch"
    second.press(PAUSE)
    until(lambda: second.sign() != GREETING, "the sign says so")
    assert second.refused(NEXT)
    second.press("0", PAUSE)
    until(lambda: second.sign() == GREETING, "the sign greets again")
    with ThreadPoolExecutor() as at_work:
        list(at_work.map(work, clerks))

    measured["row 6: key to answer at the pad, s"] = sorted(w for clerk in clerks for w in clerk.waits)
    measured["row 6: answers that a pad did not hear"] = sum(clerk.unheard for clerk in clerks)
    _everybody_was_served_once(program)
    rated = until(
        lambda: found if len(found := bodies(program, "TicketRated")) == min(RATERS, first.served) else None,
        "every answer is in the journal",
    )
    assert {fact["level"] for fact in rated} == {LEVEL + 1}
    assert not {fact["ticket"] for fact in rated} & {fact["ticket"] for fact in bodies(program, "TicketNotRated")}
    for clerk in clerks:
        until(lambda at=clerk: at.unit()["display"].strip(" 0") == "", "the pad shows nobody", 60)  # type: ignore[misc]


def _everybody_was_served_once(program: Program) -> None:
    """In the order of the tickets but for the one that was chosen, and by nothing but pads."""
    issued = [fact["ticket"] for fact in bodies(program, "TicketIssued")]
    called = bodies(program, "TicketCalled")
    assert [fact["ticket"] for fact in called if fact["why"] == "chosen"] == issued[-1:]
    assert [fact["ticket"] for fact in called if fact["why"] == "fifo"] == issued[:-1]
    assert {(fact["window"], fact["actor"]) for fact in called} == {(w, f"pad:pad{w}") for w in WINDOWS}
    assert sorted(fact["ticket"] for fact in bodies(program, "TicketFinished")) == sorted(issued)
