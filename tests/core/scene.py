"""A hall in memory for tests of rules: commands are decided, folded and kept, and the clock moves when told to."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from hall_server.core import commands as c
from hall_server.core import folds as fold
from hall_server.core import routing, rules
from hall_server.core.blocks import Block
from hall_server.core.config import Device, HallConfig, Kiosk, OnFault, Service, Window
from hall_server.core.facts import Fact
from hall_server.core.hall import DeviceNow, Hall, Repair, SlipNow, StationNow, WindowNow
from hall_server.core.policy.because import Because, Overtaken
from hall_server.core.policy.queue import Queue
from hall_server.core.refusal import Refused
from hall_server.core.tickets import Ticket

MUTABLE = (Block, Ticket, WindowNow, DeviceNow, Repair, SlipNow, StationNow)
OPENED_AT = 1_795_312_800.0  # 2026-11-22 02:00 UTC, ten in the morning where the hall stands


def picture(hall: Hall) -> dict[str, Any]:
    """Everything that a hall holds, to be compared whole."""
    return {name: _plain(getattr(hall, name)) for name in Hall.__dataclass_fields__}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (Queue, deque)):
        return [_plain(one) for one in value]
    if isinstance(value, set):
        return frozenset(value)
    if type(value) in MUTABLE:
        return type(value), [_plain(getattr(value, name)) for name in value.__dataclass_fields__]
    return value


def early(second: int, seq: int, *overtaken: Overtaken) -> Because:
    """Why somebody was chosen who had come at this second, as ticket fact ``seq``, in a hall without classes."""
    return Because("fifo", 2, (OPENED_AT + second, seq), overtaken=overtaken)


def sign(window: str) -> Device:
    return Device(f"sign{window}", "sign", f"{window}号屏", f"Sign {window}", "window", window, "hall")


def printer(number: int) -> Device:
    at = f"K{number}"
    return Device(f"printer{number}", "printer", f"{number}号打印机", f"Printer {number}", "kiosk", at, at)


# Windows 1 and 2 are twins, 3 shares the first service with them, 4 alone serves "loans".
CONFIG = HallConfig(
    zh="市民中心",
    en="Citizen Centre",
    services=(
        Service("id", "身份证", "ID card", "A", norm_s=300),
        Service("tax", "税务", "Tax", "B", norm_s=300),
        Service("loans", "贷款", "Loans", "C", norm_s=600),
    ),
    windows=(
        Window("1", ("id", "tax")),
        Window("2", ("id", "tax")),
        Window("3", ("id",)),
        Window("4", ("loans",)),
    ),
    kiosks=(
        Kiosk("K1", "一号机", "Kiosk 1", "printer1", ("printer2",)),
        Kiosk("K2", "二号机", "Kiosk 2", "printer2", ("printer1",)),
        Kiosk("K3", "三号机", "Kiosk 3"),
    ),
    devices=(
        *(sign(w) for w in "1234"),
        printer(1),
        printer(2),
        Device("scanner2", "asset", "高拍仪", "Scanner", "window", "2", None, monitored=False),
        Device("tv1", "tv", "电视", "TV"),
    ),
)


@dataclass
class Scene:
    """A hall and its clock; ``facts`` is everything that happened, newest last."""

    hall: Hall = field(default_factory=Hall)
    now: float = OPENED_AT
    facts: list[Fact] = field(default_factory=list)
    _ids: int = 0

    def do(self, command: c.Command, actor: str = "test") -> list[Fact]:
        """Decide and fold; the new facts."""
        found = rules.decide(self.hall, command, self.now)
        for fact in found:
            fold.apply(self.hall, fact, self.hall.seq + 1, self.now, actor)
        assert self.hall.routes == routing.routes(self.hall), "a fact changed who serves what, and the hall missed it"
        self.facts += found
        return found

    def refusal(self, command: c.Command) -> tuple[str, str]:
        """The code and sentence with which a command is refused; the hall stays as it was."""
        before = picture(self.hall)
        with pytest.raises(Refused) as refused:
            self.do(command)
        assert picture(self.hall) == before, "a refusal changed the hall"
        return refused.value.code, refused.value.detail

    def pass_time(self, seconds: float) -> None:
        self.now += seconds

    def issue(self, service: str = "id", kiosk: str | None = None) -> str:
        """A ticket taken now; its label."""
        self._ids += 1
        name = f"t{self._ids}"
        self.do(c.Issue(name, f"code-{name}", service, kiosk))
        return self.hall.tickets[name].label

    def issue_many(self, services: Sequence[str]) -> list[str]:
        """Tickets taken a second apart."""
        labels = []
        for service in services:
            labels.append(self.issue(service))
            self.pass_time(1)
        return labels

    def id_of(self, label: str) -> str:
        return next(t.id for t in self.hall.tickets.values() if t.label == label)

    def state(self, label: str) -> str:
        return self.hall.tickets[self.id_of(label)].state.value

    def call(self, window: str, previous: str | None = None) -> str | None:
        """Press *next*; the label that is now at the window."""
        self.do(c.CallNext(window, previous))
        return self.at(window)

    def at(self, window: str) -> str | None:
        ticket = self.hall.active(window)
        return ticket.label if ticket else None

    def serve(self, window: str) -> str | None:
        """Call, start and finish the next customer."""
        label = self.call(window)
        if label is not None:
            self.do(c.Start(window))
            self.do(c.Finish(window))
        return label

    def health(self, device: str, state: str, *faults: str) -> list[Fact]:
        self._ids += 1
        return self.do(c.ReportHealth(device, state, f"r{self._ids}", faults, "seen"))

    def slip_report(self, label: str, outcome: str, *faults: str, printer: str = "", attempt: int = 0) -> list[Fact]:
        """What a station reports about a ticket's paper; by default about the attempt in force."""
        slip = self.hall.slips[f"s-{self.id_of(label)}"]
        verdict = "" if outcome == "claim" else outcome.upper()
        told = c.ReportSlip(
            slip.id, printer or slip.printer or "", attempt or slip.attempt, outcome, verdict, faults, "seen"
        )
        return self.do(told)

    def paper(self, label: str) -> tuple[str, str | None, int, bool]:
        """State, printer, attempt and COPY mark of a ticket's paper."""
        slip = self.hall.slips[f"s-{self.id_of(label)}"]
        return slip.state, slip.printer, slip.attempt, slip.copied


def scene(**changes: object) -> Scene:
    """A configured hall whose first day has just opened; ``changes`` go into its configuration."""
    made = Scene()
    made.do(c.Configure(replace(CONFIG, **changes)))  # type: ignore[arg-type]  # each test names fields of the config
    made.do(c.OpenDay("2026-11-22"))
    return made


def covered() -> Scene:
    """The same hall, where TV and voice stand in for a dead sign."""
    return scene(on_sign_failure=OnFault.COVER)
