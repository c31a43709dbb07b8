"""Two servers of one hall agree who is at a window: whom one of them hears, the other does not release."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hall_server.app import Hosting, build
from hall_server.settings import FILE, load
from tests.server.halls import HALL, Api, write_settings
from tests.server.test_attendance import Hearing, li_signs_in

ROUNDS = 120 // 9 + 3  # of nine seconds, until whoever nobody hears is released
pytestmark = pytest.mark.needs("postgres")


@pytest.fixture
def pair(tmp_path: Path, database: str) -> Iterator[tuple[Hearing, Hearing]]:
    with ExitStack() as stack:
        made = []
        for name in ("left", "right"):
            write_settings(tmp_path / name, f'{HALL}\n[day]\nrelease_min = 2\n[server]\ndatabase = "{database}"\n')
            server = build(load(tmp_path / name / FILE), tmp_path / name, Hosting())
            stack.callback(server.stop)
            made.append(Hearing(Api(server, {})))
        yield made[0], made[1]


def test_whom_the_other_server_hears_keeps_the_window_and_only_one_of_them_releases_it(
    pair: tuple[Hearing, Hearing],
) -> None:
    left, right = pair
    left.pages = {li_signs_in(left.api)}
    for _ in range(ROUNDS):  # the page is connected to the left server; the clocks go on together
        left.pass_time(9)
        right.pass_time(9)
    assert (left.told(), right.clerk()) == ([], "clerk:li")
    left.pages, right.pages = set(), left.pages  # it took the other address
    right.pass_time(9)
    for _ in range(ROUNDS):
        left.pass_time(9)
        right.pass_time(9)
    assert (left.told(), left.clerk()) == ([], "clerk:li")
    right.pages = set()
    for _ in range(ROUNDS):
        left.pass_time(9)
        right.pass_time(9)
    assert right.told() == [("WindowReleased", "server")]
    assert (left.clerk(), right.clerk()) == ("", "")
