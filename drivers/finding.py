"""Look for devices: the serial ports of this computer, and printers on a subnet, politely and only when told to."""

import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from serial.tools import list_ports

from drivers.escpos.status import Kind, take_answer
from drivers.ports import DeviceError
from drivers.transport import Transport, open_transport

AT_ONCE = 16  # connections under way: a switch or a printer of a hall does not notice so few
ANSWER_S = 1.0  # a printer on the same network answers in milliseconds
ASK_STATUS = b"\x10\x04\x01"  # DLE EOT 1: prints nothing, moves nothing, changes nothing
LINKS = ("by-id", "by-path")


@dataclass(frozen=True, slots=True)
class PortFound:
    """A serial port: its name, names that stay the same after a power cut, and what the system says about it."""

    name: str
    links: tuple[str, ...]
    description: str


@dataclass(frozen=True, slots=True)
class HostFound:
    """An open port on the network, and whether a printer is behind it."""

    host: str
    port: int
    printer: bool
    evidence: str


def serial_ports(root: Path = Path("/dev/serial")) -> list[PortFound]:
    """All serial ports that the system knows."""
    lasting = [link for kind in LINKS for link in sorted((root / kind).glob("*"))]
    return [
        PortFound(
            port.device, tuple(str(link) for link in lasting if link.resolve() == Path(port.device).resolve()),
            port.description if port.description != "n/a" else "",
        )
        for port in sorted(list_ports.comports())
    ]  # fmt: skip


def sweep(hosts: Iterable[str], port: int, passed: Callable[[], None]) -> list[HostFound]:
    """Ask each host, ``AT_ONCE`` at a time; ``passed`` is called, from any thread, for each that is done."""
    waiting: SimpleQueue[str] = SimpleQueue()
    for host in hosts:
        waiting.put(host)
    found: SimpleQueue[HostFound] = SimpleQueue()

    def work() -> None:
        while (host := _next(waiting)) is not None:
            if (answer := _ask_host(host, port)) is not None:
                found.put(answer)
            passed()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(AT_ONCE, waiting.qsize()))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found.get() for _ in range(found.qsize())]


def _next(waiting: "SimpleQueue[str]") -> str | None:
    try:
        return waiting.get_nowait()
    except Empty:
        return None


def _ask_host(host: str, port: int) -> HostFound | None:
    """None: nobody is there."""
    try:
        link = socket.create_connection((host, port), timeout=ANSWER_S)
    except OSError:
        return None
    with link:
        try:
            link.sendall(ASK_STATUS)
            return HostFound(host, port, *_judged(link.recv(64)))
        except TimeoutError:
            return HostFound(host, port, False, "silent, or busy with somebody else")
        except OSError as error:
            return HostFound(host, port, False, str(error))


def _judged(said: bytes) -> tuple[bool, str]:
    """One byte of a certain form is what only a printer answers."""
    if not said:
        return False, "hung up"
    answer, _ = take_answer(said, fence_due=False)
    printer = answer is not None and answer.kind in (Kind.REALTIME, Kind.GROUP)
    return printer, f"answered {said[:8].hex(' ')}"


def check(url: str, kind: str) -> tuple[bool, str]:
    """Whether a device can be opened, and for printers that it answers; with a sentence. Raises ``ValueError``."""
    transport = open_transport(url)
    try:
        transport.open()
        return _heard(transport, url) if kind == "printer" else (True, f"{url} can be opened.")
    except DeviceError as trouble:
        return False, f"{url} does not open: {trouble}."
    finally:
        transport.close()


def _heard(transport: Transport, url: str) -> tuple[bool, str]:
    transport.write(ASK_STATUS, ANSWER_S)
    printer, evidence = _judged(transport.read(ANSWER_S))
    if not printer:
        return False, f"{url} is open, and no printer answers there ({evidence})."
    return True, f"A printer answers at {url} ({evidence})."
