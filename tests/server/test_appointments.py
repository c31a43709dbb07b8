"""Appointments through the API: made, imported, checked in with a code or a phone, limited, and forgotten."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from hall_server.contract import CheckInRequest
from hall_server.presence import Presence
from hall_server.records import appointments as people
from hall_server.settings import SettingsError, parse
from hall_server.station import HallClient, Refused
from tests.server.halls import HALL, Api, open_api, problem

SLOTS = """
[[appointment]]
service = "id"
opens = "00:00"
closes = "23:55"
slot_min = 5
capacity = 2
early_min = 240
"""
NAME, PHONE = "王小明", "13800138000"


@pytest.fixture
def open_hall(tmp_path: Path) -> Iterator[Api]:
    api = open_api(tmp_path, HALL + SLOTS)
    tomorrow = date.fromisoformat(api.server.desk.today()) + timedelta(days=1)  # the hall's time never runs back
    noon = datetime.fromisoformat(f"{tomorrow}T12:02:00+08:00").timestamp()
    api.server.desk.clock = lambda: noon + shift[0]
    api.server.writer._clock = api.server.desk.clock  # noqa: SLF001 - a day has room for slots at noon only
    shift[0] = 0.0
    yield api
    api.server.stop()


shift = [0.0]  # seconds after two minutes past noon


def when(api: Api, minutes: int = 0) -> str:
    """A slot today, so long after a quarter past noon, by the hall's clock."""
    at = datetime.fromisoformat(f"{api.server.desk.today()}T12:15") + timedelta(minutes=minutes)
    return at.isoformat(timespec="minutes")


def body(api: Api, minutes: int = 0, **more: str) -> dict[str, Any]:
    return {"service": "id", "at": when(api, minutes), "name": NAME, "contact": PHONE, **more}


def book(api: Api, minutes: int = 0, **more: Any) -> dict[str, Any]:
    answer = api.post("/appointments", body(api, minutes, **more), "manager")
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return dict(answer.get_json())


def check_in(api: Api, digits: str, **more: Any) -> Any:
    return api.post("/checkins", {"digits": digits, **more}, "kiosk")


def test_an_appointment_is_made_confirmed_shown_and_checked_in_with_its_code(open_hall: Api) -> None:
    made = book(open_hall)
    assert (made["service"], made["state"], len(made["code"])) == ("id", "booked", 10)
    assert open_hall.post(f"/appointments/{made['id']}/confirm", {}, "manager").get_json()["state"] == "confirmed"
    ticket = check_in(open_hall, made["code"]).get_json()
    assert (ticket["label"], ticket["state"]) == ("A001", "waiting")
    rows = open_hall.get("/appointments", "manager").get_json()["rows"]
    assert [(row["state"], row["label"], row["name"], row["contact"]) for row in rows] == [
        ("checked_in", "A001", "王*明", PHONE)
    ]
    assert problem(check_in(open_hall, made["code"])) == (409, "checked_in")
    assert open_hall.get("/windows/1").get_json()["next"][0]["appointment"] == made["at"]


def test_a_repeated_request_books_once_and_shows_the_code_no_more(open_hall: Api) -> None:
    said = body(open_hall)
    first = open_hall.post("/appointments", said, "manager", key="same-key-1").get_json()
    again = open_hall.post("/appointments", said, "manager", key="same-key-1").get_json()
    assert again == {**first, "code": None}
    assert len(open_hall.get("/appointments").get_json()["rows"]) == 1


def test_a_repeated_check_in_gives_the_same_ticket(open_hall: Api) -> None:
    code = book(open_hall)["code"]
    asked = [open_hall.post("/checkins", {"digits": code}, "kiosk", key="same-key-2").get_json() for _ in range(2)]
    assert asked[0] == asked[1]


def test_the_last_digits_of_a_phone_will_do_and_of_several_the_time_is_asked(open_hall: Api) -> None:
    first, second = book(open_hall), book(open_hall, 30, name="李雷", contact="+86 139 0000 8000")
    answer = check_in(open_hall, "8000")
    assert problem(answer) == (409, "which_time")
    assert answer.get_json()["fields"] == [
        {"field": first["id"], "message": first["at"]}, {"field": second["id"], "message": second["at"]},
    ]  # fmt: skip
    assert NAME not in answer.get_data(as_text=True)
    assert check_in(open_hall, "8000", appointment=second["id"]).status_code == 201
    assert check_in(open_hall, "8000").status_code == 201  # only one is left
    assert problem(check_in(open_hall, "8000")) == (409, "checked_in")
    assert problem(check_in(open_hall, "8000", appointment="foreign")) == (404, "unknown_appointment")


def test_too_early_says_from_when_and_too_late_offers_an_ordinary_ticket(open_hall: Api) -> None:
    made = book(open_hall, 5 * 60)
    answer = check_in(open_hall, made["code"])
    opens = datetime.fromisoformat(made["at"]) - timedelta(minutes=240)
    assert (problem(answer)[1], answer.get_json()["fields"]) == (
        "too_early", [{"field": "opens", "message": opens.astimezone(UTC).isoformat()}],
    )  # fmt: skip
    late = book(open_hall)
    shift[0] = 29 * 60.0
    assert problem(check_in(open_hall, late["code"])) == (409, "too_late")
    assert check_in(open_hall, late["code"], walk_in=True).status_code == 201


def test_guesses_are_limited_and_a_customer_who_is_right_is_not(open_hall: Api) -> None:
    codes = [book(open_hall, 5 * (n // 2), contact=f"1390000{n:04}")["code"] for n in range(8)]
    assert [check_in(open_hall, code).status_code for code in codes[:7]] == [201] * 7
    assert [problem(check_in(open_hall, f"{n:010}"))[1] for n in range(6)] == [
        *["unknown_appointment"] * 5, "guessed_too_often",
    ]  # fmt: skip
    assert problem(check_in(open_hall, codes[7])) == (429, "guessed_too_often")
    assert open_hall.post("/checkins", {"digits": codes[7]}, "manager").status_code == 201
    shift[0] = 31.0
    assert problem(check_in(open_hall, "0000000009"))[1] == "unknown_appointment"


def test_a_full_slot_a_foreign_one_and_a_time_that_is_none_are_refused(open_hall: Api) -> None:
    book(open_hall)
    book(open_hall)
    before = open_hall.rows()
    for more, code in (({}, "slot_full"), ({"service": "tax"}, "no_slot"), ({"at": "2026-13-40T10:30"}, "invalid")):
        assert problem(open_hall.post("/appointments", {**body(open_hall), **more}, "manager"))[1] == code
    assert open_hall.rows() == before


def sheet(api: Api, *rows: str) -> Any:
    return api.post("/appointments/import", {"csv": "\r\n".join(("date,time,service,name,contact", *rows))}, "manager")


def test_a_sheet_is_taken_whole(open_hall: Api) -> None:
    day = open_hall.server.desk.today()
    answer = sheet(open_hall, f"{day},12:15,id,{NAME},{PHONE}", "", f'{day},12:20,id,"Smith, J",020 555 0101')
    booked = answer.get_json()["booked"]
    assert [(one["at"], len(one["code"])) for one in booked] == [
        (f"{day}T04:15:00.000Z", 10), (f"{day}T04:20:00.000Z", 10),
    ]  # fmt: skip
    assert check_in(open_hall, booked[1]["code"]).status_code == 201


def test_every_mistake_of_a_sheet_is_named_with_its_line_and_nothing_is_taken(open_hall: Api) -> None:
    day, before = open_hall.server.desk.today(), open_hall.rows()
    good = f"{day},12:15,id,{NAME},{PHONE}"
    answer = sheet(
        open_hall, good, good, good, f"{day},noon,id,{NAME},{PHONE}", f"{day},12:20,fish,{NAME},{PHONE}",
        f"{day},12:20,id,,{PHONE}", f"{day},12:20,id,{NAME},none", f"{day},12:20,id,{NAME}",
        f"{day},12:21,id,{NAME},{PHONE}",
    )  # fmt: skip
    assert problem(answer) == (409, "sheet_refused")
    assert {int(one["field"]): one["message"] for one in answer.get_json()["fields"]} == {
        4: "slot_full", 5: "at", 6: "unknown_service", 7: "name", 8: "contact", 9: "columns", 10: "no_slot",
    }  # fmt: skip
    assert open_hall.rows() == before
    assert open_hall.get("/appointments").get_json()["rows"] == []
    for text in ("", "name;phone\n1;2", "date,time,service,name,contact\n"):
        refused = open_hall.post("/appointments/import", {"csv": text}, "manager").get_json()["fields"]
        assert refused[0]["message"] in ("columns", "empty")


def test_no_name_and_no_phone_is_in_the_journal_or_an_answer_that_is_kept(open_hall: Api) -> None:
    made = book(open_hall)
    check_in(open_hall, made["code"])
    kept = json.dumps([row.body for row in open_hall.server.journal.rows()], ensure_ascii=False)
    with open_hall.server.journal.reads.connect() as connection:
        kept += str(connection.exec_driver_sql("SELECT answer FROM requests").all())
    assert [word for word in (NAME, PHONE, made["code"]) if word in kept] == []


def test_people_are_forgotten_a_day_after_their_own_and_no_byte_of_them_stays(open_hall: Api, tmp_path: Path) -> None:
    made = book(open_hall)
    files = [path for path in tmp_path.iterdir() if path.name.startswith("hall.sqlite3")]
    assert any(NAME.encode() in path.read_bytes() for path in files)
    assert open_hall.post("/purge").get_json() == {"forgotten": 0}
    shift[0] = 36 * 3600.0
    assert open_hall.post("/purge").get_json() == {"forgotten": 1}
    assert open_hall.post("/purge").get_json() == {"forgotten": 0}
    told = [row for row in open_hall.server.journal.rows() if row.kind == "PersonsForgotten"]
    assert [(json.loads(row.body), row.actor) for row in told] == [({"kind": "appointment", "count": 1}, "admin:root")]
    assert [
        path.name for path in files if NAME.encode() in path.read_bytes() or PHONE.encode() in path.read_bytes()
    ] == []
    day = made["at"][:10]
    assert [row["name"] for row in open_hall.get(f"/appointments?day={day}").get_json()["rows"]] == [""]


def test_whoever_cancels_is_forgotten_a_day_later(open_hall: Api) -> None:
    made = book(open_hall, 30)
    assert open_hall.post(f"/appointments/{made['id']}/cancel", {}, "manager").get_json()["state"] == "cancelled"
    journal, now = open_hall.server.journal, open_hall.server.desk.clock()
    assert (people.kept_too_long(journal, now + 86_399), people.kept_too_long(journal, now + 86_401)) == (
        (),
        (made["id"],),
    )
    assert problem(check_in(open_hall, made["code"])) == (404, "unknown_appointment")


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ('service = "id"\nopens', 'service = "ids"\nopens', "there is no service 'ids'. Did you mean 'id'?"),
        ('closes = "23:55"', 'closes = "00:00"', "it closes at 00:00, before it opens at 00:00."),
        ("capacity = 2", "capacity = 0", "appointment.0.capacity"),
        ("capacity = 2", "capacitty = 2", "capacitty is not a setting. Did you mean 'capacity'?"),
        ("early_min = 240", 'early_min = 240\ndays = ["someday"]', "appointment.0.days.0"),
        (SLOTS, SLOTS + SLOTS, "'id' takes appointments then already."),
    ],
)
def test_slots_with_a_mistake_are_named(before: str, after: str, what: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        parse((HALL + SLOTS).replace(before, after))
    assert what in str(wrong.value)


def test_days_of_the_week_are_written_as_in_the_calendar() -> None:
    (slots,) = (
        parse(HALL + SLOTS.replace("capacity = 2", 'capacity = 2\ndays = ["sun", "mon"]')).hall_config().appointments
    )
    assert slots.weekdays == (1, 7)


def test_a_kiosk_program_understands_what_the_hall_says(open_hall: Api) -> None:
    made, early = book(open_hall), book(open_hall, 5 * 60)
    server = make_server("127.0.0.1", 0, open_hall.server.wsgi, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    client = HallClient(f"http://127.0.0.1:{server.port}", open_hall.tokens["kiosk"])
    try:
        ticket = client.check_in(CheckInRequest(digits=made["code"], language="en"), "kiosk-key-1")
        with pytest.raises(Refused) as again:
            client.check_in(CheckInRequest(digits=made["code"]), "kiosk-key-2")
        with pytest.raises(Refused) as later:
            client.check_in(CheckInRequest(digits=early["code"]), "kiosk-key-3")
    finally:
        client.close()
        server.shutdown()
        thread.join()
        server.server_close()
    assert (ticket.label, ticket.language) == ("A001", "en")
    assert (again.value.code, again.value.said) == ("checked_in", {"label": "A001"})
    assert (later.value.code, set(later.value.said)) == ("too_early", {"opens"})


def test_the_server_itself_forgets_soon_after_it_has_started(open_hall: Api) -> None:
    book(open_hall)
    shift[0] = 36 * 3600.0
    Presence(open_hall.server.desk, lambda: frozenset()).pass_time()
    told = [row.actor for row in open_hall.server.journal.rows() if row.kind == "PersonsForgotten"]
    assert told == ["server"]
