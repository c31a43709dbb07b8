"""What a command costs on a quiet day, a busy one and an absurd one, in CPU and in waiting: it should cost the same."""

import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from tests.bench import loads
from tests.bench.figures import SLICES, Figure, among
from tests.bench.server import Server, prepared, serving
from tests.bench.stage import FACTS_PER_TICKET, WINDOWS, Measured, Stage
from tests.bench.wire import Line

WARM_PAIRS = 20  # the first commands of a fresh server fill its caches


@dataclass(slots=True)
class _Spent:
    """What each part took in milliseconds: CPU of a command, and the wait of half of all issues and of all nexts."""

    cpu: list[float] = field(default_factory=list)
    issue: list[float] = field(default_factory=list)
    next: list[float] = field(default_factory=list)


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
            _take(server, WARM_PAIRS, _Spent())
        for _ in range(SLICES):
            for tickets, server in servers.items():
                _take(server, stage.effort.pairs, spent[tickets])
    figures = {f"{tickets:,} a day": among(one.cpu, "ms") for tickets, one in spent.items()}
    figures |= {f"issue p50, {tickets:,} a day": among(one.issue, "ms") for tickets, one in spent.items()}
    figures |= {f"next p50, {tickets:,} a day": among(one.next, "ms") for tickets, one in spent.items()}
    figures["most / least"] = _flat(one.cpu for one in spent.values())
    figures["issue most / least"] = _flat(one.issue for one in spent.values())
    figures["next most / least"] = _flat(one.next for one in spent.values())
    return figures, f"{2 * stage.effort.pairs * SLICES} commands each, half of them issue, half next"


def _flat(days: Iterable[list[float]]) -> Figure:
    """The dearest day over the cheapest, with the range that this had from part to part."""
    each = list(days)
    dearest, cheapest = (of(each, key=sum) for of in (max, min))
    turns = [high / low for high, low in zip(dearest, cheapest, strict=True)]
    return Figure(round(sum(dearest) / sum(cheapest), 3), "", round(min(turns), 3), round(max(turns), 3))


def _take(server: Server, pairs: int, spent: _Spent) -> None:
    issues, nexts = [], []
    with server.line() as line:
        before_s = server.cpu_s()
        for number in range(pairs):
            issues.append(_timed_ms(loads.issue, line))
            nexts.append(_timed_ms(loads.call_next, line, str(number % WINDOWS + 1)))
        spent.cpu.append((server.cpu_s() - before_s) / (2 * pairs) * 1000)
    spent.issue.append(median(issues))
    spent.next.append(median(nexts))


def _timed_ms(ask: Callable[..., str], line: Line, *more: str) -> float:
    began = time.perf_counter()
    ask(line, *more)
    return (time.perf_counter() - began) * 1000
