"""Groups on the kiosk's first page: only where there are more services than tiles, and something behind each."""

from dataclasses import replace

from display.board import Group, Name
from kiosk import groups
from tests.station.fake_hall import demo_board

HOME, WORK = (Group(name, Name(name, name), "house") for name in ("home", "work"))


def test_groups_stand_there_from_seven_services_on_and_only_if_two_of_them_have_some() -> None:
    first, *rest = demo_board().services
    many = [replace(first, id=f"s{n}", group="home") for n in range(5)]
    board = replace(demo_board(), groups=(HOME, WORK))
    few = replace(board, services=(*many, replace(first, group="work")))
    assert groups.shown(few) == []
    assert groups.shown(replace(board, services=(*many, first, *rest))) == []
    assert groups.shown(replace(board, services=(*many, replace(first, group="work"), *rest))) == [HOME, WORK]
    hidden = replace(first, group="work", offered=False)
    assert groups.shown(replace(board, services=(*many, hidden, *rest))) == []
