"""``python -m tests.bench``: what this machine makes of the hall, each figure beside the machine's own floor."""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench import demo, loads, report
from tests.bench.figures import Cell, Spread, Target, bare_commits, probe_ms, spread
from tests.bench.server import Server, open_day, serving


@dataclass(frozen=True, slots=True)
class Effort:
    """How long and how wide to measure."""

    load_s: float
    calls: int
    sign_calls: int
    rounds: int
    screens: tuple[int, int]


FULL = Effort(load_s=5.0, calls=100, sign_calls=100, rounds=5, screens=(50, 100))
QUICK = Effort(load_s=0.4, calls=5, sign_calls=3, rounds=1, screens=(5, 10))  # only to see that it works


@dataclass(slots=True)
class Bench:
    """The cells of one run; ratios are taken to the floor and the empty request of this run."""

    effort: Effort
    cells: list[Cell] = field(default_factory=list)
    memory: dict[str, float] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)

    @contextmanager
    def cell(self, name: str) -> Iterator[Cell]:
        """Measure between two probes of the floor."""
        made = Cell(name, probe_before_ms=probe_ms())
        yield made
        made.probe_after_ms = probe_ms()
        self.cells.append(made)

    def floors(self, port: int) -> tuple[Spread, float, Spread]:
        """F, its rate, and the empty request."""
        took = bare_commits(self.effort.load_s / 2, at_least=300)
        floor, rate = spread(took), len(took) / sum(took)
        self.cells.append(Cell("F: bare commit, SQLite WAL + FULL", floor, rate))
        with self.cell("empty request, kept connection") as cell:
            waits = loads.run(loads.empty_requests(port, self.effort.load_s / 2))
            cell.spread, cell.rate = spread(waits), len(waits) / sum(waits)
        return floor, rate, cell.spread

    def issue(self, server: Server, floor: Spread, floor_rate: float, empty: Spread) -> None:
        """Closed loops, then an open one."""
        for clients in (1, 16, 64):
            with self.cell(f"issue, {clients} client{'s' if clients > 1 else ''}, closed loop") as cell:
                done = loads.run(loads.issue_closed(server.port, server.token(), clients, self.effort.load_s))
                cell.spread, cell.rate, cell.note = spread(done.waits), done.rate, "at no kiosk: no slip"
                self.labels += done.labels
            if clients == 1:
                cell.targets = [
                    Target(cell.spread.p50 / (floor.p50 + empty.p50), 2, "p50 ≤ 2 × (F + empty)"),
                    Target(cell.spread.p99 / floor.p99, 3, "p99 ≤ 3 × F99"),
                ]
            if clients == 64:
                cell.targets = [Target(cell.rate / floor_rate, 0.35, "rate ≥ 0.35 × F", least=True)]
        self.issue_open(server, 100, floor, 5, "issue, 100 a second, open loop")

    def issue_open(self, server: Server, per_s: int, floor: Spread, bound: float, name: str) -> None:
        """Waits count from the intended moment."""
        with self.cell(name) as cell:
            done = loads.run(loads.issue_open(server.port, server.token(), per_s, self.effort.load_s))
            cell.spread, cell.rate = spread(done.waits), done.rate
            self.labels += done.labels
        cell.targets = [Target(cell.spread.p99 / floor.p99, bound, f"p99 ≤ {bound:g} × F99")]

    async def with_screens(self, server: Server, count: int, floor: Spread) -> None:
        """Calls to all screens, and (with the larger number) issuing while they watch."""
        screens = await loads.Screens.open(server.port, count)
        cell = Cell(f"call → TV, {count} sockets", probe_before_ms=probe_ms())
        waits, size = await loads.call_to_screens(server.port, server.token(), screens, self.effort.calls)
        cell.spread, cell.note, cell.probe_after_ms = spread(waits), f"board {size} bytes", probe_ms()
        bound_ms = 25 if count <= 50 else 40
        cell.targets = [Target(cell.spread.p99, bound_ms, f"p99 ≤ {bound_ms} ms")]
        self.cells.append(cell)
        if count == max(self.effort.screens):
            cell = Cell(f"issue, 50 a second, open loop, {count} TVs", probe_before_ms=probe_ms())
            done = await loads.issue_open(server.port, server.token(), 50, self.effort.load_s)
            self.labels += done.labels
            cell.spread, cell.rate, cell.probe_after_ms = spread(done.waits), done.rate, probe_ms()
            cell.targets = [Target(cell.spread.p99 / floor.p99, 10, "p99 ≤ 10 × F99")]
            self.cells.append(cell)
            used_mb = self.memory[f"server with {count} TVs"] = server.rss_mb()
            memory = Cell(f"memory of the server, {count} TVs", targets=[Target(used_mb, 100, "≤ 100 MB")])
            self.cells.append(memory)
        await screens.close()

    def ends(self, server: Server) -> None:
        """``kill -9`` and SIGTERM, with screens connected, and how soon it answers again."""
        self._end("kill -9 → first answer", lambda: server.kill(), server, 1.5)
        self._end("SIGTERM → exit, 50 sockets", server.stop, server, 1.0)

    def _end(self, name: str, end: Callable[[], Any], server: Server, bound_s: float) -> None:
        took: list[float] = []
        with self.cell(name) as cell:
            for _ in range(self.effort.rounds):
                took.append(loads.run(_ended(server, end, self.effort.screens[0])))
        cell.spread = spread(took)
        cell.note = f"{cell.spread.count} rounds; {len(self.labels)} tickets today"
        cell.targets = [Target(cell.spread.longest / 1000, bound_s, f"≤ {bound_s:g} s")]

    def sign(self, home: Path) -> None:
        """The whole demonstration hall."""
        with self.cell("call → sign has its frame, 9600 Bd") as cell:
            heard, acknowledged, memory = demo.measure(home, self.effort.sign_calls)
            cell.spread = spread(heard)
        cell.note = "by the line's own log"
        answered = spread(acknowledged)
        target = Target(answered.p99, 250, "p99 ≤ 250 ms")
        self.cells.append(
            Cell(
                "call → sign ACK, 9600 Bd",
                answered,
                None,
                cell.note,
                cell.probe_before_ms,
                cell.probe_after_ms,
                [target],
            )
        )
        self.memory |= {f"demo: {name}": size for name, size in memory.items()}


async def _ended(server: Server, end: Callable[[], Any], count: int) -> float:
    """Seconds of one end (SIGTERM), or from the kill to the first answer of the next process."""
    screens = await loads.Screens.open(server.port, count)
    began = time.perf_counter()
    stopped_s = end()
    server.start()
    server.first_answer()
    back_s = time.perf_counter() - began
    await screens.close()
    return float(stopped_s) if stopped_s is not None else back_s


def main() -> None:
    """Measure, show, keep."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run: the figures mean nothing")
    parser.add_argument("--out", type=Path, default=report.FILE, help="where the JSON goes")
    options = parser.parse_args()
    bench = Bench(QUICK if options.quick else FULL)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="hallcall-bench-") as folder:
        home = Path(folder) / "server"
        home.mkdir()
        with serving(home) as server:
            loads.run(open_day(server))
            floor, rate, empty = bench.floors(server.port)
            bench.issue(server, floor, rate, empty)
            for count in bench.effort.screens:
                loads.run(bench.with_screens(server, count, floor))
            bench.ends(server)
        bench.sign(Path(folder) / "demo")
    twice = len(bench.labels) - len(set(bench.labels))
    bench.cells.append(
        Cell("tickets issued twice", note=f"{len(bench.labels)} tickets", targets=[Target(twice, 0, "0 duplicates")])
    )
    report.tell(bench.cells, bench.memory, time.monotonic() - began, options.out)


if __name__ == "__main__":
    main()
