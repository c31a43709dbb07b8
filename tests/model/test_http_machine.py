"""Any order of moves over HTTP, by several people, on the real server program, which is killed at any moment."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hall_server.core import commands as c
from hall_server.core import folds as fold
from hall_server.core.facts import Fact
from hall_server.core.hall import Hall
from hall_server.journal import Row
from tests.model.life_moves import LifeMachine
from tests.model.moves import WINDOWS, services, windows
from tests.model.plain import PlainHall
from tests.model.prove import PATIENT, prove_one_by_one
from tests.model.seen import picture_of
from tests.model.served import CLERKS, NEEDS_REASON, Served, call
from tests.soak import rounds

pytestmark = PATIENT

DEATHS = 1  # of the server in one example: each start takes a second


class HttpMachine(LifeMachine):
    """What the rules do must also be so for whoever asks from outside, and hears nothing now and then."""

    def __init__(self, served: Served) -> None:
        self.served = served
        super().__init__()

    def begin(self) -> None:
        self.keys = self.served.fresh_day()
        self.hall, self.ids = Hall(), dict[str, str]()
        self.heard: dict[str, tuple[int, Any]] = {}
        self.deaths = self.by_people = 0
        self.fresh: list[Fact] = []
        self.read_to = self.served.journal.last_opening()

    # ---- how a command reaches the hall, and what is seen of it: its journal, folded here

    def ask(self, command: c.Command, key: str) -> str | None:
        if isinstance(command, c.Configure):
            return None  # the server has read its settings
        path, body = call(command, self.ids)
        answer = self.served.say(path, body, key)
        assert self.heard.setdefault(key, answer) == answer, "the same request got another answer"
        if isinstance(command, c.Issue) and answer[0] == 201:
            self.ids[command.ticket] = answer[1]["id"]
        return answer[1]["code"] if answer[0] >= 400 else None

    def expect(self, command: c.Command, code: str | None) -> None:
        if isinstance(command, NEEDS_REASON) and not command.reason:
            code = "invalid"
        super().expect(command, code)

    def look(self, view: Callable[[Hall], Any]) -> Any:
        for row in self.served.journal.rows(self.read_to):
            fact = self.named(row).fact()
            fold.apply(self.hall, fact, row.seq, row.at, row.actor)
            self.fresh.append(fact)
            self.read_to, self.by_people = row.seq, self.by_people + (row.actor != "server")
        return view(self.hall)

    def named(self, row: Row) -> Row:
        """A row with the machine's names of tickets: the server makes up its own."""
        body = row.body
        for name, made_up in self.ids.items():
            body = body.replace(f'"{made_up}"', f'"{name}"')
        return replace(row, body=body)

    def new_facts(self) -> list[Fact]:
        fresh, self.fresh = self.fresh, []
        return fresh

    def moves_made(self) -> int:
        self.look(lambda hall: hall.seq)
        return self.by_people

    def effective(self) -> float:
        return float(self.look(lambda hall: hall.at))

    # ---- moves that need another clock than the server's

    def clock_jumps(self, seconds: float) -> None:  # no rule here
        raise NotImplementedError

    def recall(self, window: str, wait_s: int, anybody: bool) -> None:  # no rule here
        raise NotImplementedError

    # ---- moves that only callers from outside make

    @rule(pair=st.permutations(WINDOWS).map(lambda order: order[:2]))
    def two_clerks_press_at_once(self, pair: list[str]) -> None:
        """Whoever came first, each customer is called once, and to the window that was told so."""
        if not self.model.open or any(self.not_calling(window) for window in pair):
            return
        with ThreadPoolExecutor(2) as pool:
            answers = dict(zip(pair, pool.map(self.press, pair), strict=True))
        told = {window: value["label"] if status == 200 else None for window, (status, value) in answers.items()}
        assert {status for status, _ in answers.values()} <= {200, 204}
        outcomes = [after_presses(self.model, order, self.effective()) for order in (pair, pair[::-1])]
        fitting = [after for after, called in outcomes if called == told]
        assert fitting, f"{told} is what neither order gives: {[called for _, called in outcomes]}"
        seen = self.look(picture_of)
        (self.model, *_) = [after for after in fitting if after.picture() == seen]

    def press(self, window: str) -> tuple[int, Any]:
        return self.served.say(f"/windows/{window}/next", {"previous": "served"}, "", CLERKS[window])

    @precondition(lambda self: self.deaths < DEATHS and self.model.open)
    @rule(service=services, window=windows, asks=st.sampled_from(["issue", "next"]))
    def the_server_dies_while_it_is_asked(self, service: str, window: str, asks: str) -> None:
        """Nobody knows what came of it; asked again with the same key, it has happened once."""
        self.deaths += 1
        command = c.Issue("", "", service) if asks == "issue" else c.CallNext(window, "served")
        path, body = call(command, self.ids)
        count = self.count + (2 if asks == "issue" else 1)  # as the move below has it: a ticket has a name as well
        key = f"{self.keys}-{count:05}"
        self.served.die_while_asked(path, json.dumps(body), key)
        if asks == "issue":
            self.issue(service, None, ())
        else:
            self.call_next(window, "served")
        assert key in self.heard
        self.screens_say_what_is_true()

    def screens(self) -> dict[str, str]:
        """The label on the screen of each window that serves somebody."""
        views = {window: self.served.read(f"/windows/{window}", CLERKS[window]) for window in WINDOWS}
        return {window: view["ticket"]["label"] for window, view in views.items() if view["ticket"]}

    @rule()
    def screens_say_what_is_true(self) -> None:
        at = {window: self.model.at(window) for window in WINDOWS}
        assert self.screens() == {window: ticket.label for window, ticket in at.items() if ticket}

    @precondition(lambda self: any(status != 400 for status, _ in self.heard.values()))
    @rule(data=st.data())
    def a_key_is_used_for_something_else(self, data: st.DataObject) -> None:
        kept = sorted(key for key, (status, _) in self.heard.items() if status != 400)[-8:]
        before = self.moves_made()
        status, value = self.served.say("/windows/1/pause", {"reason": "not this"}, data.draw(st.sampled_from(kept)))
        assert (status, value["code"], self.moves_made()) == (409, "key_reused", before)

    @rule(wrong=st.sampled_from(range(7)))
    def somebody_may_not(self, wrong: int) -> None:
        """Foreign hands and wrong words change nothing, and are told why."""
        who, path, body, expected = (
            ("tv", "/tickets", {"service": "id"}, (403, "forbidden")),
            ("maintenance", "/windows/1/next", {}, (403, "forbidden")),
            ("clerk1", "/windows/2/next", {}, (403, "forbidden")),
            ("clerk1", "/day/close", {}, (403, "forbidden")),
            ("manager", "/windows/9/next", {}, (404, "unknown_window")),
            ("manager", "/tickets/nobody/cancel", {}, (404, "unknown_ticket")),
            ("manager", "/tickets", {"service": "id", "number": 1}, (400, "invalid")),
        )[wrong]
        before = self.moves_made()
        status, value = self.served.say(path, body, "", who)
        assert ((status, value["code"]), self.moves_made()) == (expected, before)


def after_presses(model: PlainHall, order: list[str], now: float) -> tuple[PlainHall, dict[str, str | None]]:
    """The hall on paper after these windows have called one after the other, and whom each called."""
    after, called = deepcopy(model), dict[str, str | None]()
    for window in order:
        before, following = after.at(window), after.next_for(window, now)
        if before is not None:
            after.finish(before)
        if following is not None:
            after.put(following, window)
        called[window] = following.label if following else None
    return after, called


def test_whoever_asks_over_http_finds_the_hall_as_it_is_on_paper(served: Served, tally: Counter[str]) -> None:
    prove_one_by_one(lambda: HttpMachine(served), tally, "over HTTP", examples=rounds(6, 300), steps=rounds(30, 60))
    assert served.journal.verify() is None
