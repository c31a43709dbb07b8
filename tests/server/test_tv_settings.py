"""[tv] in the settings: how far away people sit, for all screens or for one, and a word where that cannot work."""

from pathlib import Path

from click.testing import CliRunner
from werkzeug.test import Client

from display.distance import Distance
from hall_server.app import Hosting, build
from hall_server.cli import main
from hall_server.settings import FILE, load, parse
from tests.model.moves import Clock
from tests.server.halls import HALL, HERE, write_settings
from tests.server.test_settings import mistakes

SCREEN = """
[[device]]
id = "{id}"
kind = "{kind}"
zh = "大屏"
en = "Hall TV"
"""


def test_a_screen_has_the_distance_of_all_unless_it_has_its_own() -> None:
    told = parse(f"{HALL}[tv]\ninches = 65\n{SCREEN.format(id='tv7', kind='tv')}farthest_m = 14.5\n")
    (own,) = (device for device in told.device if device.id == "tv7")
    assert (told.tv.of(None), told.tv.of(own)) == (Distance(65, 10), Distance(65, 14.5))


def test_what_no_screen_can_be_and_what_is_no_screen_are_mistakes() -> None:
    text = f"{HALL}[tv]\ninches = 5\n{SCREEN.format(id='cam', kind='camera')}farthest_m = 9\n"
    found = "\n".join(mistakes(text))
    assert "tv.inches: Input should be greater than or equal to 20 (it says 5)." in found
    assert "only a tv has it." in found


def test_the_check_of_the_settings_says_when_a_screen_is_too_small(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(f"{HALL}[tv]\ninches = 32\n{SCREEN.format(id='tv7', kind='tv')}", "utf-8")
    said = CliRunner().invoke(main, ["config", "check", "--home", str(tmp_path)])
    assert said.exit_code == 0
    assert "tv7: 32 inches are too few for 10 m" in said.output
    (tmp_path / FILE).write_text(f"{HALL}{SCREEN.format(id='tv7', kind='tv')}", "utf-8")
    assert "inches" not in CliRunner().invoke(main, ["config", "check", "--home", str(tmp_path)]).output


def test_each_screen_gets_the_page_for_its_own_seats_and_whoever_asks_hears_that_we_are_there(tmp_path: Path) -> None:
    write_settings(tmp_path, f"{HALL}{SCREEN.format(id='tv7', kind='tv')}farthest_m = 2\n")
    server = build(load(tmp_path / FILE), tmp_path, Hosting(clock=Clock()))
    client = Client(server.wsgi)
    token = server.desk.grant("token", "tv", "tv7", None, "test")
    own = client.get("/tv", headers={"Authorization": f"Bearer {token}"}, environ_base=HERE).get_data(as_text=True)
    others = client.get("/tv", environ_base=HERE).get_data(as_text=True)
    assert ("/tv/far-" in own, "/tv/far-79.css" in others) == (False, True)
    sheet = client.get("/tv/far-79.css", environ_base=HERE)
    assert (sheet.mimetype, sheet.get_data(as_text=True).splitlines()[0]) == ("text/css", ":root { --floor: 79; }")
    alive = client.get("/healthz", headers={"Origin": "null"}, environ_base=HERE)
    assert (alive.status_code, alive.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert "Access-Control-Allow-Origin" not in client.get("/readyz", environ_base=HERE).headers
    server.stop()
