"""A promise that rises by more than five minutes and a fifth is announced with its reason, and no other."""

from hall_server.core import commands as c
from hall_server.core.policy.classes import CustomerClass, Policy
from hall_server.core.policy.estimate import estimate
from hall_server.core.policy.promise import Risen, risen
from tests.core.scene import Scene, scene

VIPS = Policy("strict", (CustomerClass("vip", rank=1), CustomerClass("all", rank=2)), "all", (), 1800)


def full(**changes: object) -> Scene:
    """A hall in which all three windows of a service have somebody."""
    hall = scene(**changes)
    for window in "123":
        hall.issue()
        hall.call(window)
        hall.do(c.Start(window))
    return hall


def told(hall: Scene, label: str) -> Risen | None:
    ticket = hall.hall.tickets[hall.id_of(label)]
    now = estimate(hall.hall, ticket.service, ticket)
    assert now is not None
    return risen(hall.hall, ticket, now)


def happen(hall: Scene) -> None:
    """Something that changes nothing for this service, but tells the hall what time it is."""
    hall.issue("loans")


def test_while_the_promise_stands_nothing_is_said() -> None:
    hall = full()
    label = hall.issue()
    assert told(hall, label) is None
    hall.pass_time(290)  # a hundred seconds were promised; five minutes more are no news yet
    happen(hall)
    assert told(hall, label) is None


def test_services_that_take_longer_are_the_reason_when_nothing_else_has_changed() -> None:
    hall = full()
    label = hall.issue()
    hall.pass_time(301)
    happen(hall)
    found = told(hall, label)
    assert found == Risen(301, "slow")


def test_fewer_windows_are_the_reason_when_some_have_stopped() -> None:
    hall = full()
    labels = [hall.issue() for _ in range(6)]
    for window in "12":
        hall.do(c.Pause(window))
    found = told(hall, labels[-1])
    assert found is not None
    assert (found.why, found.by_s > 300) == ("windows", True)


def test_others_who_go_first_are_the_reason_when_they_came_later() -> None:
    hall = full(policy=VIPS)
    label = hall.issue()
    for number in range(6):
        hall.do(c.Issue(f"v{number}", f"code-v{number}", "id", klass="vip"))
    found = told(hall, label)
    assert found is not None
    assert found.why == "later"


def test_an_hour_may_become_an_hour_and_eleven_minutes() -> None:
    hall = full()
    labels = [hall.issue() for _ in range(40)]
    quoted = hall.hall.tickets[hall.id_of(labels[-1])].wait_quoted
    assert quoted is not None
    hall.pass_time(quoted[0] * 0.19)
    happen(hall)
    assert (quoted[0] > 3000, told(hall, labels[-1])) == (True, None)
    hall.pass_time(quoted[0] * 0.03)
    happen(hall)
    assert told(hall, labels[-1]) is not None


def test_who_was_absent_or_sent_on_has_another_wait_than_the_promised_one() -> None:
    hall = full()
    label = hall.issue()
    hall.do(c.Finish("1"))
    hall.call("1")
    hall.do(c.Transfer("1", "tax"))
    hall.pass_time(3000)
    happen(hall)
    assert told(hall, label) is None
