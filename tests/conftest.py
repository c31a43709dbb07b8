"""Rules for every test: no socket but loopback, and no silent gap where CI promised that nothing is missing."""

import ipaddress
import os
import socket
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.sim.bus import SimBus
from tests.cluster import cluster
from tests.found import missing, postgres

# Audit event -> which argument is the address; others carry none.
_ADDRESS_IN = {"socket.connect": 1, "socket.bind": 1, "socket.sendto": 1, "socket.getaddrinfo": 0}

# Where several workers share the files. What must hear a wire's answers in time begins first, beside what one processor
# does alone; then what starts whole halls, browsers and databases; and what is left fills the gaps at the end.
_FIRST = ("test_signs.py", "conformance", "core", "model", "past", "web", "drivers")
_THEN = ("two_servers", "e2e", "browser", "bench", "durability", "server")


class ForeignAddressError(RuntimeError):
    """A test reached for the network. Not an OSError: code under test must not take it for a dead device."""


def refuse_foreign_sockets(event: str, args: tuple[Any, ...]) -> None:
    """Audit hook of the interpreter: sees each address before the system does, whoever opened the socket."""
    place = _ADDRESS_IN.get(event)
    if place is None:
        return
    address = args[place]
    host = address[0] if isinstance(address, tuple) else address
    on_the_network = isinstance(address, tuple) or event == "socket.getaddrinfo"
    if str(host).endswith(".invalid"):  # the names reserved for tests: dead without asking anybody
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if on_the_network and not is_loopback(host):
        raise ForeignAddressError(f"{event}: {host!r} is not this machine's loopback")


def is_loopback(host: str | bytes | None) -> bool:
    """Only names and numbers that cannot leave this machine; the empty name means every interface."""
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def pytest_configure(config: pytest.Config) -> None:
    """Install the guard once; the interpreter offers no way to take it out again, by design."""
    sys.addaudithook(refuse_foreign_sockets)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the files in the order in which workers take them."""
    if hasattr(config, "workerinput"):
        order = {name: place for place, name in enumerate((*_FIRST, *_THEN))}
        here = Path(__file__).parent
        parts = {item: item.path.relative_to(here).parts for item in items}
        items.sort(key=lambda item: order.get(parts[item][-1], order.get(parts[item][0], len(order))))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip with the reason what this machine cannot run; with ``CI=true`` that is a failure."""
    for marker in item.iter_markers("needs"):
        reason = missing(marker.args[0])
        if reason and os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        if reason:
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: Any, call: Any) -> Generator[None, Any, Any]:
    """A test of a whole hall that failed tells what its halls and lines last went through, while they still live."""
    report = yield
    if report.when == "call" and report.failed:
        for name, value in item.funcargs.items():
            if hasattr(value, "last_words"):
                report.sections.append((f"last words of {name}", value.last_words()))
            elif isinstance(value, SimBus):
                report.sections.append((f"frames of {name}", "\n".join(map(str, value.frames()))))
    return report


_TALLY = pytest.StashKey[Counter[str]]()


@pytest.fixture(scope="session")
def tally(request: pytest.FixtureRequest) -> Counter[str]:
    """What was counted in this run, by what it was; told at its end, because a proof is worth its numbers."""
    return request.config.stash.setdefault(_TALLY, Counter())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands its part of the tally to whoever started it."""
    told = getattr(session.config, "workeroutput", None)
    if told is not None:
        counted = session.config.stash.setdefault(_TALLY, Counter())
        told["tally"] = dict(counted)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a worker has counted is added to what the others have."""
    counted = getattr(node, "workeroutput", {}).get("tally", {})
    node.config.stash.setdefault(_TALLY, Counter()).update(counted)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The tally, if anything was counted."""
    for what, many in sorted(config.stash.get(_TALLY, Counter()).items()):
        terminalreporter.write_line(f"{many:>8}  {what}")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A database that is empty once per test run; for tests marked ``needs("postgres")``."""
    with cluster(Path(str(postgres()))) as url:
        yield url
