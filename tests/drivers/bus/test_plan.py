"""The scheduler on a fake clock: calls first, newest wins, nobody starves, everyone is checked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.bus.health import Record
from drivers.bus.plan import DEAD_PROBE_MAX_S, Job, Kind, Want, asked, choose, tried, turned
from drivers.health import State
from drivers.ports import SignContent

EXCHANGE_S = 0.035  # a ticket number and its acknowledgement at 9600 Bd
HEALTHY = Record(State.OK, last_good=0.0)


def content(name: str, *, urgent: bool = False, pages: tuple[str, ...] = ("A012",)) -> SignContent:
    return SignContent(name, pages, page_s=2.0, urgent=urgent)


def resting(now: float) -> Want:
    return Want(tried_at=now)


def served(wants: dict[str, Want], records: dict[str, Record], until: float) -> list[tuple[float, str, Kind]]:
    """Run the line on a fake clock; every exchange takes as long as on the wire."""
    now, log = 0.0, []
    while now < until:
        wants.update({sign: turned(want, now) for sign, want in wants.items()})
        choice = choose(wants, records, now)
        if isinstance(choice, Job):
            log.append((round(now, 3), choice.sign, choice.kind))
            now += EXCHANGE_S
            wants[choice.sign] = tried(wants[choice.sign], now, 1.0)
        else:
            now += max(choice, 0.001)
    return log


def test_a_call_goes_before_a_state_before_a_probe_before_a_refresh() -> None:
    suspect = Record(State.DEGRADED, last_good=9.0, first_miss=8.5)
    wants = {
        "refresh": resting(6.4),
        "probe": Want(tried_at=8.9),
        "state": asked(resting(9.0), content("s"), 10.0),
        "call": asked(resting(9.0), content("c", urgent=True), 10.0),
    }
    records = dict.fromkeys(wants, HEALTHY) | {"probe": suspect}
    assert [kind for _, _, kind in served_from(wants, records, 10.0)] == [
        Kind.CALL,
        Kind.STATE,
        Kind.PROBE,
        Kind.REFRESH,
    ]


def served_from(wants: dict[str, Want], records: dict[str, Record], now: float) -> list[tuple[float, str, Kind]]:
    log = []
    for _ in range(len(wants)):
        choice = choose(wants, records, now)
        assert isinstance(choice, Job)
        log.append((now, choice.sign, choice.kind))
        wants[choice.sign] = tried(wants[choice.sign], now, 1.0)
    return log


def test_eight_contents_at_once_are_one_frame_with_the_newest() -> None:
    want = resting(0.0)
    for number in range(8):
        want = asked(want, content(f"c{number}", urgent=True, pages=(f"A{number:03}",)), 1.0 + number / 100)
    wants = {"w1": want}
    assert want.text == "A007"
    assert served_from(wants, {"w1": HEALTHY}, 2.0) == [(2.0, "w1", Kind.CALL)]
    assert choose(wants, {"w1": HEALTHY}, 2.0) == 3.5


def test_a_replaced_content_keeps_its_place_in_the_queue() -> None:
    first = asked(resting(0.0), content("old", urgent=True), 1.0)
    wants = {
        "a": asked(resting(0.0), content("other", urgent=True), 1.5),
        "b": asked(first, content("new", urgent=True), 2.0),
    }
    choice = choose(wants, dict.fromkeys(wants, HEALTHY), 2.0)
    assert choice == Job("b", Kind.CALL, 1.0)


def test_an_idle_line_checks_every_sign_at_least_every_four_seconds() -> None:
    wants = {f"w{number}": Want() for number in range(32)}
    log = served(wants, dict.fromkeys(wants, HEALTHY), 30.0)
    for sign in wants:
        times = [at for at, who, _ in log if who == sign]
        assert max(after - before for before, after in zip(times, times[1:], strict=False)) <= 4.0


def test_a_sign_that_missed_is_probed_each_second() -> None:
    wants = {"w1": resting(0.0), "w2": resting(0.0)}
    records = {"w1": Record(State.DEGRADED, first_miss=0.0), "w2": Record(State.OK, last_good=0.5)}
    probes = [at for at, who, _ in served(wants, records, 6.0) if who == "w1"]
    gaps_s = [after - before for before, after in zip(probes, probes[1:], strict=False)]
    assert len(gaps_s) == 4
    assert all(1.0 <= gap_s < 1.1 for gap_s in gaps_s)


def test_after_a_miss_the_others_are_asked_at_once_whether_it_is_the_line() -> None:
    wants = {"w1": resting(10.0), "w2": resting(10.0)}
    records = {"w1": Record(State.DEGRADED, last_good=6.0, first_miss=10.0), "w2": Record(State.OK, last_good=9.0)}
    assert choose(wants, records, 10.1) == Job("w2", Kind.PROBE, 10.1)
    answered = records | {"w2": Record(State.OK, last_good=10.2)}
    assert not isinstance(choose({**wants, "w2": resting(10.2)}, answered, 10.3), Job)


def test_pages_alternate_and_a_single_page_never_turns() -> None:
    wants = {
        "two": asked(resting(0.0), content("t", pages=("A012", "请到3号")), 0.0),
        "one": asked(resting(0.0), content("o"), 0.0),
    }
    shown = []
    now = 0.0
    while now < 8.0:
        wants = {sign: turned(want, now) for sign, want in wants.items()}
        choice = choose(wants, dict.fromkeys(wants, HEALTHY), now)
        if isinstance(choice, Job):
            if choice.sign == "two":
                shown.append(wants["two"].text)
            wants[choice.sign] = tried(wants[choice.sign], now, 1.0)
        else:
            now += max(choice, 0.001)
    assert shown == ["A012", "请到3号", "A012", "请到3号"]
    assert wants["one"].text == "A012"


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(0.0, 0.3), min_size=20, max_size=120), st.integers(0, 5))
def test_a_flood_of_calls_starves_nobody(pauses: list[float], dead: int) -> None:
    """Calls for two signs outrun the line; each other is still spoken to within 5 s and a bit, a dead one later."""
    wants = {f"w{number}": resting(0.0) for number in range(8)}
    records: dict[str, Record] = dict.fromkeys(wants, HEALTHY)
    for number in range(dead):
        records[f"w{7 - number}"] = Record(State.FAILED, last_good=-9.0, first_miss=-8.0)
    last = dict.fromkeys(wants, 0.0)
    calls, now, call_at = iter(pauses * 4), 0.0, 0.0
    longest_s = dict.fromkeys(wants, 0.0)
    while now < 26.0:
        while call_at <= now:
            for sign in ("w0", "w1"):
                wants[sign] = asked(wants[sign], content(f"c{call_at}", urgent=True), now)
            call_at += next(calls, 0.02) + 0.001
        choice = choose(wants, records, now)
        if not isinstance(choice, Job):
            now += max(min(choice, call_at - now), 0.001)
            continue
        now += EXCHANGE_S if records[choice.sign].state is State.OK else 0.27
        longest_s[choice.sign] = max(longest_s[choice.sign], now - last[choice.sign])
        last[choice.sign] = now
        wants[choice.sign] = tried(wants[choice.sign], now, 1.0)
    for sign, at in last.items():
        limit_s = 3.5 + 3.0 + 2.0 + (DEAD_PROBE_MAX_S if records[sign].state is State.FAILED else 0.0)
        assert max(longest_s[sign], now - at) < limit_s, sign


def test_a_sign_that_never_answers_is_painted_and_never_probed() -> None:
    wants = {"silent": asked(Want(), content("s"), 0.0), "w1": Want(), "w2": Want()}
    log = served(wants, dict.fromkeys(("w1", "w2"), HEALTHY), 70.0)
    kinds = [(round(at), kind) for at, sign, kind in log if sign == "silent"]
    assert kinds == [(0, Kind.STATE), (30, Kind.REFRESH), (60, Kind.REFRESH)]


def test_a_silent_sign_is_no_witness_for_a_dead_one() -> None:
    records = {"w1": Record(State.DEGRADED, last_good=0.0, first_miss=0.9), "w2": HEALTHY}
    wants = {"silent": resting(0.0), "w1": resting(0.9), "w2": resting(0.5)}
    assert choose(wants, records, 1.0) == Job("w2", Kind.PROBE, 1.0)
    del wants["w2"]
    assert choose(wants, records, 1.0) == pytest.approx(0.9)
