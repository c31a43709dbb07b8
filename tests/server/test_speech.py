"""Voice modules in the settings, in what a station is owed, and in what it reports, through the API."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hall_server.owed import owed
from tests.server.halls import HALL, Api, open_api, problem
from tests.server.test_settings import mistakes

VOICE = """
[[device]]
id = "voice1"
kind = "voice"
zh = "语音模块"
en = "Voice module"
url = "socket://127.0.0.1:7000"
options = { family = "xfs5152", volume = "8" }
"""


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    opened = open_api(tmp_path, HALL + VOICE)
    yield opened
    opened.server.stop()


def owes(api: Api) -> list[dict[str, Any]]:
    desk = api.server.desk
    told = desk.look(lambda hall: owed(hall, "hall", desk.orders, desk.outside))
    return [one.model_dump(exclude={"at", "ticket"}) for one in told.speech]


def report(api: Api, announcement: str, spoken: bool, evidence: str = "") -> int:
    told = {"device": "voice1", "announcement": announcement, "spoken": spoken, "evidence": evidence}
    return api.post("/stations/hall/reports", {"spoken": [told]}, "station").status_code


def kinds(api: Api) -> list[str]:
    rows = api.get("/journal").get_json()["rows"]
    return [row["kind"] for row in rows if "Spoken" in row["kind"]]


def test_a_call_is_owed_to_the_station_and_what_came_of_it_is_on_the_clerk_s_screen(api: Api) -> None:
    for _ in range(2):
        api.post("/tickets", {"service": "id"})
    api.post("/windows/1/next", {}, "clerk")
    (order,) = owes(api)
    assert order == {"id": order["id"], "device": "voice1", "label": "A001", "window": "1", "test": None}
    assert [report(api, order["id"], False, "nak") for _ in range(2)] == [200, 200]
    assert api.get("/windows/1", "clerk").get_json()["ticket"]["unspoken"] is True
    assert owes(api) == []
    assert api.post("/windows/1/recall", {}, "clerk").status_code == 200, "it may be called again at once"
    (again,) = owes(api)
    report(api, again["id"], True)
    assert api.get("/windows/1", "clerk").get_json()["ticket"]["unspoken"] is False
    assert kinds(api) == ["TicketNotSpoken", "TicketSpoken"]


def test_a_module_is_tested_by_a_sentence(api: Api) -> None:
    row = api.post("/devices/voice1/test", {}, "maintenance").get_json()
    assert [(one["id"], one["test"]) for one in owes(api)] == [
        (f"test-{row['test']['id']}", {"zh": "语音模块", "en": "Voice module"})
    ]
    report(api, f"test-{row['test']['id']}", True, "taken, busy, idle after 2.1 s")
    rows = api.get("/devices", "maintenance").get_json()["devices"]
    assert next(one["test"]["outcome"] for one in rows if one["id"] == "voice1") == "spoken"
    assert owes(api) == []


def test_a_station_speaks_for_its_own_modules_only(api: Api) -> None:
    told = {"device": "voice1", "announcement": "call-1", "spoken": True}
    assert problem(api.post("/stations/K1/reports", {"spoken": [told]}, "kiosk")) == (404, "unknown_device")
    assert report(api, "call-999", True) == 200, "what nobody owes is no news"
    assert kinds(api) == []


def test_every_mistake_of_a_voice_module_is_told_at_once() -> None:
    wrong = VOICE.replace('"8"', '"11"').replace("family", "familly")
    at_kiosk = VOICE.replace("voice1", "voice2").replace(":7000", ":7001") + 'kiosk = "K1"\n'
    shared = VOICE.replace("voice1", "voice3").replace(":7000", ":7#9")
    spelt = VOICE.replace("voice1", "voice4").replace(":7000", ":7004").replace(
        'family = "xfs5152", volume = "8"', 'english = "yes", volume = "loud"'
    )  # fmt: skip
    found = "\n".join(mistakes(HALL + wrong + at_kiosk + shared + spelt))
    for sentence in (
        "voice1: unknown option 'familly', did you mean 'family'?",
        "voice2: a voice module speaks for the hall or for a window.",
        "voice3: a voice has no unit address, remove #9",
        "voice4: english: SYN6288 reads no English words, only letters",
        "voice4: volume 'loud' is not between 0 and 16",
    ):
        assert sentence in found


def test_a_module_has_its_line_for_itself() -> None:
    (mistake,) = mistakes(HALL + VOICE.replace(":7000", ":7"))
    assert "voice1: a voice module answers without an address, so 127.0.0.1:7 must be its own" in mistake
