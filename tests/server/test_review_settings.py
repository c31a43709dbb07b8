"""``review`` of a service in the settings: it comes to an end, somebody gives it, and nobody reviews themselves."""

import pytest

from hall_server.settings import SettingsError, parse

HALL = """
[hall]
zh = "大厅"
en = "Hall"
"""


def service(name: str, prefix: str, *more: str) -> str:
    return "\n".join(("[[service]]", f'id = "{name}"', f'prefix = "{prefix}"', 'zh = "业"', 'en = "Work"', *more, ""))


def window(name: str, *services: str) -> str:
    return f'[[window]]\nid = "{name}"\nservices = {list(services)}\n'.replace("'", '"')


def test_a_review_and_who_gives_it_reach_the_rules() -> None:
    text = HALL + service("id", "A", 'review = "check"') + service("check", "R", "offered = false")
    services = parse(text + window("1", "id") + window("2", "check")).hall_config().services
    assert [(one.id, one.review, one.offered) for one in services] == [("id", "check", True), ("check", "", False)]


def test_a_chain_of_reviews_is_no_circle() -> None:
    text = HALL + service("a", "A", 'review = "b"') + service("b", "B", 'review = "c"') + service("c", "C")
    assert parse(text + window("1", "a") + window("2", "b") + window("3", "c")).service[1].review == "c"


def test_all_that_is_wrong_with_reviews_is_told_at_once() -> None:
    services = (
        service("own", "A", 'review = "own"'), service("a", "B", 'review = "b"'), service("b", "C", 'review = "a"'),
        service("unknown", "D", 'review = "chek"'), service("lost", "E", 'review = "nobody"'),
        service("nobody", "F"), service("both", "G", 'review = "check"'), service("check", "H"),
    )  # fmt: skip
    windows = window("1", "own", "a", "b", "unknown", "lost") + window("2", "both", "check") + window("3", "check")
    with pytest.raises(SettingsError) as wrong:
        parse(HALL + "".join(services) + windows)
    assert [one.partition(": ")[2] for one in wrong.value.mistakes] == [
        "own: a service cannot review itself.",
        "a: reviews go round: b → a.",
        "b: reviews go round: a → b.",
        "there is no service 'chek'. Did you mean 'check'?",
        "lost: no window gives 'nobody', so nobody would review it.",
        "both: window 2 gives 'check' too, and would review its own work.",
    ]
