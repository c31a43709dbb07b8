"""The calls of a kiosk that gives out numbers alone: it has some leased, and tells later what it did with them."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from hall_server.contract import away as m
from hall_server.core.commands.away import IssueAway, Lease
from hall_server.core.facts import Fact
from hall_server.core.facts.away import BlockLeased
from hall_server.core.hall import Hall
from hall_server.core.policy import choice as policy
from hall_server.views import iso
from hall_server.web.api.ask import FORBIDDEN, Ask, ok
from hall_server.web.api.permissions import own
from hall_server.web.api.problems import problem
from hall_server.writer import Answer


def lease(ask: Ask) -> Answer:
    """Lease numbers; which ones is told on the kiosk's line, as everything that it has."""
    kiosk = ask.args["kiosk"]
    if not own(ask.principal, kiosk=kiosk):
        return problem("forbidden", FORBIDDEN)
    return ask.do(Lease(kiosk, cast(m.LeaseRequest, ask.body).holder), _leased)


def _leased(_: Hall, facts: Sequence[Fact]) -> Answer:
    return ok({"blocks": sum(isinstance(fact, BlockLeased) for fact in facts)})


def waiting(ask: Ask) -> Answer:
    """Who waits, for a list to call from by hand should no server answer any more."""
    if not own(ask.principal, kiosk=ask.args["kiosk"]):
        return problem("forbidden", FORBIDDEN)

    def listed(hall: Hall) -> m.WaitingList:
        labels = {one.id: tuple(t.label for t in policy.coming(hall, (one.id,))) for one in hall.config.services}
        return m.WaitingList(at=iso(max(hall.at, ask.desk.clock())), labels=labels)

    return ok(ask.desk.look(listed))


def tell(ask: Ask) -> Answer:
    """Take the tickets one by one, each under its own key: told again in any company, it does nothing again."""
    kiosk, told = ask.args["kiosk"], cast(m.AwayReport, ask.body)
    if not own(ask.principal, kiosk=kiosk):
        return problem("forbidden", FORBIDDEN)
    known: list[str] = []
    refused: list[str] = []
    began = ask.desk.clock()
    for one in told.tickets:
        since_s = max(0.0, ask.desk.clock() - began)  # their ages are those of the moment at which they were told
        answer = ask.desk.do(
            _command(ask, kiosk, told.holder, one, since_s), ask.actor, lambda _hall, _facts: Answer(200, "{}"),
            key=f"away-{one.ticket}", body=f"{one.code} {one.day} {one.service} {one.number}",
        )  # fmt: skip
        (known if answer.status == 200 else refused).append(one.ticket)
    return ok(m.AwayAnswer(known=tuple(known), refused=tuple(refused)))


def _command(ask: Ask, kiosk: str, holder: str, one: m.AwayTicket, since_s: float) -> IssueAway:
    return IssueAway(
        one.ticket, one.code, kiosk, holder, one.day, one.service, one.number, one.age_s + since_s,
        _moment(one.heard_at), one.language, one.paper, one.printer or "", one.reason, _unheard(ask, one.request),
    )  # fmt: skip


def _moment(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return 0.0


def _unheard(ask: Ask, request: str | None) -> str | None:
    """The ticket that this key got, when the kiosk did not hear the answer."""
    said = ask.desk.answer_of(request) if request else None
    found = json.loads(said) if said else {}
    return found.get("id") if isinstance(found, dict) else None
