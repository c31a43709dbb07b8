"""The settings of series: what they say to the rules, and all that can be wrong with them at once."""

import re
from pathlib import Path

import pytest

from hall_server.core.series import Series
from hall_server.settings import SettingsError, parse
from tests.server.halls import HALL, Api, open_api, problem
from tests.server.test_settings import PROFILE, SIGN2


def mistakes(text: str) -> list[str]:
    with pytest.raises(SettingsError) as wrong:
        parse(text)
    return [one.partition(": ")[2] for one in wrong.value.mistakes]


def test_series_and_what_becomes_of_the_night_go_to_the_rules_as_they_are_written() -> None:
    rows = '\n[[series]]\nprefix = "A"\ndigits = 4\nfirst = 101\nlast = 499\n'
    roll = '\n[[series]]\nprefix = "P"\nprinted = true\n\n[day]\novernight = "carry"\n'
    config = parse(HALL + rows + roll).hall_config()
    assert config.series == (Series("A", 4, 101, 499), Series("P", 3, 1, 999, printed=True))
    assert (config.day.overnight, parse(HALL).hall_config().day.overnight) == ("carry", "expire")


def test_two_services_share_a_letter_only_where_a_series_says_so() -> None:
    text = HALL.replace('prefix = "B"', 'prefix = "A"')
    said = "the prefix 'A' is used by two services: write a [[series]] if they shall share its numbers."
    assert mistakes(text) == [said, said]
    shared = parse(text + '\n[[series]]\nprefix = "A"\n').hall_config()
    assert [one.prefix for one in shared.services] == ["A", "A", "C"]


def test_all_that_is_wrong_with_series_is_said_at_once() -> None:
    rows = (
        'prefix = "A"\nfirst = 10\nlast = 9', 'prefix = "B"\nlast = 1000', 'prefix = "B"\nprinted = true',
        'prefix = "D"', 'prefix = ""\nprinted = true', 'prefix = "C"\ndigits = 6\ncolour = "red"',
    )  # fmt: skip
    found = mistakes(HALL + "".join(f"\n[[series]]\n{row}\n" for row in rows))
    assert found == [
        "the series 'A' ends before it begins.",
        "the series 'B' stands here a second time.",
        "1000 has more than 3 digits.",
        "the prefix 'B' is a service's: a printed roll needs a letter of its own.",
        "the series 'B' stands here a second time.",
        "no service has the prefix 'D'.",
        "a printed roll needs a letter, or its numbers might be anybody's.",
        "series.5.digits: Input should be less than or equal to 5 (it says 6).",
        "series.5.colour is not a setting.",
    ]


def test_a_sign_has_to_show_the_labels_of_a_printed_roll_too(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(PROFILE.replace("ascii", "digits(4)"), "utf-8")
    plain = re.sub('prefix = "[ABC]"', 'prefix = ""', HALL) + '\n[[series]]\nprefix = ""\n' + SIGN2
    assert len(parse(plain, folder=tmp_path).series) == 1
    with pytest.raises(SettingsError, match="sign2 cannot show 'P012': 'P012': the board has digits only"):
        parse(plain + '\n[[series]]\nprefix = "P"\nprinted = true\n', folder=tmp_path)


def test_a_mistake_in_a_series_leaves_the_one_in_force(tmp_path: Path) -> None:
    api: Api = open_api(tmp_path, HALL + '\n[[series]]\nprefix = "A"\nfirst = 101\n')
    home = tmp_path / "hallcall.toml"
    assert api.post("/tickets", {"service": "id"}).get_json()["label"] == "A101"
    home.write_text(home.read_text("utf-8").replace("first = 101", "first = 1001"), "utf-8")
    assert problem(api.post("/config/apply"))[0] >= 400
    assert api.post("/tickets", {"service": "id"}).get_json()["label"] == "A102"
    api.server.stop()
