"""The cells: what is measured, in the order in which it is measured."""

import time
from collections.abc import Callable
from statistics import linear_regression
from typing import Any

from tests.bench import demo, first_paint, loads, painted
from tests.bench.cost import cost
from tests.bench.figures import Figure, among, exact, rank, waits
from tests.bench.screens import Screens, screens
from tests.bench.stage import ALONE, CLERKS, ONE_HALL, SLOW, WINDOWS, Measured, Plan, Stage
from tests.bench.wire import Line

CALL_EVERY_S = 0.1  # one push has left before the next call comes, also at 500 sockets
NEXT_PER_S = 40.0  # twenty clerks, each twice a second: a hundred times as fast as people
REDIRECT_EVERY_S = 0.04  # longer than the server gathers changes that call nobody: each makes its own push
ENDED_WITH = 50  # sockets that are open when the server is stopped or killed
TVS = 1  # the place in ``Effort.sockets`` of the number of TVs that a hall has at most
RATE_CLIENTS = 64
FEW_CLIENTS = 16
SLOWER_MS = 10.0  # ``slow_disk``


def _issue_one(stage: Stage) -> Measured:
    return _issued(loads.issue_closed(stage.server, 1, stage.effort.load_s))


def _issue_open(stage: Stage) -> Measured:
    return _issued(loads.issue_open(stage.server, 100, stage.effort.load_s))


def _issue_many(stage: Stage) -> Measured:
    return _issued(loads.issue_closed(stage.server, RATE_CLIENTS, stage.effort.load_s))


def _issue_slow(stage: Stage) -> Measured:
    alone = loads.issue_closed(stage.server, 1, stage.effort.load_s / 8)
    if alone.waits()["p50"].value < SLOWER_MS:
        raise RuntimeError(
            "the slow disk is not slow: the server commits in a way that tests/bench/slow_disk.py misses"
        )
    return _issued(loads.issue_closed(stage.server, RATE_CLIENTS, stage.effort.load_s))


def _issue_before_tvs(stage: Stage) -> Measured:
    with screens(stage.server.port, stage.effort.sockets[TVS]):
        return _issued(loads.issue_open(stage.server, 50, stage.effort.load_s))


def _issued(load: loads.Load) -> Measured:
    figures = {**load.waits(), "rate": load.rate(), "twice": exact(load.twice(), "")}
    return figures, f"{len(load.labels)} tickets, no slips{_late(load)}"


def _late(load: loads.Load) -> str:
    return f"; sent p99 {waits(load.late)['p99'].value:.1f} ms late" if load.late else ""


def _tvs(place: int) -> Callable[[Stage], Measured]:
    def measure(stage: Stage) -> Measured:
        count, calls = stage.effort.sockets[place], stage.effort.calls
        with screens(stage.server.port, count) as wall:
            return _call_to_tvs(stage, wall, calls)

    return measure


def _call_to_tvs(stage: Stage, wall: Screens, calls: int) -> Measured:
    """From the moment for which *next* was meant to the arrival of the board with that call, at each screen."""
    meant: dict[tuple[str, str], float] = {}
    with stage.server.line() as line:
        for _ in range(calls):
            loads.issue(line)
        time.sleep(CALL_EVERY_S)
        wall.report()
        began = time.perf_counter() + CALL_EVERY_S
        for number in range(calls):
            at, window = began + number * CALL_EVERY_S, str(number % WINDOWS + 1)
            time.sleep(max(0.0, at - time.perf_counter()))
            meant[loads.call_next(line, window), window] = at
        time.sleep(CALL_EVERY_S * 2)
    told = wall.report()
    every = [arrived_at - at for call, at in meant.items() for arrived_at in _arrivals(call, told)]
    size = max(board["bytes"] for board in told["boards"])
    return {**waits(every), "board": exact(size, "bytes")}, f"{len(told['joined'])} sockets, {calls} calls"


def _arrivals(call: tuple[str, str], told: dict[str, Any]) -> list[float]:
    """When each screen first had a board with this call; a busy server may send two calls as one board."""
    first: dict[int, float] = {}
    for board in (board for board in told["boards"] if list(call) in board["calls"]):
        for screen, at in board["arrivals"]:
            first[screen] = min(at, first.get(screen, at))
    if len(first) < len(told["joined"]):
        raise RuntimeError(f"the call of {call[0]} at {call[1]} reached {len(first)} of {len(told['joined'])} screens")
    return list(first.values())


def _painted(stage: Stage) -> Measured:
    every = painted.measure(stage.server, stage.effort.calls)
    p95 = exact(round(rank(sorted(every), 0.95) * 1000, 3), "ms")
    return {**waits(every), "p95": p95}, f"{painted.SCREENS} pages at 1920x1080, {stage.effort.calls} calls"


def _first_paint(stage: Stage) -> Measured:
    found = first_paint.measure(stage.server, stage.effort.rounds)
    figures = {name: among(values, "ms") for name, values in found.items()}
    return figures, f"{stage.effort.rounds} times, nothing cached"


def _memory(stage: Stage) -> Measured:
    count = stage.effort.sockets[TVS]
    bare_mb = stage.server.rss_mb()
    with screens(stage.server.port, count):
        return {"RSS": exact(stage.server.rss_mb(), "MB")}, f"{count} TVs; {bare_mb:.1f} MB before they came"


def _growth(stage: Stage) -> Measured:
    """Boards that change and leave nothing in the hall: a window is redirected by hand and back."""
    wanted = stage.effort.pushes
    with stage.server.line() as line:
        for number in range(stage.effort.settle):
            _redirect(line, number)
    seen: list[tuple[float, float]] = []
    with screens(stage.server.port, stage.effort.watchers) as wall, stage.server.line() as line:
        already = pushes = int(wall.report()["pushes"])
        at, number = time.perf_counter(), 0
        while pushes - already < wanted:
            _redirect(line, number)
            number, at = number + 1, at + REDIRECT_EVERY_S
            time.sleep(max(0.0, at - time.perf_counter()))
            if number % WINDOWS == 0:
                pushes = int(wall.report()["pushes"])
                seen.append((pushes - already, stage.server.rss_mb()))
    settled = [(p, mb) for p, mb in seen if p > wanted / 5] or seen  # sockets fill buffers first
    halves = settled[: len(settled) // 2], settled[len(settled) // 2 :]
    slopes = [_slope_mb(part) for part in (settled, *halves)]
    note = f"RSS {settled[0][1]:.1f} → {settled[-1][1]:.1f} MB over {settled[-1][0] - settled[0][0]} pushes"
    note += "" if wanted >= 1_000_000 else ", extrapolated"
    return {"per 1,000,000": Figure(slopes[0], "MB", min(slopes), max(slopes))}, note


def _redirect(line: Line, number: int) -> None:
    """The even ones redirect a window, the odd ones take that back."""
    path = f"/api/v1/windows/{number // 2 % WINDOWS + 1}/redirect"
    line.post(path, {"undo": bool(number % 2), "reason": "bench"})


def _slope_mb(seen: list[tuple[float, float]]) -> float:
    if len({pushes for pushes, _ in seen}) < 2:
        return 0.0
    return round(linear_regression(*zip(*seen, strict=True)).slope * 1_000_000, 2)


def _next(stage: Stage) -> Measured:
    """Twenty clerks press *next*, each at her own moments."""
    effort, count = stage.effort, round(NEXT_PER_S * stage.effort.load_s)
    taken = 0
    while taken < count:
        taken += len(loads.issue_closed(stage.server, FEW_CLIENTS, effort.load_s / 4).labels)
    lines = [stage.server.line() for _ in range(CLERKS)]
    clerks = [lambda n=n, line=line: loads.call_next(line, str(n + 1)) for n, line in enumerate(lines)]
    load = loads.open_loop(clerks, NEXT_PER_S, count)
    for line in lines:
        line.wire.close()
    figures = {**load.waits(), "twice": exact(load.twice(), "")}
    return figures, f"{CLERKS} clerks, {NEXT_PER_S:g} calls a second, {taken} tickets waited{_late(load)}"


def _kill(stage: Stage) -> Measured:
    """``kill -9``, and a new process at once; screens come back in their own time."""
    server, answered, back = stage.server, [], []
    with screens(server.port, ENDED_WITH) as wall:
        for _ in range(stage.effort.rounds):
            began = time.perf_counter()
            server.kill()
            server.start()
            server.first_answer()
            answered.append(time.perf_counter() - began)
            back.append(max(wall.joined_after(began)) - began)
    note = f"{stage.effort.rounds} rounds, {ENDED_WITH} sockets"
    return {**waits(answered, "answer "), **waits(back, "back ")}, f"{note}; {_history(stage)}"


def _stop(stage: Stage) -> Measured:
    server, took = stage.server, []
    for _ in range(stage.effort.rounds):
        with screens(server.port, ENDED_WITH):
            took.append(server.stop())
        server.start()
        server.first_answer()
    return waits(took), f"{stage.effort.rounds} rounds, {ENDED_WITH} sockets; {_history(stage)}"


def _history(stage: Stage) -> str:
    return f"{stage.effort.facts_today:,} facts today, {stage.effort.facts_before:,} before"


def _sign(stage: Stage) -> Measured:
    """The whole demonstration hall: the line's own log says when it carried the frame and the answer, to the ms."""
    heard, acknowledged, memory = demo.measure(stage.folder / "demo", stage.effort.sign_calls)
    figures = {**waits(heard, "wire "), **waits(acknowledged, "ACK ")}
    parts = {f"RSS {name}": among([size], "MB") for name, size in memory.items()}
    return {**figures, **parts}, f"{demo.BAUD} Bd, simulated line; wire: the first byte"


PLANS = (
    Plan("issue-1", "issue, 1 client, closed loop", "hall", _issue_one),
    Plan("issue-100s", "issue, 100 a second, open loop", "hall", _issue_open),
    Plan("issue-50s-tv", "issue, 50 a second, open loop, 100 TVs", "hall", _issue_before_tvs),
    Plan("tv-50", "call → TV, 50 sockets", "hall", _tvs(0)),
    Plan("tv-100", "call → TV, 100 sockets", "hall", _tvs(1)),
    Plan("tv-500", "call → TV, 500 sockets", "hall", _tvs(2)),
    Plan("painted", "call → painted on 6 screens, Chromium", "hall", _painted),
    Plan("first-paint", "first paint of kiosk and TV, nothing cached, Chromium", "hall", _first_paint),
    Plan("issue-64", "issue, 64 kiosks, closed loop", "hall", _issue_many),
    Plan("issue-64-slow", "issue, 64 kiosks, each flush 10 ms slower", SLOW, _issue_slow),
    Plan("clerks-0", "next, 20 clerks, no history", "clerks", _next),
    Plan("clerks-1m", "next, 20 clerks, 1,000,000 tickets of history", ONE_HALL, _next),
    Plan("kill", "kill -9", "after years", _kill),
    Plan("stop", "SIGTERM → exit", "after years", _stop),
    Plan("memory", "memory of the server with 100 TVs", "fresh hall", _memory),
    Plan("growth", "growth of memory by pushes", "fresh hall", _growth),
    Plan("cost", "a command by tickets a day", ALONE, cost),
    Plan("sign", "call → sign", ALONE, _sign),
)


def named(names: list[str]) -> tuple[Plan, ...]:
    """These cells, or all."""
    known = {plan.name: plan for plan in PLANS}
    wrong = [name for name in names if name not in known]
    if wrong:
        raise SystemExit(f"no cell {', '.join(wrong)}; there are: {', '.join(known)}")
    return tuple(plan for plan in PLANS if not names or plan.name in names)
