"""Letters in front of numbers: the best that is free, and what is said of those that are misheard."""

import pytest

from hall_server.register.prefixes import suggested, warnings


def test_the_best_letters_come_first_and_never_one_that_is_misheard_as_long_as_there_is_another() -> None:
    used: list[str] = []
    while letter := suggested(used):
        used.append(letter)
    assert "".join(used) == "ACFMJLNRSUWXYZB"


@pytest.mark.parametrize(
    ("letter", "others", "said"),
    [
        ("A", "BCD", ()),
        ("H", "", ("prefix_misheard",)),
        ("K", "", ("prefix_misheard",)),
        ("B", "AC", ()),
        ("B", "AP", ("prefix_rhymes",)),
        ("D", "BD", ("prefix_misheard", "prefix_rhymes")),
        ("", "B", ()),
    ],
)
def test_what_to_think_of(letter: str, others: str, said: tuple[str, ...]) -> None:
    assert warnings(letter, others) == said
