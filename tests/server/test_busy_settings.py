"""Crowds, the roster and the release of windows as hallcall.toml says them, with all mistakes at once."""

import pytest

from hall_server.core.busy import CrowdRule, Duty
from hall_server.settings import SettingsError, parse
from tests.server.halls import HALL

GOOD = """
[day]
release_min = 10

[[crowd]]
waiting = 120

[[crowd]]
service = "tax"
waiting = 40
wait_min = 45
stop = false

[[duty]]
role = "clerk"
who = ["li", "wu"]
days = ["mon", "fri"]
first = 2026-11-01
last = 2026-11-30
window = "1"

[[duty]]
role = "manager"
who = ["王经理"]
"""

BAD = """
[day]
release_min = 1
crowd = 100

[[crowd]]
waiting = 50

[[crowd]]
service = "taxes"
waiting = 5

[[crowd]]
service = "tax"

[[duty]]
role = "cook"
who = []
window = "7"
first = 2026-11-30
last = 2026-11-01
"""


def test_crowds_and_roster_are_read_as_rules_and_views_want_them() -> None:
    config = parse(HALL + GOOD).hall_config()
    assert config.crowds == (CrowdRule(waiting=120), CrowdRule("tax", 40, 2700, stop=False))
    assert config.roster == (
        Duty("clerk", ("li", "wu"), (0, 4), "2026-11-01", "2026-11-30", "1"), Duty("manager", ("王经理",)),
    )  # fmt: skip
    assert (config.day.release_min, parse(HALL).hall_config().day.release_min) == (10, 5)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as wrong:
        parse(HALL + BAD)
    assert [mistake.partition(": ")[2] for mistake in wrong.value.mistakes] == [
        "a minute without a network is no reason: write at least 2, or 0 for never.",
        "the hall has a limit already.",
        "there is no service 'taxes'. Did you mean 'tax'?",
        "say when it is too full: waiting, wait_min, or both.",
        "duty.0.role: Input should be 'clerk', 'concierge', 'manager' or 'maintenance' (it says 'cook').",
        "duty.0.who: Tuple should have at least 1 item after validation, not 0 (it says []).",
        "there is no window '7'.",
        "it ends before it begins.",
    ]
