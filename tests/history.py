"""A database with years behind it: one busy day made by the real rules, and told again for each day before today."""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from hall_server.core import commands as c
from hall_server.core import facts, rules
from hall_server.core import folds as fold
from hall_server.core.config import Device, HallConfig
from hall_server.core.hall import Hall
from hall_server.core.tickets import State
from hall_server.journal import GENESIS

DAY_S = 86_400.0
OPEN_S = 7 * 3600  # a day's tickets are spread over so many hours
SET_UP_S = -60.0  # stations and devices came up a minute before the first opening
STILL_S = 60.0  # what happened last today is a minute old
CROWD = 40  # so many customers wait while the windows work
FAULT_STEPS = 4  # a sign is away for so many customers
ABSENT_EVERY, CANCEL_EVERY = 20, 50
USUAL_DAY = 8_000  # facts
ANSWERED_DAYS = 3  # the answers of so many days are still there; a server drops the oldest
MARK = "DAYDAY"  # stands for the number of the day in every id of the day that is told again
TABLES = {
    "journal": "hall seq day at kind actor request_id label body hash".split(),
    "requests": "hall key body_sha256 status answer at".split(),
}
Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What was put there; ``series`` is today's highest number of each letter, ``waiting`` counts by service.

    ``at_windows`` has the label that is called to or served at each window.
    """

    rows: int
    days: int
    today: str | None
    opened_at: float
    series: dict[str, int]
    waiting: dict[str, int]
    at_windows: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class _Line:
    """A fact of the day, ``after_s`` its opening; ``said`` is what a row's hash covers after its time."""

    after_s: float
    kind: str
    actor: str
    key: str | None
    label: str | None
    body: str
    said: str


@dataclass(slots=True)
class _Day:
    """One day as the rules make it, its clock in seconds since the opening."""

    config: HallConfig
    hall: Hall = field(default_factory=Hall)
    lines: list[_Line] = field(default_factory=list)

    def do(self, after_s: float, actor: str, command: c.Command, key: str | None = None) -> None:
        for fact in rules.decide(self.hall, command, after_s):
            fold.apply(self.hall, fact, self.hall.seq + 1, after_s, actor)
            self.lines.append(_line(fact, after_s, actor, key))

    def set_up(self) -> list[_Line]:
        """What there is before the first opening."""
        self.do(SET_UP_S, "settings", c.Configure(self.config))
        for station in sorted({d.station for d in self.config.devices if d.station}):
            self.do(SET_UP_S, f"station:{station}", c.StationSeen(station, connected=True))
        for device in self.config.devices:
            if device.monitored and device.station:
                self.do(SET_UP_S, f"station:{device.station}", c.ReportHealth(device.id, "ok", ""))
        before, self.lines = self.lines, []
        fold.apply(self.hall, facts.DayOpened("", fold.carry(self.hall)), self.hall.seq + 1, 0.0, "admin:local")
        return before

    def spend(self, until: int) -> None:
        """Let customers come and be served until so many facts have been made."""
        paper, signs = any(k.printer for k in self.config.kiosks), self.signs()
        per_customer = 4 + 2 * paper + bool(signs)
        customers = until // per_customer
        step_s, step, windows = OPEN_S / max(1, customers), 0, self.config.windows
        states = {customers // 2: "failed", customers // 2 + FAULT_STEPS: "ok"} if signs and customers > CROWD else {}
        while len(self.lines) < until:
            at, step, window = step * step_s, step + 1, windows[step % len(windows)]
            self.arrive(at, step_s, step, window.services[step // len(windows) % len(window.services)])
            if step in states:
                faults = () if states[step] == "ok" else ("no_answer",)
                told = c.ReportHealth(signs[0].id, states[step], f"{MARK}{step:010x}", faults)
                self.do(at + step_s * 0.4, f"station:{signs[0].station}", told)
            if step > CROWD and not self.hall.windows[window.id].incidents:
                self.call(at + step_s * 0.5, step_s, step, window.id)

    def arrive(self, at: float, step_s: float, step: int, service: str) -> None:
        """A customer takes a ticket and its paper; some give it up again."""
        kiosk = self.config.kiosks[step % len(self.config.kiosks)].id if self.config.kiosks else None
        actor, ticket, key = f"kiosk:{kiosk or '-'}", f"{MARK}{step:010x}", f"{MARK}{step:026x}"
        self.do(at, actor, c.Issue(ticket, f"{MARK}-{step:09d}", service, kiosk, "zh" if step % 9 else "en"), key)
        slip = self.hall.slips.get(f"s-{ticket}")
        for after, (outcome, verdict) in enumerate((("claim", ""), ("printed", "PRINTED")), 1):
            if slip is not None and slip.printer:
                told = c.ReportSlip(slip.id, slip.printer, slip.attempt, outcome, verdict)
                self.do(at + step_s * after / 10, f"station:{kiosk}", told)
        if step % CANCEL_EVERY == 0:
            self.do(at + step_s * 0.3, "concierge:zhou", c.Cancel(ticket), f"{key}c")

    def call(self, at: float, step_s: float, step: int, window: str) -> None:
        """A clerk presses *next*, the sign shows it, and most customers come."""
        actor, key = f"clerk:c{window}", f"{MARK}{step:025x}n"
        previous = ("served" if step % ABSENT_EVERY else "absent") if self.hall.active(window) else None
        self.do(at, actor, c.CallNext(window, previous), key)
        called, sign = self.hall.active(window), next((d for d in self.signs() if d.at == window), None)
        if called is not None and sign is not None:
            shown = c.ReportShown(sign.id, f"call-{called.id}", 41.5)
            self.do(at + step_s * 0.1, f"station:{sign.station}", shown)
        if called is not None and (step + len(self.config.windows)) % ABSENT_EVERY:
            self.do(at + step_s * 0.3, actor, c.Start(window), f"{MARK}{step:025x}s")

    def signs(self) -> list[Device]:
        return [d for d in self.config.devices if d.kind == "sign" and d.place == "window" and d.station]


def _line(fact: facts.Fact, after_s: float, actor: str, key: str | None = None) -> _Line:
    kind, label = type(fact).__name__, fact.label if isinstance(fact, facts.TicketIssued) else None
    body = json.dumps(facts.dump(fact), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    said = json.dumps([kind, actor, key, label, body], ensure_ascii=False, separators=(",", ":"))[1:]
    return _Line(round(after_s, 3), kind, actor, key, label, body, said)


@dataclass(slots=True)
class _Told:
    """The rows of all days, one chain; built while they are read."""

    hall: str
    seq: int = 0
    hash: str = GENESIS
    answers: list[Values] = field(default_factory=list)

    def rows(self, lines: Iterable[_Line], number: int, day: str, opened_at: float, *, keep: bool) -> Iterator[Values]:
        mark = f"{number:06x}"
        for line in lines:
            self.seq, at = self.seq + 1, round(opened_at + line.after_s, 3)
            said, body = line.said.replace(MARK, mark), line.body.replace(MARK, mark)
            key = line.key and line.key.replace(MARK, mark)
            covered = f'["{self.hash}","{self.hall}",{self.seq},"{day}",{at!r},{said}'
            self.hash = sha256(covered.encode()).hexdigest()
            if keep and key and (not self.answers or self.answers[-1][1] != key):
                self.answers.append((self.hall, key, sha256(body.encode()).hexdigest(), 200, body, at))
            yield self.hall, self.seq, day, at, line.kind, line.actor, key, line.label, body, self.hash


def fill(url: str, config: HallConfig, *, hall: str = "main", older: int = 1_000_000, today: int = 8_000) -> History:
    """Fill a migrated, empty database with closed days of at least ``older`` facts in all, and a day that is open.

    Today has ``today`` facts and a handful more (a customer is not cut in half); 0 leaves the hall closed.
    """
    day = _Day(config)
    before, first = day.set_up(), fold.carry(day.hall)
    day.spend((today or USUAL_DAY) - 1)
    open_lines, told_of_today = len(day.lines), (dict(day.hall.series), _waiting(day.hall), _at_windows(day.hall))
    opened_at = round(time.time() - STILL_S - day.lines[-1].after_s, 3)
    day.do(day.lines[-1].after_s + 1.0, "admin:local", c.CloseDay("we close"))
    days = max(0, -(-(older - len(before)) // (len(day.lines) + 1)))
    date = datetime.fromtimestamp(opened_at, ZoneInfo(config.timezone)).date()
    told = _Told(hall)

    def rows() -> Iterator[Values]:
        opened = opened_at - days * DAY_S
        since, carried = opened, first
        yield from told.rows(before, 0, "", opened, keep=False)
        for left in range(days, -1 if today else 0, -1):
            name = f"{date - timedelta(left)}/1"
            opening = _line(facts.DayOpened(name, _shifted(carried, since, opened - DAY_S)), 0.0, "admin:local")
            lines = day.lines if left else day.lines[:open_lines]
            yield from told.rows([opening, *lines], left, name, opened, keep=left < ANSWERED_DAYS)
            opened, carried = opened + DAY_S, fold.carry(day.hall)

    _store(url, told, rows())
    return History(told.seq, days, f"{date}/1" if today else None, opened_at, *told_of_today)


def _waiting(hall: Hall) -> dict[str, int]:
    return {service: counts.get(State.WAITING, 0) for service, counts in hall.counts.items()}


def _at_windows(hall: Hall) -> dict[str, str | None]:
    tickets = {window: hall.active(window) for window in hall.windows}
    return {window: ticket.label if ticket else None for window, ticket in tickets.items()}


def _shifted(carried: facts.Carried, first_s: float, last_s: float) -> facts.Carried:
    """What the evening before left, in Unix seconds: it changed on that day, or has been so since the set-up."""
    if carried.repairs or carried.redirects:
        raise ValueError("the day that is told again must end with everything at work")
    moved = (
        replace(d, since=None if d.since is None else round(d.since + (first_s if d.since < 0 else last_s), 3))
        for d in carried.devices
    )
    return replace(carried, devices=tuple(moved))


def _store(url: str, told: _Told, rows: Iterator[Values]) -> None:
    if url.startswith("sqlite:///"):
        _into_sqlite(url.removeprefix("sqlite:///"), told, rows)
    else:
        _into_postgres(url.replace("+psycopg", ""), told, rows)


def _into_sqlite(path: str, told: _Told, rows: Iterator[Values]) -> None:
    """In one transaction that nobody could recover: a cut would leave a test's own file broken, no hall's."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-65536"):
            raw.execute(f"PRAGMA {pragma}")
        raw.execute("BEGIN")
        for name, made in (("journal", rows), ("requests", told.answers)):
            places = ",".join("?" * len(TABLES[name]))
            raw.executemany(f"INSERT INTO {name} ({_columns(name)}) VALUES ({places})", made)
        raw.execute("INSERT INTO halls VALUES (?, 1, ?, ?)", (told.hall, told.seq, told.hash))
        raw.execute("COMMIT")
        raw.execute("PRAGMA journal_mode=WAL")


def _into_postgres(url: str, told: _Told, rows: Iterator[Values]) -> None:
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        for name, made in (("journal", rows), ("requests", told.answers)):
            with cursor.copy(f"COPY {name} ({_columns(name)}) FROM STDIN") as copy:
                for row in made:
                    copy.write_row(row)
        cursor.execute("INSERT INTO halls VALUES (%s, 1, %s, %s)", (told.hall, told.seq, told.hash))


def _columns(table: str) -> str:
    return ", ".join(f'"{name}"' for name in TABLES[table])
