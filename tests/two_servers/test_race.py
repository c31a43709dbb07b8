"""Many issue and many call while servers are killed: nothing is doubled, nothing acknowledged is lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.soak import rounds
from tests.two_servers.agreeing import check_the_journal, everybody_says_the_same_and_so_does_a_fresh_process
from tests.two_servers.pair import SERVICES, WINDOWS, Servers, servers, until
from tests.two_servers.rush import Rush

ISSUERS, TICKETS_EACH, CALLERS = rounds(16, 64), rounds(10, 20), rounds(8, 22)
KILLS = rounds(2, 8)
ASKED_AGAIN = rounds(60, 400)  # keys whose answer is asked for again at every server


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Servers]:
    """One server on SQLite, two on PostgreSQL; open."""
    if request.param == "sqlite":
        opened = servers(tmp_path, [f"sqlite:///{tmp_path / 'hall.sqlite3'}"])
    else:
        url = request.getfixturevalue("database")
        opened = servers(tmp_path, [url, url])
    opened.open()
    yield opened
    assert set(opened.stop()) == {0}


def test_a_rush_with_kills_in_between_doubles_nothing_and_loses_nothing(
    hall: Servers, record_testsuite_property: Callable[[str, object], None]
) -> None:
    rush = Rush(hall, ISSUERS, TICKETS_EACH, CALLERS)
    rush.begin()
    for kill in range(KILLS):
        wanted = (kill + 1) * ISSUERS * TICKETS_EACH // (KILLS + 2)
        until(lambda wanted=wanted: rush.answers >= wanted or not rush.alive(), "the rush goes on")  # type: ignore[misc]
        victim = hall[kill % len(hall.programs)]
        victim.kill()
        victim.start()
    rush.end()
    assert rush.wrong == []
    assert rush.turned_away + rush.repeated > rush.answers, "the kills hit nobody"
    tickets = {got.ticket for got in rush.acknowledged.values() if got.asked == "issue"}
    called = [got.ticket for got in rush.acknowledged.values() if got.asked == "next" and got.ticket]
    assert len(tickets) == ISSUERS * TICKETS_EACH
    assert sorted(called) == sorted(tickets)
    check_the_journal(hall, rush.acknowledged, {str(n): SERVICES for n in range(1, WINDOWS + 1)})
    the_same_key_gets_the_same_answer_everywhere(hall, rush)
    everybody_says_the_same_and_so_does_a_fresh_process(hall)
    record_testsuite_property("rush: requests sent, answered", (rush.repeated, rush.answers))


def the_same_key_gets_the_same_answer_everywhere(hall: Servers, rush: Rush) -> None:
    some = sorted(rush.asked)[:: max(1, len(rush.asked) // ASKED_AGAIN)]
    for number in range(len(hall.programs)):
        callers = {who: hall.caller(who, number) for who in hall.tokens}
        for key in some:
            who, path, body = rush.asked[key]
            answer = callers[who].once("POST", path, body, key)
            got = rush.acknowledged[key]
            assert (answer.status, answer.value.get("id", "")) == (got.status, got.ticket), key
        for caller in callers.values():
            caller.close()
