"""Groups of services: named in the settings, sent with the board, and told when nobody knows them."""

from pathlib import Path

import pytest

from hall_server.settings import SettingsError, parse
from tests.server.halls import HALL, open_api

GROUP = '\n[[group]]\nid = "home"\nzh = "住房"\nen = "Housing"\nicon = "house"\n'
GROUPED = HALL.replace('id = "loans"\n', 'id = "loans"\ngroup = "home"\n')


def test_C21_a_kiosk_hears_of_groups_with_the_board(tmp_path: Path) -> None:
    api = open_api(tmp_path, GROUPED + GROUP)
    board = api.get("/board").get_json()
    assert board["groups"] == [{"id": "home", "name": {"zh": "住房", "en": "Housing"}, "icon": "house"}]
    assert [row["group"] for row in board["services"]] == [None, None, "home"]
    api.server.stop()


def test_a_group_that_nobody_knows_is_a_mistake_of_the_settings() -> None:
    with pytest.raises(SettingsError) as wrong:
        parse(GROUPED.replace('group = "home"', 'group = "hous"') + GROUP)
    (said,) = wrong.value.mistakes
    assert "'home'" in said
