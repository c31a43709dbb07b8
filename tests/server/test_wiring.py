"""A device that moves to another address: its station is told at once, and the journal remembers it."""

from pathlib import Path

from hall_server.settings import FILE
from tests.server.halls import HALL, open_api


def test_applied_settings_reach_stations_and_the_asset_register_without_a_new_start(tmp_path: Path) -> None:
    api = open_api(tmp_path)
    try:
        moved = HALL.replace("tcp://127.0.0.1:9", 'tcp://127.0.0.1:10"\nserial = "X7').replace(
            'id = "scanner2"', 'id = "scanner3"'
        )
        (tmp_path / FILE).write_text(moved, "utf-8")
        rows = api.rows()
        assert api.post("/config/apply").get_json() == {"changed": True}
        assert api.post("/config/apply").get_json() == {"changed": False}
        devices = {one["id"]: one for one in api.get("/devices").get_json()["devices"]}
        assert list(devices) == ["printer1", "sign1", "scanner3"]
        printer = devices["printer1"]
        assert (printer["address"], printer["asset"]["serial"]) == ("tcp://127.0.0.1:10", "X7")
        told = api.server.live.newest().owed["K1"]
        assert ([one.url for one in told.devices], told.rev) == (["tcp://127.0.0.1:10"], rows + 1)
    finally:
        api.server.stop()


def test_the_register_alone_is_no_news_for_the_hall(tmp_path: Path) -> None:
    api = open_api(tmp_path)
    try:
        (tmp_path / FILE).write_text(HALL.replace('"高拍仪"', '"高拍仪"\nmodel = "S 200"'), "utf-8")
        assert api.post("/config/apply").get_json() == {"changed": False}
        row = next(one for one in api.get("/devices").get_json()["devices"] if one["id"] == "scanner2")
        assert (row["asset"]["model"], row["asset"]["criticality"]) == ("S 200", "normal")
    finally:
        api.server.stop()
