"""Facts to JSON and back: nothing is lost, old rows stay readable, newer ones are no trouble."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hall_server.core import facts
from hall_server.core.config import HallConfig

ROUND = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# JSON has no NaN, no infinity and no half of a surrogate pair; the journal holds none either.
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(str, st.text(st.characters(codec="utf-8"), max_size=12))


@pytest.mark.parametrize("kind", facts.KINDS, ids=str)
@given(data=st.data())
@ROUND
def test_every_kind_of_fact_survives_the_journal(kind: str, data: st.DataObject) -> None:
    fact = data.draw(st.from_type(facts.KINDS[kind]))
    text = json.dumps(facts.dump(fact), ensure_ascii=False)
    assert facts.load(kind, json.loads(text)) == fact


def test_the_table_of_kinds_holds_every_fact_under_its_own_name() -> None:
    assert {name: kind.__name__ for name, kind in facts.KINDS.items()} == {name: name for name in facts.KINDS}
    assert set(facts.KINDS.values()) == set(facts.Fact.__args__)


def test_what_equals_its_default_is_not_written() -> None:
    assert facts.dump(facts.TicketCalled("t1", "1")) == {"ticket": "t1", "window": "1"}
    assert facts.dump(facts.HallConfigured(HallConfig("厅", "Hall"))) == {"config": {"zh": "厅", "en": "Hall"}}


def test_a_row_of_an_older_program_gets_the_defaults_of_what_it_does_not_say() -> None:
    assert facts.load("TicketCalled", {"ticket": "t1", "window": "1"}) == facts.TicketCalled("t1", "1", "", 0, None)


def test_a_row_of_a_newer_program_is_read_without_what_this_one_does_not_know() -> None:
    body: dict[str, Any] = {"ticket": "t1", "window": "1", "colour": "blue"}
    assert facts.load("TicketCalled", body) == facts.TicketCalled("t1", "1")


def test_a_kind_that_this_program_does_not_know_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(KeyError):
        facts.load("TicketTeleported", {})


def test_false_and_zero_do_not_pass_for_each_others_default() -> None:
    written = facts.dump(facts.TicketCalled("t1", "1", overtaken=False))
    assert written == {"ticket": "t1", "window": "1", "overtaken": False}
