"""An alarm over HTTP: who raises and lifts it, what everybody is told, what is refused, and that a restart keeps it."""

from pathlib import Path

from hall_server.app import Hosting, build
from hall_server.settings import FILE, load
from tests.server.halls import Api, open_api, problem

TEXT = {
    "zh": "发生火情，请立即有序离开，不要乘坐电梯",
    "en": "Fire. Please leave the hall now, calmly. Do not use the lifts.",
}


def test_a_concierge_raises_the_alarm_everybody_reads_it_and_a_manager_lifts_it(api: Api) -> None:
    ticket = api.post("/tickets", {"service": "id"}).get_json()
    raised = api.post("/emergency", {"kind": "fire"}, "concierge").get_json()["alarm"]
    assert {name: raised[name] for name in ("kind", "by", "text")} == {
        "kind": "fire", "by": "concierge:sun", "text": TEXT,
    }  # fmt: skip
    assert api.get("/board").get_json()["emergency"] == TEXT
    assert api.get("/emergency", "clerk").get_json() == {"alarm": raised}
    for path, body, role in (
        ("/windows/1/next", {}, "clerk"), ("/tickets", {"service": "id"}, "kiosk"),
        ("/tickets", {"service": "id"}, "concierge"),
    ):  # fmt: skip
        assert problem(api.post(path, body, role)) == (409, "emergency")
    assert problem(api.post("/emergency", {"kind": "fire"}, "manager")) == (409, "emergency_stands")
    assert api.post("/emergency/lift", {}, "manager").get_json() == {"alarm": None}
    assert problem(api.post("/emergency/lift", {}, "manager")) == (409, "no_emergency")
    assert api.post("/windows/1/next", {}, "clerk").get_json()["label"] == ticket["label"]


def test_no_other_danger_than_the_three_is_raised(api: Api) -> None:
    before = api.rows()
    for wrong in ({"kind": "flood"}, {}, {"kind": None}, {"kind": ["fire"]}, {"kind": "fire", "by": "somebody"}):
        assert problem(api.post("/emergency", wrong)) == (400, "invalid")
    assert api.rows() == before


def test_a_server_that_is_started_again_shows_the_alarm_as_before(tmp_path: Path) -> None:
    first = open_api(tmp_path)
    key = "held-for-two-seconds"
    alarm = first.post("/emergency", {"kind": "earthquake"}, "concierge", key=key).get_json()
    first.server.stop()
    second = Api(build(load(tmp_path / FILE), tmp_path, Hosting()), first.tokens)
    assert second.get("/emergency").get_json() == alarm
    assert second.post("/emergency", {"kind": "earthquake"}, "concierge", key=key).get_json() == alarm, "asked again"
    assert problem(second.post("/tickets", {"service": "id"}, "kiosk")) == (409, "emergency")
    second.server.stop()
