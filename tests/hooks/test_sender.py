"""Webhooks: in order, at least once, under one id, whatever the receiver does and whenever we die."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from hall_server.core import commands as c
from hall_server.hooks import wire
from hall_server.hooks.all import _work
from hall_server.hooks.cursor import FOLDER, Cursor, Cursors
from hall_server.hooks.sender import IDLE_S, LONGEST_PAUSE_S, Sender
from hall_server.hooks.source import Source
from hall_server.settings.hooks import WebhookSettings
from hall_server.views import iso
from hall_server.writer import direct
from tests.core.scene import CONFIG
from tests.hooks.receiver import SECRET, Receiver, receiver
from tests.model.moves import Clock
from tests.server.running import Desk

ALL = ("issued", "called", "recalled", "started", "finished", "transferred", "left", "rated", "window", "day")


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Desk]:
    """A journal with an open day; the webhooks of these tests begin after it."""
    opened = Desk(tmp_path / "hall.sqlite3", Clock())
    opened.open()
    opened.ask(c.Configure(CONFIG))
    opened.ask(c.OpenDay("2026-11-22"))
    yield opened
    opened.close()


def sender(hall: Desk, to: Receiver, *events: str, keep_h: int = 72) -> Sender:
    hook = WebhookSettings(id="town", url=to.url, events=events or ALL, secret_env="TOWN", keep_h=keep_h)
    source = Source(hall.journal, Cursors(hall.path.parent), direct)
    made = Sender(hook, SECRET.encode(), source, hall.clock, chance=lambda: 1.0)
    source.head()
    return made


def begun(hall: Desk, to: Receiver, *events: str, keep_h: int = 72) -> Sender:
    """One that has seen everything until now."""
    made = sender(hall, to, *events, keep_h=keep_h)
    assert made.step() == IDLE_S
    return made


def deliver(one: Sender, hall: Desk) -> list[float]:
    """Let it work until it has told everything; the pauses that it made."""
    one.source.newest = hall.journal.head().seq
    pauses = []
    while one.row().behind and one.row().state != "stopped":
        pauses.append(one.step())
    return [pause for pause in pauses if pause]


def visit(hall: Desk, name: str) -> None:
    """A customer comes, is called to window 1, served, and says how it was."""
    hall.ask(c.Issue(name, f"secret-page-of-{name}", "id"))
    hall.ask(c.CallNext("1"))
    hall.ask(c.Start("1"))
    hall.ask(c.Finish("1"))
    hall.ask(c.Rate("", name, 5))


def test_a_visit_is_told_in_order_signed_and_without_anything_personal(hall: Desk) -> None:
    with receiver() as to:
        one = begun(hall, to)
        visit(hall, "t1")
        hall.ask(c.Pause("2", "at the dentist"))
        assert deliver(one, hall) == []
        told = to.taken()
        assert [(m["event"], m["data"]) for m in told] == [
            ("issued", {"ticket": "t1", "service": "id", "kiosk": None, "label": "A001"}),
            ("called", {"ticket": "t1", "window": "1", "label": "A001"}),
            ("started", {"ticket": "t1", "window": "1", "label": "A001"}),
            ("finished", {"ticket": "t1", "window": "1", "label": "A001"}),
            ("rated", {"ticket": "t1", "level": 5, "label": "A001"}),
            ("window", {"window": "2"}),
        ]
        assert [m["seq"] for m in told] == sorted(m["seq"] for m in told)
        assert [m["id"] for m in told] == [f"hall/1/{m['seq']}" for m in told]
        assert all(got.signed and got.headers["hallcall-delivery"] == got.said["id"] for got in to.got)
        everything = json.dumps(told) + repr([got.headers for got in to.got])
        assert [word for word in ("secret-page", "dentist", "test", SECRET) if word in everything] == []


def test_a_call_that_is_taken_back_is_told_as_such(hall: Desk) -> None:
    with receiver() as to:
        one = begun(hall, to, "called", "undone")
        hall.ask(c.Issue("t1", "code-t1", "id"))
        hall.ask(c.CallNext("1"))
        hall.ask(c.Undo("test"))
        deliver(one, hall)
        assert [(m["event"], m["data"]) for m in to.taken()] == [
            ("called", {"ticket": "t1", "window": "1", "label": "A001"}),
            ("undone", {"tickets": ["t1"], "moves": ["TicketCalled"]}),
        ]


class Enough(Exception):
    """One step is all that a test wants."""


def work(one: Sender, hall: Desk) -> tuple[str, str]:
    """What the row says after one step of the task."""

    def sleep(_seconds: float) -> None:
        raise Enough

    one.source.newest = hall.journal.head().seq
    with pytest.raises(Enough):
        _work(one, sleep)
    return one.row().state, one.row().trouble


def test_a_webhook_whose_place_cannot_be_kept_says_so_and_goes_on_when_it_can(hall: Desk) -> None:
    with receiver() as to:
        one = begun(hall, to, "issued")
        folder = hall.path.parent / FOLDER
        kept = folder.rename(folder.with_name("kept"))
        folder.write_text("a file where a folder should be")
        hall.ask(c.Issue("t1", "code-t1", "id"))
        state, trouble = work(one, hall)
        assert (state, "File exists" in trouble) == ("retrying", True)
        folder.unlink()
        kept.rename(folder)
        deliver(one, hall)
        assert work(one, hall)[0] == "ok"
        assert {m["data"]["label"] for m in to.taken()} == {"A001"}


def test_a_mistake_of_ours_ends_no_webhook_in_silence(hall: Desk) -> None:
    with receiver() as to:
        one = begun(hall, to, "issued")
        hall.ask(c.Issue("t1", "code-t1", "id"))
        whole = one.source.rows
        one.source.rows = lambda after: [replace(row, body="{}") for row in whole(after)]  # type: ignore[method-assign]
        assert work(one, hall) == ("retrying", "a mistake of this program")
        one.source.rows = whole  # type: ignore[method-assign]
        deliver(one, hall)
        assert [m["data"]["label"] for m in to.taken()] == ["A001"]


def test_only_what_was_asked_for_is_told(hall: Desk) -> None:
    with receiver() as to:
        one = begun(hall, to, "finished")
        visit(hall, "t1")
        deliver(one, hall)
        assert [(m["event"], m["data"]["label"]) for m in to.taken()] == [("finished", "A001")]
        assert (one.row().state, one.row().behind, one.row().delivered) == ("ok", 0, 1)


@pytest.mark.parametrize("how", ["500", "503", "401", "404", "429", "close", "garbage", "302 http://127.0.0.1:9/"])
def test_a_receiver_in_trouble_gets_the_same_message_again_until_it_takes_it(hall: Desk, how: str) -> None:
    with receiver(how, how, "200", how) as to:
        one = begun(hall, to, "issued", "called")
        visit(hall, "t1")
        assert deliver(one, hall) == [1.0, 2.0, 1.0]
        first, second = dict.fromkeys(to.ids())
        assert to.ids() == [first] * 3 + [second] * 2
        assert [m["event"] for m in to.taken()] == ["issued", "called"]
        assert one.row().tries == 0


@pytest.mark.parametrize(("how", "cause"), [("500", "status"), ("close", "broken"), ("garbage", "broken")])
def test_what_went_wrong_and_when_a_message_was_taken_last_is_known_without_english(
    hall: Desk, how: str, cause: str
) -> None:
    with receiver("200", how) as to:
        one = begun(hall, to, "issued", "called")
        assert one.row().last is None
        visit(hall, "t1")
        one.source.newest = hall.journal.head().seq
        one.step()
        taken = iso(hall.clock())
        assert (one.row().cause, one.row().last) == (cause, taken)
        deliver(one, hall)
        after_a_start = sender(hall, to)
        after_a_start.step()
        assert (one.row().cause, after_a_start.row().last) == ("", one.row().last)
    assert wire.cause(ConnectionRefusedError()) == "refused"
    assert wire.cause(TimeoutError()) == "silent"


def test_a_redirect_is_not_followed(hall: Desk) -> None:
    with receiver() as elsewhere, receiver(f"302 http://127.0.0.1:{elsewhere.port}/") as to:
        one = begun(hall, to, "issued")
        visit(hall, "t1")
        deliver(one, hall)
        assert (len(elsewhere.got), len(to.got)) == (0, 2)


@pytest.mark.parametrize("how", ["hang", "drip"])
def test_a_receiver_that_never_ends_its_answer_is_given_up(
    hall: Desk, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "ANSWER_S", 0.2)
    with receiver(how) as to:
        one = begun(hall, to, "issued")
        visit(hall, "t1")
        assert deliver(one, hall) == [1.0]
        assert len(to.taken()) == 1


def test_a_slow_answer_is_an_answer(hall: Desk) -> None:
    with receiver("slow") as to:
        one = begun(hall, to, "issued")
        visit(hall, "t1")
        assert deliver(one, hall) == []
        assert len(to.got) == 1


def test_whoever_dies_between_telling_and_noting_it_tells_it_again_under_the_same_id(
    hall: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(Exception):
        """A power cut."""

    def cut(*_: object) -> None:
        raise Died

    with receiver() as to:
        begun(hall, to, "issued", "called", "finished")
        visit(hall, "t1")
        while len(to.got) < 6:  # each message is told, then the power goes before that is noted; then it comes back
            with monkeypatch.context() as broken:
                broken.setattr(Cursors, "write", cut)
                dying = sender(hall, to, "issued", "called", "finished")
                with pytest.raises(Died):
                    deliver_until_it_dies(dying, hall)
            again = sender(hall, to, "issued", "called", "finished")
            again.source.newest = hall.journal.head().seq
            one_message(again, to)
        issued, called, finished = dict.fromkeys(to.ids())
        assert to.ids() == [issued, issued, called, called, finished, finished]


def deliver_until_it_dies(one: Sender, hall: Desk) -> None:
    known = one.source.cursors.read("town")
    assert known is not None
    one.cursor = known
    deliver(one, hall)


def one_message(one: Sender, to: Receiver) -> None:
    """A start that gets as far as one message."""

    class Enough(Exception):
        """It was sent and noted."""

    keep: Callable[[str, Cursor], None] = one.source.keep
    before = len(to.got)

    def once(hook: str, cursor: Cursor) -> None:
        keep(hook, cursor)
        if len(to.got) > before:
            raise Enough

    one.source.keep = once  # type: ignore[method-assign]
    with pytest.raises(Enough):
        one.step()


def test_pauses_double_up_to_five_minutes(hall: Desk) -> None:
    with receiver(always="500") as to:
        one = begun(hall, to, "issued")
        visit(hall, "t1")
        one.source.newest = hall.journal.head().seq
        pauses = [one.step() for _ in range(11)]
        assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, LONGEST_PAUSE_S, LONGEST_PAUSE_S]
        assert (one.row().state, one.row().tries, one.row().trouble) == ("retrying", 11, "HTTP 500")
        one.chance = lambda: 0.0
        assert one.step() == LONGEST_PAUSE_S / 2


def test_what_a_receiver_cannot_take_is_counted_and_the_next_one_is_sent(hall: Desk) -> None:
    with receiver("422", "400") as to:
        one = begun(hall, to, "issued", "called", "finished")
        visit(hall, "t1")
        assert deliver(one, hall) == []
        assert [m["event"] for m in to.taken()] == ["finished"]
        assert (one.row().refused, one.row().delivered) == (2, 1)


def test_a_receiver_that_is_gone_is_left_alone_until_somebody_asks_for_a_replay(hall: Desk) -> None:
    with receiver("200", "410") as to:
        one = begun(hall, to, "issued", "called")
        visit(hall, "t1")
        deliver(one, hall)
        assert (one.row().state, len(to.got)) == ("stopped", 2)
        again = sender(hall, to, "issued", "called")  # a restart does not begin again
        assert (again.step(), again.row().state, len(to.got)) == (IDLE_S, "stopped", 2)
        again.replay(to.got[0].said["seq"])
        deliver(again, hall)
        assert to.ids() == [to.ids()[0], to.ids()[1], *to.ids()[:2]]
        assert [m["event"] for m in to.taken()] == ["issued", "issued", "called"]


def test_a_backlog_ends_with_its_age_and_what_was_dropped_is_counted(hall: Desk) -> None:
    clock = hall.clock
    assert isinstance(clock, Clock)
    with receiver() as to:
        one = begun(hall, to, "issued", keep_h=1)
        visit(hall, "t1")
        clock.now += 3601
        visit(hall, "t2")
        deliver(one, hall)
        assert [m["data"]["label"] for m in to.taken()] == ["A002"]
        assert (one.row().dropped, one.row().behind) == (1, 0)


def test_a_ticket_that_was_issued_before_the_webhook_began_has_its_label(hall: Desk) -> None:
    with receiver() as to:
        hall.ask(c.Issue("t1", "code-t1", "tax"))
        one = begun(hall, to, "called")
        hall.ask(c.CallNext("1"))
        deliver(one, hall)
        assert [m["data"] for m in to.taken()] == [{"ticket": "t1", "window": "1", "label": "B001"}]


def test_after_a_restore_nothing_is_skipped_and_ids_are_new(hall: Desk) -> None:
    with receiver() as to:
        Cursors(hall.path.parent).write("town", Cursor(epoch=0, seq=10_000, delivered=7))
        one = begun(hall, to, "issued")
        visit(hall, "t1")
        deliver(one, hall)
        assert to.ids() == [f"hall/1/{to.got[0].said['seq']}"]
        assert one.row().delivered == 8


def test_a_test_message_says_what_the_receiver_answered(hall: Desk) -> None:
    with receiver("200", "500") as to:
        one = begun(hall, to, "issued")
        assert one.test("hall/test/1").model_dump() == {"delivered": True, "status": 200, "trouble": ""}
        assert one.test("hall/test/2").model_dump() == {"delivered": False, "status": 500, "trouble": "HTTP 500"}
        assert [got.said["event"] for got in to.got] == ["test", "test"]
        assert all(got.signed for got in to.got)
        assert one.row().delivered == 0


def test_a_replay_that_is_asked_for_while_a_message_is_under_way_is_not_forgotten(hall: Desk) -> None:
    with receiver() as to:
        one = begun(hall, to, "issued", "called")
        visit(hall, "t1")
        deliver(one, hall)
        visit(hall, "t2")
        first, send = to.got[0].said["seq"], one.post

        def asked_meanwhile(url: str, body: bytes, headers: Mapping[str, str]) -> int:
            one.post = send
            status = send(url, body, headers)
            one.replay(first)
            return status

        one.post = asked_meanwhile
        deliver(one, hall)
        assert [m["data"]["label"] for m in to.taken()] == ["A001", "A001", "A002", "A001", "A001", "A002", "A002"]
        assert len(set(to.ids())) == 4
