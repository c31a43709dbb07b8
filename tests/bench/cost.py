"""What a command costs on a quiet day, a busy one and an absurd one, in CPU and in waiting: it should cost the same."""

import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from tests.bench import loads
from tests.bench.figures import SLICES, Figure, among
from tests.bench.server import Server, prepared, serving
from tests.bench.stage import FACTS_PER_TICKET, WINDOWS, Measured, Stage
from tests.bench.wire import Line

WARM_ROUNDS = 20  # the first commands of a fresh server fill its caches


@dataclass(slots=True)
class _Spent:
    """Milliseconds of each part of the run: CPU of a request, and by request the wait of half of them."""

    cpu: list[float] = field(default_factory=list)
    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def cost(stage: Stage) -> Measured:
    """All days at once, part by part in turn, so that what disturbs one disturbs all."""
    spent = {tickets: _Spent() for tickets in stage.effort.days}
    with ExitStack() as running:
        servers = {
            tickets: running.enter_context(
                serving(prepared(stage.folder / f"day-{tickets}", WINDOWS, today=tickets * FACTS_PER_TICKET))
            )
            for tickets in stage.effort.days
        }
        for server in servers.values():
            _take(server, WARM_ROUNDS, _Spent())
        for _ in range(SLICES):
            for tickets, server in servers.items():
                _take(server, stage.effort.customers, spent[tickets])
    figures = {f"{tickets:,} a day": among(one.cpu, "ms") for tickets, one in spent.items()}
    figures["most / least"] = _flat(one.cpu for one in spent.values())
    for what in next(iter(spent.values())).waits:
        named = {f"{what} p50, {tickets:,} a day": among(one.waits[what], "ms") for tickets, one in spent.items()}
        figures |= {**named, f"{what} most / least": _flat(one.waits[what] for one in spent.values())}
    return figures, f"{stage.effort.customers * SLICES} of each request; board and page just after a change"


def _flat(days: Iterable[list[float]]) -> Figure:
    """The dearest day over the cheapest, with the range that this had from part to part."""
    each = list(days)
    dearest, cheapest = (of(each, key=sum) for of in (max, min))
    turns = [high / low for high, low in zip(dearest, cheapest, strict=True)]
    return Figure(round(sum(dearest) / sum(cheapest), 3), "", round(min(turns), 3), round(max(turns), 3))


def _take(server: Server, rounds: int, spent: _Spent) -> None:
    waits: dict[str, list[float]] = defaultdict(list)
    with server.line() as line:
        before_s = server.cpu_s()
        for number in range(rounds):
            _customer(line, str(number % WINDOWS + 1), waits)
        requests = sum(map(len, waits.values()))
        spent.cpu.append((server.cpu_s() - before_s) / requests * 1000)
    for what, each in waits.items():
        spent.waits[what].append(median(each))


def _customer(line: Line, window: str, waits: dict[str, list[float]]) -> None:
    """Somebody comes, somebody is called and served; the board (and with it what stations owe), and a clerk's page."""

    def timed(what: str, method: str, path: str, body: dict[str, str] | None = None) -> None:
        began = time.perf_counter()
        status, said = line.ask(method, path, body)
        waits[what].append((time.perf_counter() - began) * 1000)
        if status not in (200, 201):
            raise RuntimeError(f"{path}: {status} {said!r}")

    timed("issue", "POST", loads.ISSUE, {"service": "service1"})
    timed("next", "POST", f"/api/v1/windows/{window}/next", {"previous": "served"})
    timed("finish", "POST", f"/api/v1/windows/{window}/finish")
    timed("board", "GET", "/api/v1/board")
    timed("page", "GET", f"/clerk/body?window={window}")
