"""The loads: who asks what of the server, how often, and how long each had to wait."""

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from tests.bench.server import WINDOWS
from tests.bench.wire import BoardSocket, Http

ISSUE = "/api/v1/tickets"
CREATED = 201
QUIET_S = 0.03  # between two calls, so that one push has left before the next call comes
ARRIVE_S = 5.0  # a board that has not come by then never comes
LANES = 64  # connections over which an open loop sends


@dataclass(slots=True)
class Issued:
    """What issuing came to: waits in seconds, the labels given, the time it all took."""

    waits: list[float] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Tickets a second."""
        return round(len(self.labels) / self.seconds, 1)


async def empty_requests(port: int, seconds: float) -> list[float]:
    """A request that does nothing, on a kept connection: what the web server itself costs."""
    line = await Http.open(port)
    waits = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        began = time.perf_counter()
        await line.ask("GET", "/healthz")
        waits.append(time.perf_counter() - began)
    await line.close()
    return waits


async def issue_closed(port: int, token: str, clients: int, seconds: float) -> Issued:
    """Each client asks again as soon as it is answered."""
    lines = [await Http.open(port, token) for _ in range(clients)]
    issued = Issued()
    began = time.perf_counter()
    await asyncio.gather(*(_issue_until(line, began + seconds, issued) for line in lines))
    issued.seconds = time.perf_counter() - began
    for line in lines:
        await line.close()
    return issued


async def _issue_until(line: Http, end: float, issued: Issued) -> None:
    while (began := time.perf_counter()) < end:
        await _issue(line, began, issued)


async def _issue(line: Http, since: float, issued: Issued) -> None:
    status, body = await line.ask("POST", ISSUE, {"service": "service1"})
    if status != CREATED:
        raise RuntimeError(f"{status}: {body!r}")
    issued.waits.append(time.perf_counter() - since)
    issued.labels.append(json.loads(body)["label"])


async def issue_open(port: int, token: str, per_s: float, seconds: float) -> Issued:
    """Customers come when they come: each wait counts from the moment at which the customer touched."""
    lanes: asyncio.Queue[Http] = asyncio.Queue()
    for _ in range(LANES):
        lanes.put_nowait(await Http.open(port, token))
    issued = Issued()

    async def customer(at: float) -> None:
        line = await lanes.get()
        try:
            await _issue(line, at, issued)
        finally:
            lanes.put_nowait(line)

    began = time.perf_counter()
    coming = []
    for number in range(round(per_s * seconds)):
        at = began + number / per_s
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        coming.append(asyncio.create_task(customer(at)))
    await asyncio.gather(*coming)
    issued.seconds = time.perf_counter() - began
    while not lanes.empty():
        await lanes.get_nowait().close()
    return issued


@dataclass(slots=True)
class Screens:
    """Many TVs: each board that arrives, at each of them."""

    sockets: list[BoardSocket]
    readers: list[asyncio.Task[None]] = field(default_factory=list)
    arrived: list[list[tuple[float, bytes]]] = field(default_factory=list)

    @classmethod
    async def open(cls, port: int, count: int) -> "Screens":
        """Connect them and wait for the first board at each."""
        screens = cls([await BoardSocket.open(port) for _ in range(count)])
        screens.arrived = [[] for _ in screens.sockets]
        screens.readers = [asyncio.create_task(screens._read(number)) for number in range(count)]
        await until(lambda: all(screens.arrived))
        return screens

    async def _read(self, number: int) -> None:
        async for at, data in self.sockets[number].boards():
            self.arrived[number].append((at, data))

    async def close(self) -> None:
        """Switch them off."""
        for socket in self.sockets:
            await socket.close()
        await asyncio.gather(*self.readers)


async def until(condition: Callable[[], bool]) -> None:
    """Let others run until it is true."""
    end = time.perf_counter() + ARRIVE_S
    while not condition():
        if time.perf_counter() > end:
            raise RuntimeError("a screen was told nothing")
        await asyncio.sleep(0.001)


async def call_to_screens(port: int, token: str, screens: Screens, calls: int) -> tuple[list[float], int]:
    """From sending *next* to the arrival of the board with that call, at each screen; and the board's bytes."""
    line = await Http.open(port, token)
    waits: list[float] = []
    size = 0
    for number in range(calls):
        for boards in screens.arrived:
            boards.clear()
        window = str(number % WINDOWS + 1)
        began = time.perf_counter()
        status, body = await line.ask("POST", f"/api/v1/windows/{window}/next", {"previous": "served"})
        if status != 200:
            raise RuntimeError(f"{status}: {body!r}")
        called = _Call(json.loads(body)["label"], window)
        for boards in screens.arrived:
            waits.append(await called.arrival(boards) - began)
            size = max(size, len(boards[-1][1]))
        await asyncio.sleep(QUIET_S)
    await line.close()
    return waits, size


@dataclass(slots=True)
class _Call:
    """A call, looked for in boards; equal boards are read once, for 50 screens get the same bytes."""

    label: str
    window: str
    read: dict[bytes, bool] = field(default_factory=dict)

    async def arrival(self, boards: list[tuple[float, bytes]]) -> float:
        """When one screen's first board with this call came."""
        await until(lambda: any(self._in(data) for _, data in boards))
        return next(at for at, data in boards if self._in(data))

    def _in(self, data: bytes) -> bool:
        if data not in self.read:
            hero = json.loads(data[data.index(b"[") :])[1]["hero"]
            self.read[data] = hero is not None and (hero["label"], hero["window"]) == (self.label, self.window)
        return self.read[data]


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run one load on a fresh loop, so that nothing of the last one is left."""
    return asyncio.run(work)
