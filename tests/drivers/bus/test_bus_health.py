"""What is said about signs and their line, as evidence comes in on a fake clock: soon, once, and nothing untrue."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.bus import health
from drivers.bus.health import FAIL_AFTER_S, Line, Loss, Miss, Record, announced, port_missed, sign_good
from drivers.health import Health, State

SIGNS = ("w1", "w2", "w3")
OK = Health(State.OK)


def sign_missed(state: Line, sign: str, fault: str, now: float, *, wanted: bool = True) -> Line:
    """A text that was asked for did not arrive, or else a check had no answer; two tries each."""
    return health.sign_missed(state, sign, Miss(fault, "", 2, wanted), now)


def line(*signs: str, recover_s: float = 30.0) -> Line:
    return Line(dict.fromkeys(signs or SIGNS, Record()), recover_s=recover_s)


def round_of(state: Line, now: float, dead: tuple[str, ...] = ()) -> Line:
    for sign in state.signs:
        missed = sign in dead
        state = sign_missed(state, sign, "no_ack", now) if missed else sign_good(state, sign, now)
        now += 0.03
    return state


def words(state: Line) -> dict[str, tuple[str, ...]]:
    port, signs = announced(state, has_bus=True)
    return {name: (said.state, *said.faults) for name, said in {"bus": port, **signs}.items()}


def test_a_sign_is_unknown_until_it_has_answered_once() -> None:
    state = line()
    assert words(state) == {"bus": ("unknown",), "w1": ("unknown",), "w2": ("unknown",), "w3": ("unknown",)}
    state = sign_good(state, "w1", 0.0)
    assert words(state) == {"bus": ("ok",), "w1": ("ok",), "w2": ("unknown",), "w3": ("unknown",)}


def test_a_text_that_did_not_arrive_is_told_at_once_and_a_fault_after_four_seconds() -> None:
    state = round_of(line(), 0.0)
    state = sign_missed(state, "w2", "no_ack", 1.0)
    assert words(state)["w2"] == ("degraded", "no_ack")
    for second in range(2, 5):
        state = round_of(state, float(second), dead=("w2",))
        assert words(state)["w2"] == ("degraded", "no_ack")
    state = round_of(state, 1.0 + FAIL_AFTER_S, dead=("w2",))
    assert words(state) == {"bus": ("ok",), "w1": ("ok",), "w2": ("failed", "no_ack"), "w3": ("ok",)}


def test_a_failed_sign_is_ok_after_thirty_good_seconds_without_a_miss() -> None:
    state = round_of(line(), 0.0)
    for second in range(1, 8):
        state = round_of(state, float(second), dead=("w2",))
    for second in range(8, 20):
        state = round_of(state, float(second))
    state = round_of(state, 20.0, dead=("w2",))
    told = {second: words(state := round_of(state, float(second)))["w2"] for second in range(21, 52)}
    assert told == {
        **dict.fromkeys(range(21, 38), ("failed", "no_ack")),
        **dict.fromkeys(range(38, 51), ("degraded", "lossy")),
        51: ("ok",),
    }


def test_a_check_that_missed_is_counted_and_not_told() -> None:
    state = sign_missed(round_of(line(), 0.0), "w2", "no_ack", 1.0, wanted=False)
    assert words(state)["w2"] == ("ok",)
    assert state.signs["w2"].suspect
    state = sign_missed(state, "w2", "no_ack", 2.0)
    assert words(state)["w2"] == ("degraded", "no_ack")


def test_an_exchange_that_needed_a_second_try_begins_the_thirty_seconds_anew() -> None:
    state = sign_missed(round_of(line(), 0.0), "w2", "no_ack", 1.0)
    for second in range(2, 60):
        state = sign_good(state, "w2", float(second), tries=1 + (second == 20))
        assert words(state)["w2"] == (("degraded", "no_ack") if second < 51 else ("ok",))


@pytest.mark.parametrize(("lost", "questions"), [(0, 6), (5, 7), (30, 18), (51, 31), (99, 73)])
def test_the_more_a_line_loses_the_more_silence_it_takes_to_accuse(lost: int, questions: int) -> None:
    assert Line({}, before=Loss(500, lost, 100)).enough == questions
    assert Line({}, lately=Loss(30, lost, 100)).enough == questions


def test_of_a_dead_sign_nothing_is_learnt_about_the_cable() -> None:
    state = round_of(line(), 0.0)
    for second in range(1, 20):
        state = sign_missed(state, "w2", "no_ack", float(second))
        state = sign_good(state, "w1", second + 0.2)
    assert sign_good(state, "w2", 20.0).before == Loss(500, 0.4, 20 + 3 + 19)


def test_a_dead_line_is_one_fault_and_no_sign_is_accused() -> None:
    state = round_of(line(), 0.0)
    told = [words(state)]
    for second in range(1, 9):
        state = round_of(state, float(second), dead=SIGNS)
        if words(state) != told[-1]:
            told.append(words(state))
    degraded = {"bus": ("ok",), **dict.fromkeys(SIGNS, ("degraded", "no_ack"))}
    failed = {"bus": ("failed", "bus_down"), **dict.fromkeys(SIGNS, ("unknown", "bus_down"))}
    assert told == [{"bus": ("ok",), **dict.fromkeys(SIGNS, ("ok",))}, degraded, failed]


def test_a_line_that_comes_back_accuses_no_sign_and_is_ok_after_thirty_seconds() -> None:
    state = round_of(line(), 0.0)
    for second in range(1, 9):
        state = round_of(state, float(second), dead=SIGNS)
    state = sign_good(state, "w1", 60.0)
    state = sign_missed(state, "w2", "no_ack", 60.1)
    assert words(state)["w2"] == ("unknown", "bus_down")
    for second in range(61, 90):
        state = round_of(state, float(second))
        assert words(state)["bus"] == ("failed", "bus_down")
    assert words(round_of(state, 92.0)) == {"bus": ("ok",), **dict.fromkeys(SIGNS, ("ok",))}


def test_a_sign_that_stays_dead_when_its_line_comes_back_is_named() -> None:
    state = round_of(line(), 0.0)
    for second in range(1, 9):
        state = round_of(state, float(second), dead=SIGNS)
    for second in range(9, 15):
        state = round_of(state, float(second), dead=("w3",))
    assert words(state)["w3"] == ("failed", "no_ack")


def test_a_missing_adapter_is_the_lines_fault_and_without_a_line_device_each_signs_reason() -> None:
    state = round_of(line("w1", "w2"), 0.0)
    state = port_missed(state, "port_missing", "", 1.0)
    assert words(state) == {
        "bus": ("degraded", "port_missing"),
        "w1": ("degraded", "port_missing"),
        "w2": ("degraded", "port_missing"),
    }
    state = port_missed(state, "port_missing", "gone", 5.1)
    assert words(state) == {
        "bus": ("failed", "port_missing"),
        "w1": ("unknown", "port_missing"),
        "w2": ("unknown", "port_missing"),
    }
    reason = Health(State.FAILED, ("port_missing",), "gone")
    assert announced(state, has_bus=False)[1] == {"w1": reason, "w2": reason}


def test_an_open_port_on_which_nobody_answers_is_no_missing_port_any_more() -> None:
    state = round_of(line("w1", "w2"), 0.0)
    for second in range(1, 7):
        state = port_missed(state, "port_missing", "", float(second))
    for second in range(7, 9):
        state = round_of(state, float(second), dead=("w1", "w2"))
    assert words(state)["bus"] == ("failed", "bus_down")


def test_noise_on_the_whole_line_is_named_noise() -> None:
    state = round_of(line(), 0.0)
    for second in range(1, 7):
        for sign in SIGNS:
            state = sign_missed(state, sign, "garbled", float(second))
    assert words(state)["bus"] == ("failed", "garbled")


def test_the_only_sign_of_a_line_answers_for_itself() -> None:
    state = sign_good(line("w1"), "w1", 0.0)
    for second in range(1, 7):
        state = sign_missed(state, "w1", "no_ack", float(second))
    assert words(state) == {"bus": ("ok",), "w1": ("failed", "no_ack")}


def test_a_loose_plug_of_one_sign_does_not_hide_that_another_is_dead() -> None:
    state = round_of(line("w1", "w2", "w3", "w4"), 0.0)
    for second in range(1, 11):
        state = sign_missed(state, "w1", "no_ack", second + 0.0)
        state = sign_missed(state, "w2", "no_ack", second + 0.2)
        state = round_of(state, second + 0.4, dead=("w1",))
    assert words(state)["w1"] == ("failed", "no_ack")
    assert words(state)["w2"] == ("degraded", "lossy")


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.tuples(st.floats(0.2, 3.9), st.sampled_from([(), ("w1",), ("w2",), ("w1", "w3"), SIGNS])),
        max_size=60,
    )
)
def test_a_flapping_cable_raises_nothing(steps: list[tuple[float, tuple[str, ...]]]) -> None:
    """Whoever misses answers again within 4 s: nobody is called failed or unknown, and OK comes only from good."""
    state, now = round_of(line(), 0.0), 1.0
    for pause_s, dead in steps:
        before = words(state)
        state = round_of(state, now, dead)
        assert all(said[0] in ("ok", "degraded") for said in words(state).values())
        for sign in dead:
            assert words(state)[sign][0] == "degraded", "a sign that lacks its text is never ok"
        assert {sign for sign in SIGNS if before[sign][0] != "ok" and words(state)[sign][0] == "ok"} == set()
        now += min(pause_s, 3.5)
        state = round_of(state, now)
        now += 0.2
        if now > 28:
            break


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_whatever_happens_ok_means_answered_and_failed_means_four_silent_seconds(data: st.DataObject) -> None:
    state, now = line(recover_s=5.0), 0.0
    answered: dict[str, float] = {}
    for _ in range(data.draw(st.integers(0, 80))):
        now += data.draw(st.floats(0.01, 1.5))
        event = data.draw(st.sampled_from(["good", "good", "miss", "port"]))
        sign = data.draw(st.sampled_from(SIGNS))
        before = words(state)
        if event == "good":
            state, answered[sign] = sign_good(state, sign, now), now
        elif event == "miss":
            state = sign_missed(state, sign, "no_ack", now)
        else:
            state = port_missed(state, "unreachable", "", now)
        said = words(state)
        for name in SIGNS:
            if said[name][0] == "ok":
                assert name in answered
                assert not state.signs[name].suspect, "the latest text did not arrive"
            if said[name][0] == "failed" and before[name][0] != "failed":
                first = state.signs[name].first_miss
                assert first is not None
                assert now - first >= FAIL_AFTER_S
                assert answered.get(name, 0.0) <= first
                assert any(at > first for other, at in answered.items() if other != name)
        if event == "port":
            assert not any(said[name][0] == "ok" for name in SIGNS)


@pytest.mark.parametrize("has_bus", [True, False])
def test_what_was_never_heard_is_unknown_with_or_without_a_line_device(has_bus: bool) -> None:
    assert announced(line("w1"), has_bus)[1] == {"w1": Health(State.UNKNOWN)}


@pytest.mark.parametrize("fault", ["nak", "stuck"])
def test_signs_that_all_refuse_or_hold_another_text_are_accused_and_the_line_is_not(fault: str) -> None:
    state = Line({"w1": Record(), "w2": Record()})
    for second in range(6):
        for sign in ("w1", "w2"):
            state = sign_missed(state, sign, fault, float(second))
    port, signs = announced(state, has_bus=True)
    assert (port.state, port.faults) == (State.OK, ())
    assert {(said.state, said.faults) for said in signs.values()} == {(State.FAILED, (fault,))}
