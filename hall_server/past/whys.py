"""``hallcall why``: why a ticket was called, and why others that came later were called before it."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from display.board import Name
from display.phrases import Language, Phrases
from hall_server import web
from hall_server.core import facts as f
from hall_server.core.config import HallConfig
from hall_server.core.facts.life import TicketStepped
from hall_server.core.facts.windows import TicketTransferred
from hall_server.core.figures.devices import Told
from hall_server.core.tickets import Ticket
from hall_server.past.kpis import DAY, HOME, NO_DAY, open_journal
from hall_server.records.days import told_of
from hall_server.views.reasons import reason_of
from hall_server.web.reasons import sentence

MOST = 20  # overtakers that are told one by one: more would be read by nobody


@dataclass(frozen=True, slots=True)
class Call:
    """A call with the settings in force then."""

    at: float
    by: str
    fact: f.TicketCalled
    config: HallConfig


@dataclass(slots=True)
class Past:
    """What is needed of a day: who came when, and the calls in their order."""

    issued: dict[str, tuple[float, f.TicketIssued]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    sent: dict[str, list[tuple[float, TicketStepped | TicketTransferred]]] = field(default_factory=dict)
    config: HallConfig = field(default_factory=lambda: HallConfig("", ""))
    date: str = ""

    @classmethod
    def of(cls, rows: Iterable[Told]) -> "Past":
        """Go through a day."""
        past = cls()
        for told in rows:
            match told.fact:
                case f.DayOpened(day=day, carried=f.Carried(config=HallConfig() as config, tickets=kept)):
                    past.config, past.date = config, day.partition("/")[0]
                    past.issued = {one.id: (one.came_at, _issued(one)) for one in kept}
                case f.HallConfigured(config=config):
                    past.config = config
                case f.TicketIssued() as fact:
                    past.issued[fact.ticket] = told.at, fact
                case f.TicketCalled() as fact:
                    past.calls.append(Call(told.at, told.by, fact, past.config))
                case TicketStepped() | TicketTransferred() as fact:
                    past.sent.setdefault(fact.ticket, []).append((told.at, fact))
                case _:
                    pass
        return past


def _issued(kept: Ticket) -> f.TicketIssued:
    """How a ticket came that stayed overnight, as far as a day that begins with it can tell."""
    return f.TicketIssued(kept.id, kept.code, kept.label, "", 0, kept.service, klass=kept.klass)


@click.command("why")
@click.argument("label")
@DAY
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@HOME
def why_command(label: str, day: str, lang: Language, home: Path) -> None:
    """Say why a ticket was called when it was, and why others that came later went before it."""
    with closing(open_journal(home)) as journal:
        past = Past.of(told_of(journal, day))
    found = next((name for name, (_, fact) in past.issued.items() if fact.label == label.strip().upper()), None)
    if found is None:
        click.echo(f"There was no ticket {label!r} on that day.", err=True)
        sys.exit(NO_DAY)
    for line in Teller(past, lang).tell(found):
        click.echo(line)


class Teller:
    """Tells it in one language."""

    def __init__(self, past: Past, language: Language) -> None:
        self._past, self._language = past, language
        self._phrases = Phrases.load(Path(web.__file__).parent / "whys")
        self._zone = ZoneInfo(past.config.timezone)

    def tell(self, ticket: str) -> Iterator[str]:
        """The ticket's own call, and the calls of those who came later before it."""
        came, issued = self._past.issued[ticket]
        klass = self._past.config.policy.of(issued.klass)
        key = "why.issued_class" if self._past.config.policy.classes else "why.issued"
        yield self._t(
            key, label=issued.label, at=self._at(came), who=Name(klass.zh, klass.en),
            service=self._service(issued.service),
        )  # fmt: skip
        own = [call for call in self._past.calls if call.fact.ticket == ticket]
        told = [(call.at, self._called(call)) for call in own]
        told += [(at, self._sent(at, fact)) for at, fact in self._past.sent.get(ticket, ())]
        yield from (line for _, line in sorted(told, key=lambda one: one[0]))
        if not own:
            yield self._t("why.not_called")
        until = self._past.calls.index(own[-1]) if own else len(self._past.calls)
        yield from self._before(issued, came, self._past.calls[:until])

    def _called(self, call: Call) -> str:
        return self._t(
            "why.called", at=self._at(call.at), window=call.fact.window, by=call.by, reason=self._reason(call)
        )

    def _sent(self, at: float, fact: TicketStepped | TicketTransferred) -> str:
        """On to another queue: for the next service, for a review, or because a clerk said so."""
        said = {"at": self._at(at), "window": fact.window, "service": self._service(fact.service)}
        if isinstance(fact, TicketStepped):
            return self._t("why.reviewed" if fact.review else "why.stepped", **said)
        line = self._t("why.sent_to" if fact.to else "why.sent", **said, to=fact.to)
        return line + self._t("why.note", note=fact.note) if fact.note else line

    def _service(self, name: str) -> Name | str:
        known = next((one for one in self._past.config.services if one.id == name), None)
        return Name(known.zh, known.en) if known else name

    def _before(self, issued: f.TicketIssued, came: float, calls: list[Call]) -> Iterator[str]:
        after = list(self._past.issued).index(issued.ticket)
        later = set(list(self._past.issued)[after + 1 :])
        earlier = [call for call in calls if call.fact.ticket in later and call.at >= came]
        here = [call for call in earlier if self._serves(call, issued.service)]
        yield self._t("why.before" if here else "why.none_before")
        for call in here[:MOST]:
            since, other = self._past.issued[call.fact.ticket]
            yield "  " + self._t(
                "why.other", label=other.label, came=self._at(since), at=self._at(call.at), window=call.fact.window,
                reason=self._also(call, issued.label),
            )  # fmt: skip
        if len(earlier) > len(here):
            yield "  " + self._t("why.elsewhere", n=len(earlier) - len(here))

    @staticmethod
    def _serves(call: Call, service: str) -> bool:
        return any(w.id == call.fact.window and service in w.services for w in call.config.windows)

    def _also(self, call: Call, label: str) -> str:
        """The reason, and what kept this ticket from being called then."""
        left = {one.label: one.why for one in call.fact.because.left_out} if call.fact.because else {}
        if label not in left:
            return self._reason(call)
        kept = self._t(f"why.left.{left[label]}", label=label, window=call.fact.window)
        return f"{self._reason(call)}; {kept}"

    def _reason(self, call: Call) -> str:
        fact = call.fact
        found = reason_of(call.config.policy, fact.why, fact.overtaken, fact.because, fact.reason)
        return "-" if found is None else sentence(self._t, self._say, found)

    def _t(self, key: str, **params: object) -> str:
        return self._phrases.text(key, self._language, **params)

    def _say(self, name: Name) -> str:
        return name.zh if self._language == "zh" else name.en

    def _at(self, moment: float) -> str:
        local = datetime.fromtimestamp(moment, self._zone)
        return f"{local:%H:%M:%S}" if f"{local:%Y-%m-%d}" >= self._past.date else f"{local:%Y-%m-%d %H:%M:%S}"
