"""A hundred clerks and twenty kiosks at two servers: nothing doubled, lost or out of order, and *next* stays quick."""

import json
import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from statistics import quantiles

import pytest

from tests.bench.screens import Screens, screens
from tests.cluster import Cluster, running
from tests.found import postgres
from tests.soak import SOAK, rounds
from tests.two_servers import busy
from tests.two_servers.agreeing import check_the_journal, everybody_says_the_same_and_so_does_a_fresh_process
from tests.two_servers.conftest import fresh_database
from tests.two_servers.consoles import Consoles, consoles
from tests.two_servers.pair import KIOSKS, Servers, servers
from tests.two_servers.people import Clerk, Kiosk, Notes, Person

CLERKS, USED_KIOSKS, TVS = rounds(12, 100), rounds(4, KIOSKS), rounds(1, 10)
RUN_S = float(os.environ.get("HALLCALL_LOAD_S", rounds(2, 600)))
PACE = 1.0 if SOAK else 0.02  # in CI everybody is fifty times as fast, and there are few of them
NEXT_P99_S = 0.050
FILE = Path(__file__).parents[2] / "build" / "load.json"

pytestmark = pytest.mark.needs("postgres")


@pytest.fixture
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """Where waits are measured the disk is waited for."""
    if not SOAK:
        yield request.getfixturevalue("own_cluster")
        return
    with running(Path(str(postgres())), fsync=True) as made:
        yield made


@pytest.fixture
def hall(tmp_path: Path, cluster: Cluster) -> Iterator[Servers]:
    url = fresh_database(cluster)
    opened = servers(tmp_path, [url, url], lambda database: busy.settings(database, CLERKS))
    opened.open()
    for window in range(1, CLERKS + 1):
        opened.tokens[f"c{window}"] = opened[0].token("clerk", f"c{window}", str(window))
    yield opened
    assert opened.stop() == [0, 0]


def people(hall: Servers, notes: Notes, leave: threading.Event) -> tuple[list[Clerk], list[Kiosk]]:
    """Half of them at each server, each with a credential of their own."""

    def person(who: str, number: int) -> Person:
        lines = hall.caller(who, number), hall.caller(who, number + 1)
        return Person(who, lines, notes, leave, Random(who), PACE)

    clerks = [Clerk(person(f"c{n}", n), str(n)) for n in range(1, CLERKS + 1)]
    return clerks, [Kiosk(person(f"K{n}", n), f"K{n}") for n in range(1, USED_KIOSKS + 1)]


def watched(hall: Servers, stack: ExitStack) -> tuple[Consoles, list[Screens]]:
    """The pages of all clerks, and TVs at both servers."""
    pages = [(hall[n % 2].port, hall.tokens[f"c{n}"], str(n)) for n in range(1, CLERKS + 1)]
    walls = [stack.enter_context(screens(program.port, TVS)) for program in hall]
    return stack.enter_context(consoles(pages)), walls


def test_a_day_of_many_clerks_and_kiosks_at_two_servers(hall: Servers, tally: Counter[str]) -> None:
    notes, leave = Notes(), threading.Event()
    clerks, kiosks = people(hall, notes, leave)
    with ExitStack() as stack:
        pages, walls = watched(hall, stack)
        joined = [wall.report()["joined"] for wall in walls]
        working = [kiosk.person.begin(kiosk.work) for kiosk in kiosks]
        working += [clerk.person.begin(clerk.work) for clerk in clerks]
        leave.wait(RUN_S)
        leave.set()
        for thread in working:
            thread.join()
        seen = pages.report()
        assert [wall.report()["joined"] for wall in walls] == joined, "a TV was lost"
    assert notes.wrong == []
    assert (seen["lost"], seen["refused"]) == (0, 0)
    facts = check_the_journal(hall, notes.acknowledged, {str(n): busy.services_at(n) for n in range(1, CLERKS + 1)})
    everybody_says_the_same_and_so_does_a_fresh_process(hall)
    waits_s = {**notes.waits_s, "page after a change": seen["waits_s"]}
    told = {what: figures(waits) for what, waits in waits_s.items() if len(waits) > 1}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps({"seconds": RUN_S, "facts": facts, "did": notes.did, "ms": told}, indent=1), "utf-8")
    for what, many in notes.did.items():
        tally[f"load: {what}"] += many
    for name, ms in told["next"].items():
        tally[f"load: milliseconds of next, {name}"] = round(ms)
    if SOAK:
        assert told["next"]["p99"] <= NEXT_P99_S * 1000, told["next"]


def figures(waits_s: list[float]) -> dict[str, float]:
    """Milliseconds."""
    cuts = quantiles(waits_s, n=100, method="inclusive")
    named = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "longest": max(waits_s)}
    return {name: round(seconds * 1000, 2) for name, seconds in named.items()}
