"""What must hold after every rush: the journal has no mistake, and each server and a fresh one say the same of it."""

from collections.abc import Mapping
from typing import Any

from hall_server.journal import Journal
from tests.two_servers.checker import Got, wrongs
from tests.two_servers.pair import Servers, until

EQUAL_S = 20.0  # two are promised; a machine that runs other tests may take longer


def check_the_journal(
    hall: Servers, acknowledged: Mapping[str, Got], services: Mapping[str, tuple[str, ...]] | None = None
) -> int:
    """How many facts it has."""
    journal = Journal(database_of(hall), "main")
    try:
        assert wrongs(journal.rows(), acknowledged, services) == []
        assert journal.verify() is None
        return journal.head().seq
    finally:
        journal.close()


def database_of(hall: Servers) -> str:
    text = (hall[0].home / "hallcall.toml").read_text("utf-8")
    return text.partition('database = "')[2].partition('"')[0]


def pages(hall: Servers, number: int) -> dict[str, Any]:
    """What a server says of the hall, without the time of day."""
    found = {}
    for page in ("board", "floor", "devices", "windows/1", "windows/7"):
        status, value = hall[number].ask("GET", f"/api/v1/{page}", token=hall.tokens["manager"])
        assert status == 200, value
        found[page] = {name: part for name, part in value.items() if name != "at"}
    return found


def everybody_says_the_same_and_so_does_a_fresh_process(hall: Servers) -> None:
    last = len(hall.programs) - 1
    until(lambda: pages(hall, 0) == pages(hall, last), "both servers say the same", EQUAL_S)
    before = pages(hall, last)
    hall[0].kill()
    hall[0].start()
    assert pages(hall, 0) == before
    assert pages(hall, last) == before
