"""What a command costs the server in CPU on a quiet day, a busy one and an absurd one: it should cost the same."""

from contextlib import ExitStack

from tests.bench import loads
from tests.bench.figures import SLICES, Figure, among
from tests.bench.server import Server, prepared, serving
from tests.bench.stage import FACTS_PER_TICKET, WINDOWS, Measured, Stage

WARM_PAIRS = 20  # the first commands of a fresh server fill its caches


def cost(stage: Stage) -> Measured:
    """All days at once, part by part in turn, so that what disturbs one disturbs all."""
    spent: dict[int, list[float]] = {tickets: [] for tickets in stage.effort.days}
    with ExitStack() as running:
        servers = {
            tickets: running.enter_context(
                serving(prepared(stage.folder / f"day-{tickets}", WINDOWS, today=tickets * FACTS_PER_TICKET))
            )
            for tickets in stage.effort.days
        }
        for server in servers.values():
            _cpu_per_command_ms(server, WARM_PAIRS)
        for _ in range(SLICES):
            for tickets, server in servers.items():
                spent[tickets].append(_cpu_per_command_ms(server, stage.effort.pairs))
    figures = {f"{tickets:,} a day": among(each, "ms") for tickets, each in spent.items()}
    dearest, cheapest = (of(spent.values(), key=sum) for of in (max, min))
    turns = [high / low for high, low in zip(dearest, cheapest, strict=True)]
    figures["most / least"] = Figure(
        round(sum(dearest) / sum(cheapest), 3), "", round(min(turns), 3), round(max(turns), 3)
    )
    return figures, f"{2 * stage.effort.pairs * SLICES} commands each, half of them issue, half next"


def _cpu_per_command_ms(server: Server, pairs: int) -> float:
    with server.line() as line:
        before_s = server.cpu_s()
        for number in range(pairs):
            loads.issue(line)
            loads.call_next(line, str(number % WINDOWS + 1))
        return (server.cpu_s() - before_s) / (2 * pairs) * 1000
