"""PostgreSQL dies, hangs, hangs up and leaves a commit in doubt: both servers stay, say so, and go on by themselves."""

import contextlib
import itertools
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException

import pytest

from hall_server.journal import Journal
from hall_server.live import BEAT_S
from tests.cluster import Cluster
from tests.server.program import Program
from tests.server.test_live import Ear, ear
from tests.soak import rounds
from tests.two_servers.checker import Got, wrongs
from tests.two_servers.conftest import fresh_database
from tests.two_servers.pair import Answer, Caller, Servers, servers, until
from tests.two_servers.rush import Rush, got
from tests.two_servers.wire import Do, Wire

pytestmark = pytest.mark.needs("postgres")
AWAY_S = float(rounds(3, 15))
HANG_UPS = rounds(8, 60)
DOUBTS = rounds(4, 20)
BACK_S = 30.0  # ten are promised; a machine that runs other tests may take longer
READY_SAID_S = 1.0  # whoever watches over a server waits no longer for its word
TICKET = "/api/v1/tickets"


@dataclass
class Ward:
    """Two servers on a PostgreSQL to which things are done; the first reaches it by a wire that can be cut."""

    cluster: Cluster
    hall: Servers
    wire: Wire
    database: str
    told: dict[str, Got] = field(default_factory=dict)
    turn: Iterator[int] = field(default_factory=itertools.count)

    def rush(self) -> Rush:
        """A few people who go on until they are asked to leave."""
        began = Rush(self.hall, 6, 10_000, 5, pause_s=0.05, name=f"rush{next(self.turn)}")
        began.begin()
        until(lambda: began.answers >= 40, "the rush is under way")
        return began

    def settle(self, rush: Rush, back_at: float) -> list[float]:
        """Everything works again, nobody was told anything wrong; the seconds that it took, by server."""
        took = [self.works_again(number) - back_at for number in range(2)]
        rush.leave()
        rush.end()
        assert rush.wrong == []
        self.told |= rush.acknowledged
        self.check()
        assert max(took) <= BACK_S
        return [round(max(0.0, seconds), 2) for seconds in took]

    def works_again(self, number: int) -> float:
        """When a server issues a ticket again, whatever it says of itself; then it must say so, too."""
        caller = self.hall.caller("K1", number)
        caller.ports = [caller.ports[number]] * 2
        self.issue(caller, f"probe{next(self.turn)}-after-the-trouble")
        caller.close()
        worked_at = time.monotonic()
        until(lambda: ready(self.hall[number]), f"server {number} says that it is ready again")
        return worked_at

    def issue(self, caller: Caller, key: str) -> Answer:
        answer = caller.post(TICKET, {"service": "id"}, key)
        assert answer.status == 201
        self.told[key] = got("issue", answer, "")
        return answer

    def check(self) -> None:
        journal = Journal(self.database, "main")
        try:
            assert wrongs(journal.rows(), self.told) == []
            assert journal.verify() is None
        finally:
            journal.close()


def ready(program: Program) -> bool:
    """What /readyz says; no answer is no yes."""
    line = HTTPConnection("127.0.0.1", program.port, timeout=READY_SAID_S)
    try:
        line.request("GET", "/readyz")
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


@pytest.fixture(scope="module")
def ward(own_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    database = fresh_database(own_cluster)
    wire = Wire(own_cluster.port)
    by_wire = own_cluster.tcp_url(database.rpartition("/")[2], wire.port)
    hall = servers(tmp_path_factory.mktemp("pair"), [by_wire, database])
    hall.open()
    pids = hall.pids()
    made = Ward(own_cluster, hall, wire, database)
    yield made
    assert hall.pids() == pids, "a server of ours was restarted or died"
    assert hall.stop() == [0, 0]
    wire.close()


Record = Callable[[str, object], None]


def killed(cluster: Cluster) -> None:
    cluster.stop("immediate")


def restarted(cluster: Cluster) -> None:
    cluster.stop("fast")


@pytest.mark.parametrize(
    ("go", "come"),
    [(killed, Cluster.start), (restarted, Cluster.start), (Cluster.freeze, Cluster.thaw)],
    ids=["killed", "restarted", "frozen"],
)
def test_a_database_that_goes_away_is_admitted_and_work_goes_on_when_it_is_back(
    ward: Ward, go: Callable[[Cluster], None], come: Callable[[Cluster], None], record_testsuite_property: Record,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    rush = ward.rush()
    go(ward.cluster)
    gone_at = time.monotonic()
    try:
        for program in ward.hall:
            until(lambda program=program: not ready(program), "the server says that it is not ready")  # type: ignore[misc]
        said_s = time.monotonic() - gone_at
        assert [status for status, _ in (program.ask("GET", "/api/v1/board") for program in ward.hall)] == [200, 200]
        time.sleep(AWAY_S / 2)  # how long it is away is what this test is about
        before = rush.answers
        time.sleep(AWAY_S / 2)
        assert rush.answers == before, "somebody was told something that no database knew"
        assert [ready(program) for program in ward.hall] == [False, False]
    finally:
        come(ward.cluster)
    took = ward.settle(rush, time.monotonic())
    assert rush.repeated > rush.answers
    name = request.node.callspec.id
    record_testsuite_property(f"database {name}: seconds until /readyz said so", round(said_s, 2))
    record_testsuite_property(f"database {name}: back to working, seconds by server", took)


def test_screens_of_a_server_that_cannot_see_what_the_other_writes_are_not_called_up_to_date(ward: Ward) -> None:
    """A page that hears no beat for 6 s says that it is not up to date; here one that is missing is enough."""
    with ear(ward.hall[0], "/board") as screen, ear(ward.hall[0], "/staff", ward.hall.tokens["manager"]) as desk:
        screen.next("beat")
        ward.wire.cut()
        try:
            caller = ward.hall.caller("K1", 1)
            caller.ports = [caller.ports[1]] * 2
            ward.issue(caller, f"unseen-{next(ward.turn)}-by-the-first")
            caller.close()
            for page in (screen, desk):
                until(lambda page=page: silent(page, BEAT_S + 1.0), "the page is told nothing")  # type: ignore[misc]
        finally:
            ward.wire.mend()
        rev = ward.hall[1].ask("GET", "/readyz")[1]["rev"]
        assert screen.next("beat", lambda said: said["rev"] >= rev)
        assert desk.next("beat", lambda said: said["rev"] >= rev)


def silent(page: Ear, seconds: float) -> bool:
    try:
        page.heard.get(timeout=seconds)
    except queue.Empty:
        return True
    return False


def test_connections_that_the_database_ends_in_the_middle_cost_nobody_anything(
    ward: Ward, record_testsuite_property: Record
) -> None:
    rush = ward.rush()
    ended = 0
    for _ in range(HANG_UPS):
        mark = rush.answers
        until(lambda mark=mark: rush.answers >= mark + 5, "the rush goes on")  # type: ignore[misc]
        found = ward.cluster.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hallcall'"
        )
        ended += len(found)
    took = ward.settle(rush, time.monotonic())
    assert ended >= HANG_UPS
    record_testsuite_property("connections ended; then working again, seconds by server", (ended, took))


@pytest.mark.parametrize("fate", [Do.CUT_BEFORE, Do.CUT_AFTER])
def test_a_commit_in_doubt_is_looked_up_and_never_done_again(ward: Ward, fate: Do) -> None:
    doubts = 0
    caller, other = (ward.hall.caller("K1", number) for number in range(2))
    for turn in itertools.count():
        key = f"doubt-{fate.name}-{turn}"
        ward.wire.arm(fate)
        first = caller.once("POST", TICKET, {"service": "id"}, key)
        hit = ward.wire.met.is_set() and first.status == 503  # else the commit was of somebody else's second
        made = rows_of(ward, key)
        assert made == (1 if first.status == 201 or (hit and fate is Do.CUT_AFTER) else 0), first.text
        told = [ward.issue(someone, key) for someone in (caller, other, caller)]
        assert len({answer.text for answer in told}) == 1
        assert rows_of(ward, key) == 1
        doubts += hit
        if doubts == DOUBTS:
            break
    caller.close()
    other.close()
    ward.check()


def rows_of(ward: Ward, key: str) -> int:
    """How many tickets a key has made."""
    name = ward.database.rpartition("/")[2]
    asked = f"SELECT count(*) FROM journal WHERE kind = 'TicketIssued' AND request_id = '{key}'"
    return int(ward.cluster.sql(asked, name)[0][0])


def test_a_server_that_freezes_with_the_halls_row_locked_holds_up_the_other_for_seconds_only(
    ward: Ward, record_testsuite_property: Record
) -> None:
    frozen = ward.hall[0].process
    assert frozen is not None
    caller = ward.hall.caller("K2", 1)
    caller.ports = [caller.ports[1]] * 2  # the one that can answer
    ward.wire.arm(Do.HOLD)
    asking = threading.Thread(target=_ask_in_vain, args=(ward, "frozen-with-the-lock"))
    asking.start()
    assert ward.wire.met.wait(30), "no commit came"
    os.kill(frozen.pid, signal.SIGSTOP)
    began = time.monotonic()
    try:
        answer = ward.issue(caller, "while-it-is-frozen")
        waited_s = time.monotonic() - began
        assert waited_s <= BACK_S
    finally:
        os.kill(frozen.pid, signal.SIGCONT)
        ward.wire.let_go.set()
    asking.join()
    until(lambda: ready(ward.hall[0]), "the server that was frozen is ready again")
    same = ward.hall.caller("K2", 0)
    assert ward.issue(same, "while-it-is-frozen").text == answer.text
    ward.issue(same, "frozen-with-the-lock")
    ward.check()
    assert rows_of(ward, "frozen-with-the-lock") == 1
    same.close()
    caller.close()
    record_testsuite_property("frozen with the lock: the other server worked after, seconds", round(waited_s, 2))


def _ask_in_vain(ward: Ward, key: str) -> None:
    caller = ward.hall.caller("K2", 0)
    with contextlib.suppress(OSError, HTTPException):
        caller.once("POST", TICKET, {"service": "id"}, key)
    caller.close()
