"""What is said next and how much of it: recalls joined, old calls dropped, repetitions only when nobody waits."""

from drivers.ports import Announcement
from drivers.speech.queue import MAX_AGE_S, Waiting, expired, joined, texts

NOW = 1000.0


def call(name: str, subject: str, zh: str = "", age_s: float = 0.0) -> Announcement:
    return Announcement(name, subject, zh or f"{subject}到一号窗口", f"{subject} to window 1", age_s)


def queued(*announcements: Announcement, current: Waiting | None = None) -> list[Waiting]:
    waiting: list[Waiting] = []
    for one in announcements:
        joined(waiting, current, one, NOW)
    return waiting


def names(waiting: list[Waiting]) -> list[list[str]]:
    return [one.ids for one in waiting]


def test_the_more_wait_the_less_is_said_of_each() -> None:
    one = call("c1", "A001", "甲")
    said = [texts(one, behind, english=True) for behind in range(4)]
    assert said == [("甲", one.en, "甲"), ("甲", one.en), ("甲", one.en), ("甲",)]
    assert [texts(one, behind, english=False) for behind in range(2)] == [("甲", "甲"), ("甲",)]


def test_calls_wait_in_their_order_and_none_waits_twice() -> None:
    one, two = call("c1", "A001"), call("c2", "A002")
    assert names(queued(one, two, one)) == [["c1"], ["c2"]]


def test_a_recall_of_who_waits_is_said_once_and_counts_for_both() -> None:
    waiting = queued(call("c1", "A001"), call("c2", "A002"), call("c3", "A001"))
    assert names(waiting) == [["c1", "c3"], ["c2"]]


def test_the_way_to_another_window_takes_the_place_of_the_old_one() -> None:
    waiting = queued(call("c1", "A001"), call("c2", "A001", "到三号窗口"))
    assert [(one.announcement.zh, one.ids) for one in waiting] == [("到三号窗口", ["c1", "c2"])]


def test_a_recall_of_the_sentence_that_is_being_said_is_answered_by_it_and_another_window_is_not() -> None:
    current = Waiting(call("c1", "A001"), NOW + 20, ["c1"])
    waiting = queued(call("c2", "A001"), call("c3", "A001", "到三号窗口"), call("c2", "A001"), current=current)
    assert current.ids == ["c1", "c2"]
    assert names(waiting) == [["c3"]]


def test_a_call_has_twenty_seconds_from_when_it_was_called() -> None:
    waiting = queued(call("c1", "A001", age_s=MAX_AGE_S - 1), call("c2", "A002", age_s=5), call("c3", "A003", age_s=99))
    assert names(expired(waiting, NOW)) == [["c3"]]
    assert names(expired(waiting, NOW + 1)) == [["c1"]]
    assert names(expired(waiting, NOW + 14.9)) == []
    assert names(expired(waiting, NOW + 15)) == [["c2"]]
    assert waiting == []
