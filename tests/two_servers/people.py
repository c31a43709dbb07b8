"""People of a busy hall: clerks who call and serve, kiosks that issue and print; each notes what they were told."""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from random import Random
from typing import Any

from tests.two_servers.busy import SERVICES
from tests.two_servers.checker import Got
from tests.two_servers.pair import Answer, Caller

TWICE = 0.1  # of all requests go to both servers at the same moment, as by a double click on a bad line
AGAIN = 0.05  # are asked once more at the other server, after the answer
STALE = 0.03  # of all calls are followed by a press on a page that has not heard of them
ABSENT, HOLD, TRANSFER, STRAIGHT_ON = 0.07, 0.05, 0.06, 0.35  # what becomes of a customer; others are simply finished
# Seconds, each time by chance between the two.
SETTLE_S, WALK_S, SERVE_S, IDLE_S = (0.0, 30.0), (2.0, 6.0), (12.0, 35.0), (1.0, 3.0)
HEARD_S = (10.5, 12.0)  # no call is repeated sooner
CUSTOMER_S = 6.0  # at each kiosk one comes every so many seconds, by chance


@dataclass
class Notes:
    """What everybody was told, how long they waited for it, and what was wrong."""

    acknowledged: dict[str, Got] = field(default_factory=dict)
    waits_s: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    did: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def waited(self, what: str, seconds: float) -> None:
        with self.lock:
            self.waits_s[what].append(seconds)
            self.did[what] += 1

    def acknowledge(self, what: str, key: str, answer: Answer, window: str = "") -> None:
        value = answer.value
        with self.lock:
            self.acknowledged[key] = Got(
                what, answer.status, str(value.get("id", "")), str(value.get("label", "")), window
            )

    def count(self, what: str) -> None:
        with self.lock:
            self.did[what] += 1


@dataclass
class Person:
    """Somebody with lines to both servers, their own one first; ``pace`` shortens all that people take time for."""

    name: str
    lines: tuple[Caller, Caller]
    notes: Notes
    leave: threading.Event
    luck: Random
    pace: float
    turn: int = 0

    def begin(self, work: Callable[[], None]) -> threading.Thread:
        def kept() -> None:
            """What breaks in a thread is told where the test looks."""
            try:
                work()
            except (AssertionError, LookupError, OSError, HTTPException, ValueError) as broken:
                self.notes.wrong.append(f"{self.name} broke: {broken!r}")
            finally:
                for line in self.lines:
                    line.close()

        thread = threading.Thread(target=kept, daemon=True)
        thread.start()
        return thread

    def chance(self, share: float) -> bool:
        return self.luck.random() < share

    def take_time(self, between_s: tuple[float, float]) -> None:
        self.leave.wait(self.luck.uniform(*between_s) * self.pace)

    def key(self) -> str:
        self.turn += 1
        return f"{self.name}-{self.turn:05}"

    def ask(self, what: str, path: str, body: dict[str, Any], refusal: str = "") -> tuple[str, Answer]:
        """One request and its key; where both servers are asked, both say the same."""
        key, (mine, other) = self.key(), self.lines
        beside = self.chance(TWICE)
        if beside:
            other.send("POST", path, body, key)
        began = time.perf_counter()
        answer = mine.post(path, body, key)
        self.notes.waited(what, time.perf_counter() - began)
        if beside or self.chance(AGAIN):
            again = other.hear() if beside else other.post(path, body, key)
            self.notes.count("asked twice")
            if (again.status, again.text) != (answer.status, answer.text):
                self.notes.wrong.append(f"{key} got {answer} at one server and {again} at the other")
        if answer.status not in (200, 201, 204) and answer.value.get("code") != refusal:
            self.notes.wrong.append(f"{key} was refused: {answer}")
        return key, answer


@dataclass
class Clerk:
    """A clerk at a window of their own, with the page of a console."""

    person: Person
    window: str
    ticket: str = ""
    service: str = ""
    held: list[str] = field(default_factory=list)

    def work(self) -> None:
        self.person.take_time(SETTLE_S)
        while not self.person.leave.is_set():
            self._call()
            if self.ticket:
                self._serve()
            else:
                self.person.take_time(IDLE_S)

    def _press(self, verb: str, body: dict[str, Any], refusal: str = "") -> tuple[str, Answer]:
        """A button, and the fresh page that follows."""
        found = self.person.ask(verb, f"/api/v1/windows/{self.window}/{verb}", body, refusal)
        began = time.perf_counter()
        page = self.person.lines[0].once("GET", "/clerk/body")
        self.person.notes.waited("page", time.perf_counter() - began)
        if page.status != 200:
            self.person.notes.wrong.append(f"window {self.window} has no page: {page}")
        return found

    def _call(self) -> None:
        """The next one, or somebody who was set aside; the customer before has been served."""
        here = False
        if self.held and self.person.chance(0.5):
            here = self.person.chance(0.5)
            body = {"ticket": self.held.pop(0), "here": here, "previous": "served"}
            key, answer = self._press("take-up", body)
        else:
            key, answer = self._press("next", {"previous": "served"})
        if not here:
            self.person.notes.acknowledge("next", key, answer, self.window)
        self.ticket, self.service = str(answer.value.get("id", "")), str(answer.value.get("service", ""))
        if self.ticket and not here and self.person.chance(STALE):
            self._press_what_is_over()
        if self.ticket and not here:
            self._await_customer()

    def _press_what_is_over(self) -> None:
        """A page that shows nobody at the window says *next*: nobody else is called."""
        path, key = f"/api/v1/windows/{self.window}/next", self.person.key()
        answer = self.person.lines[1].post(path, {}, key)
        self.person.notes.count("stale presses")
        if answer.value.get("code") != "previous_needed":
            self.person.notes.wrong.append(f"{key} of a stale page got {answer}")

    def _await_customer(self) -> None:
        self.person.take_time(WALK_S)
        if not self.person.chance(ABSENT):
            self._press("start", {})
            return
        self.person.take_time(HEARD_S)
        self._press("recall", {}, "recall_too_soon")  # where everybody is faster than people
        self.person.take_time(WALK_S)
        self._press("absent", {"force": True})
        self.ticket = ""

    def _serve(self) -> None:
        self.person.take_time(SERVE_S)
        fate = self.person.luck.random()
        if fate < HOLD:
            self._press("hold", {"reason": "papers", "pool": "window"})
            self.held.append(self.ticket)
        elif fate < HOLD + TRANSFER:
            others = [service for service in SERVICES if service != self.service]
            self._press("transfer", {"service": self.person.luck.choice(others)})
        elif fate > HOLD + TRANSFER + STRAIGHT_ON:
            self._press("finish", {})


@dataclass
class Kiosk:
    """A kiosk that gives out tickets and says that their paper came."""

    person: Person
    id: str

    def work(self) -> None:
        luck, pace = self.person.luck, self.person.pace
        while not self.person.leave.wait(luck.expovariate(1 / CUSTOMER_S) * pace):
            self.issue()

    def issue(self) -> None:
        key, answer = self.person.ask("issue", "/api/v1/tickets", {"service": self.person.luck.choice(SERVICES)})
        self.person.notes.acknowledge("issue", key, answer)
        slip, printer = f"s-{answer.value['id']}", answer.value["slip"]["printer"]
        step = {"slip": slip, "printer": printer, "attempt": 1, "outcome": "claim"}
        path = f"/api/v1/stations/{self.id}/reports"
        _, claimed = self.person.ask("claim", path, {"slips": [step]})
        if claimed.value["granted"] != [slip]:
            self.person.notes.wrong.append(f"{self.id} may not print {slip}: {claimed}")
        printed = {**step, "outcome": "printed", "verdict": "PRINTED"}
        self.person.ask("printed", path, {"slips": [printed]})
