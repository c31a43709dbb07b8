"""The loads: who asks what of the server, how often, and how long each had to wait."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

from tests.bench.figures import Figure, among, parts, waits
from tests.bench.server import Server
from tests.bench.wire import Line

ISSUE = "/api/v1/tickets"
LANES = 32  # connections over which an open loop sends: nobody waits for another's answer until so many are late


@dataclass(slots=True)
class Load:
    """When each answer came, how long it was waited for, and the labels given; all in order of arrival."""

    began: float = 0.0
    ended: float = 0.0
    answers: list[tuple[float, float]] = field(default_factory=list)
    late: list[float] = field(default_factory=list)  # how much after the intended moment the bench itself was
    labels: list[str] = field(default_factory=list)

    def waits(self) -> dict[str, Figure]:
        """The waits as figures."""
        return waits([wait for _, wait in sorted(self.answers)])

    def rate(self) -> Figure:
        """Answers a second; its range is that of the parts of the run."""
        done = [self.began, *(at for at, _ in sorted(self.answers))]
        each = [len(part) / (part[-1] - part[0]) for part in parts(done) if len(part) > 1]
        spread = among(each or [len(self.answers) / (self.ended - self.began)], "/s")
        return Figure(round(len(self.answers) / (self.ended - self.began), 1), "/s", spread.low, spread.high)

    def twice(self) -> int:
        """Labels that were given out more than once."""
        return len(self.labels) - len(set(self.labels))


def issue(line: Line, service: str = "service1") -> str:
    """Take a ticket; its label."""
    return str(line.post(ISSUE, {"service": service})["label"])


def call_next(line: Line, window: str) -> str:
    """A clerk's *next*: the label that was called. Somebody must wait."""
    return str(line.post(f"/api/v1/windows/{window}/next", {"previous": "served"})["label"])


def issue_closed(server: Server, clients: int, seconds: float) -> Load:
    """Each client asks again as soon as it is answered: what the server can do at most."""
    load = Load()
    with ExitStack() as lines, ThreadPoolExecutor(clients) as pool:
        each = [lines.enter_context(server.line()) for _ in range(clients)]
        load.began = time.perf_counter()
        for done in [pool.submit(_issue_until, line, load.began + seconds, load) for line in each]:
            done.result()
        load.ended = time.perf_counter()
    return load


def _issue_until(line: Line, end: float, load: Load) -> None:
    """Once at least, however late the machine lets it begin."""
    now = 0.0
    while now < end:
        began = time.perf_counter()
        load.labels.append(issue(line))
        now = time.perf_counter()
        load.answers.append((now, now - began))


def issue_open(server: Server, per_s: float, seconds: float) -> Load:
    """Customers come when they come, whatever the server does."""
    with ExitStack() as lines:
        each = [lines.enter_context(server.line()) for _ in range(LANES)]
        return open_loop([lambda line=line: issue(line) for line in each], per_s, round(per_s * seconds))  # type: ignore[misc]


def open_loop(lanes: Sequence[Callable[[], str]], per_s: float, count: int) -> Load:
    """So many requests at fixed moments, lane by lane; each wait counts from the intended moment."""
    load = Load(began=time.perf_counter() + 0.05)

    def drive(lane: int) -> None:
        for number in range(lane, count, len(lanes)):
            intended = load.began + number / per_s
            time.sleep(max(0.0, intended - time.perf_counter()))
            load.late.append(time.perf_counter() - intended)
            load.labels.append(lanes[lane]())
            load.answers.append(((now := time.perf_counter()), now - intended))

    with ThreadPoolExecutor(len(lanes)) as pool:
        for done in [pool.submit(drive, lane) for lane in range(len(lanes))]:
            done.result()
    load.ended = time.perf_counter()
    return load
