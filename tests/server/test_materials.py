"""Missing materials through the API: told and owed to a printer, shown on a page, redeemed at a kiosk, once."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from hall_server.contract import Owed
from hall_server.core.hall import Hall
from hall_server.owed import owed
from hall_server.settings import SettingsError, parse
from tests.server.halls import HALL, HERE, Api, open_api, problem

LISTS = """
[quick_return]
days = 3

[[checklist]]
service = "id"
materials = [
  { id = "form", zh = "申请表", en = "Form" },
  { id = "photo", zh = "照片", en = "Photo" },
]
remind = [{ zh = "核对姓名", en = "Check the name" }]
"""


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Api]:
    api = open_api(tmp_path, HALL + LISTS)
    yield api
    api.server.stop()


def serve(api: Api) -> None:
    api.post("/tickets", {"service": "id"}, "concierge")
    assert api.post("/windows/1/next", {}, "clerk").get_json()["label"] == "A001"
    api.post("/windows/1/start", {}, "clerk")


def tell(api: Api, *items: str) -> TestResponse:
    return api.post("/windows/1/missing", {"items": items or ("photo",)}, "clerk")


def of_kiosk(api: Api) -> Owed:
    desk = api.server.desk
    return desk.look(lambda now: owed(now, "K1", desk.orders, desk.outside))


def code_of(api: Api) -> str:
    return api.server.desk.look(_code)


def _code(now: Hall) -> str:
    return next(iter(now.missing.values())).code


def check_in(api: Api, digits: str) -> TestResponse:
    return api.post("/checkins", {"digits": digits}, "kiosk")


def test_what_is_missing_is_ticked_owed_to_the_kiosks_printer_and_shown_at_the_window(hall: Api) -> None:
    serve(hall)
    before = hall.get("/windows/1", "clerk").get_json()
    assert [one["id"] for one in before["materials"]] == ["form", "photo"]
    assert before["remind"] == [{"zh": "核对姓名", "en": "Check the name"}]
    told = tell(hall, "photo").get_json()
    assert (told["label"], told["items"], told["code"]) == ("A001", [{"zh": "照片", "en": "Photo"}], "")
    assert (told["paper"]["state"], told["paper"]["kiosk"]) == ("owed", "K1")
    after = hall.get("/windows/1", "clerk").get_json()
    assert (after["state"], after["ticket"], after["materials"], after["missing"]) == ("idle", None, [], told)
    (slip,) = of_kiosk(hall).slips
    assert slip.missing is not None
    assert slip.url is not None
    assert (slip.slip, slip.label, slip.missing.code) == (told["slip"], "A001", code_of(hall))
    assert slip.url.endswith(f"/{code_of(hall)}")


def test_paper_that_did_not_come_leaves_the_code_to_be_written_down_and_is_printed_on_demand(hall: Api) -> None:
    serve(hall)
    slip = tell(hall).get_json()["slip"]
    again = f"/windows/1/missing/{slip}/print"
    assert problem(hall.post(again, {}, "clerk")) == (409, "slip_claimed")
    failed = {"slip": slip, "printer": "printer1", "attempt": 1, "outcome": "failed", "faults": ["paper_end"]}
    hall.post("/stations/K1/reports", {"slips": [failed]}, "kiosk")
    row = hall.get("/windows/1", "clerk").get_json()["missing"]
    assert (row["paper"]["state"], row["code"]) == ("failed", code_of(hall))
    assert hall.post(again, {}, "clerk").get_json()["state"] == "owed"
    assert problem(hall.post("/windows/2/missing/none/print", {}, "manager")) == (404, "unknown_slip")
    assert hall.post(f"/windows/2/missing/{slip}/print", {}, "manager").status_code == 403


def test_a_code_gives_one_ticket_at_the_kiosk_and_says_which(hall: Api) -> None:
    serve(hall)
    tell(hall)
    back = check_in(hall, code_of(hall))
    assert (back.status_code, back.get_json()["label"], back.get_json()["service"]) == (201, "A002", "id")
    again = check_in(hall, code_of(hall))
    assert problem(again) == (409, "code_used")
    assert again.get_json()["fields"] == [{"field": "label", "message": "A002"}]


def test_a_code_is_refused_after_its_days_and_a_guessed_one_soon_altogether(hall: Api) -> None:
    serve(hall)
    tell(hall)
    code, desk = code_of(hall), hall.server.desk
    until = desk.look(lambda now: next(iter(now.missing.values())).until)
    desk.clock = hall.server.writer._clock = lambda: until  # noqa: SLF001 - days pass at once
    before = hall.rows()
    assert problem(check_in(hall, code)) == (409, "code_expired")
    assert check_in(hall, code).status_code == 409
    tried = [problem(check_in(hall, f"{n:010}"))[1] for n in range(7)]
    assert set(tried) == {"unknown_appointment", "guessed_too_often"}
    assert hall.rows() == before


def page(api: Api, path: str) -> Any:
    return Client(api.server.wsgi).get(path, environ_base=HERE)


def test_the_page_of_a_slip_says_what_to_bring_and_until_when_and_nothing_of_anybody(hall: Api) -> None:
    serve(hall)
    tell(hall, "photo", "form")
    (slip,) = of_kiosk(hall).slips
    assert slip.url is not None
    assert slip.missing is not None
    path = "/m/" + slip.url.split("/m/")[1]
    shown = page(hall, f"{path}?lang=en").get_data(as_text=True)
    # midnight in Shanghai is still the day before in UTC, which is the last one
    last = datetime.fromisoformat(slip.missing.until).date().isoformat()
    assert all(word in shown for word in ("Form", "Photo", code_of(hall)[:5], last))
    assert "A001" not in shown
    assert page(hall, "/m/nothing").status_code == 404
    check_in(hall, code_of(hall))
    assert "This code was used" in page(hall, f"{path}?lang=en").get_data(as_text=True)
    until = datetime.fromisoformat(slip.missing.until).timestamp()
    hall.server.desk.clock = lambda: until
    assert page(hall, path).status_code == 404


def test_all_mistakes_of_a_checklist_are_told_at_once() -> None:
    wrong = """
[quick_return]
days = 200
head_start_min = 45

[[checklist]]
service = "idd"
materials = [{ id = "a", zh = "甲", en = "A" }, { id = "a", zh = "乙", en = "B" }]

[[checklist]]
service = "idd"
materials = [{ id = "b", zh = "甲" }]
"""
    text = HALL.replace('services = ["id", "tax"]', 'services = ["id", "tax"]\nprinters = ["sign1"]', 1) + wrong
    with pytest.raises(SettingsError) as refused:
        parse(text)
    told = [mistake.split(": ", 1)[1] for mistake in refused.value.mistakes]
    assert told == [
        "there is no printer 'sign1'.",
        "quick_return.days: Input should be less than or equal to 90 (it says 200).",
        "quick_return.head_start_min: Input should be less than or equal to 30 (it says 45).",
        "'idd' has two checklists: keep one.",
        "there is no service 'idd'. Did you mean 'id'?",
        "the material 'a' stands here twice.",
        "'idd' has two checklists: keep one.",
        "there is no service 'idd'. Did you mean 'id'?",
        "checklist.1.materials.0.en is missing.",
    ]
