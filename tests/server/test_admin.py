"""The administrator's calls: written into hallcall.toml as a person would, checked whole, and in force at once."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hall_server.settings import FILE
from tests.server.halls import HALL, Api, open_api, problem
from tests.server.program import Program

COMMENTED = HALL.replace('zh = "税务"', 'zh = "税务"      # on the second floor').replace(
    "\n[[kiosk]]", "\n# ---- kiosks ----\n\n[[kiosk]]"
)
LICENCE: dict[str, Any] = {
    "zh": "营业执照", "en": "Licences", "prefix": "F", "icon": "briefcase", "norm_min": 8.0, "offered": True,
    "materials": [{"zh": "申请表", "en": "Form"}],
}  # fmt: skip
TAX: dict[str, Any] = {"zh": "税务", "en": "Tax", "prefix": "B", "icon": "ticket", "norm_min": 5.0}
WINDOW: dict[str, Any] = {"services": ["id", "tax"]}
HOURS: dict[str, Any] = {"row": None, "days": ["mon", "tue"], "spans": ["08:30-12:00"]}
HOLIDAY: dict[str, Any] = {"zh": "国庆节", "en": "National Day", "first": "2026-10-01", "last": "2026-10-07"}
MAKEUP: dict[str, Any] = {"zh": "补班", "en": "Make-up day", "day": "2026-10-10", "like": "wed"}
MISTAKES: tuple[tuple[str, dict[str, Any], list[tuple[str, str]]], ...] = (
    ("services", {"id": "licence", "service": LICENCE | {"prefix": "I"}}, [("prefix", "letter")]),
    ("services", {"id": "licence", "service": LICENCE | {"prefix": "A"}}, [("prefix", "prefix_shared")]),
    ("services", {"id": "tax", "service": LICENCE}, [("id", "id_taken")]),
    ("services", {"id": "a b", "service": LICENCE}, [("id", "id")]),
    ("services", {"id": "licence", "service": LICENCE | {"zh": "", "norm_min": 0.0, "target_share": 100}},
     [("zh", "text"), ("norm_min", "norm_min"), ("target_share", "target_share")]),
    ("services", {"id": "licence", "service": LICENCE | {"group": "none"}}, [("group", "unknown_group")]),
    ("services", {"id": "licence", "service": LICENCE | {"materials": [{"zh": "", "en": "Form"}]}},
     [("materials.0.zh", "text")]),
    ("windows", {"id": "7", "window": {"services": []}}, [("services", "services")]),
    ("windows", {"id": "7", "window": WINDOW | {"services": ["none"]}}, [("services", "services")]),
    ("windows", {"id": "1000", "window": WINDOW}, [("id", "window_number")]),
    ("windows", {"id": "6", "window": WINDOW}, [("id", "window_taken")]),
    ("windows/1", {"window": WINDOW | {"printers": ["none"]}}, [("printers", "unknown_printer")]),
    ("windows/1", {"window": WINDOW | {"signs": ["none"]}}, [("signs", "unknown_sign")]),
    ("windows/1/remove", {}, [("", "window_has_devices")]),
    ("calendar", {"calendar": {"hours": [HOURS | {"spans": ["8-12"]}]}}, [("hours.0.spans", "spans")]),
    ("calendar", {"calendar": {"hours": [HOURS | {"spans": ["12:00-08:30"]}]}}, [("hours.0.spans", "spans_order")]),
    ("calendar", {"calendar": {"hours": [HOURS | {"days": []}]}}, [("hours.0.days", "days")]),
    ("calendar", {"calendar": {"hours": [HOURS, HOURS]}}, [("hours.1.days", "days_twice")]),
    ("calendar", {"calendar": {"hours": [HOURS | {"service": "none"}]}},
     [("hours.0", "hall_hours"), ("hours.0.service", "unknown_service")]),
    ("calendar", {"calendar": {"hours": [HOURS], "holidays": [HOLIDAY | {"first": "1.10."}]}},
     [("holidays.0.first", "date")]),
    ("calendar", {"calendar": {"hours": [HOURS], "holidays": [HOLIDAY | {"last": "2026-09-01"}]}},
     [("holidays.0.last", "ends_before")]),
    ("calendar", {"calendar": {"hours": [HOURS], "holidays": [HOLIDAY, HOLIDAY]}},
     [("holidays.1.first", "day_taken")]),
    ("calendar", {"calendar": {"hours": [HOURS], "makeups": [MAKEUP | {"like": "day"}]}},
     [("makeups.0.like", "weekday")]),
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def office(home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.delenv("HALLCALL_PORT", raising=False)
    opened = open_api(home, COMMENTED)
    yield opened
    opened.server.stop()


def version(api: Api) -> str:
    return str(api.get("/admin/settings").get_json()["version"])


def write(api: Api, path: str, **body: Any) -> Any:
    return api.post(f"/admin/{path}", {"version": version(api), **body})


def text(home: Path) -> str:
    return (home / FILE).read_text("utf-8")


def wrong(answer: Any) -> list[tuple[str, str]]:
    return [(one["field"], one["code"]) for one in answer.get_json(force=True).get("fields", [])]


def test_a_new_service_is_in_the_file_and_on_the_board_and_nothing_else_is_touched(office: Api, home: Path) -> None:
    added = write(office, "services", id="licence", service=LICENCE)
    assert added.get_json() == {"version": version(office), "changed": True, "warnings": []}
    before, after = COMMENTED.split("\n"), text(home).split("\n")
    assert [line for line in before if line not in after] == []
    assert text(home).index('id = "licence"') < text(home).index("# ---- kiosks ----")
    assert [row["id"] for row in office.get("/board").get_json()["services"]] == ["id", "tax", "loans", "licence"]
    assert [one.name for one in home.glob(f"{FILE}.*.old")], "the file as it was is kept"
    sheet = next(one for one in office.get("/admin/settings").get_json()["services"] if one["id"] == "licence")
    assert (sheet["prefix"], sheet["materials"]) == ("F", [{"id": "form", "zh": "申请表", "en": "Form"}])


def test_a_change_keeps_the_words_that_a_person_wrote_and_warns_of_letters_that_are_misheard(
    office: Api, home: Path
) -> None:
    changed = write(office, "services/tax", service=TAX | {"zh": "国税", "prefix": "D", "offered": False})
    assert changed.get_json()["warnings"] == ["prefix_misheard"]
    assert 'zh = "国税"      # on the second floor' in text(home)
    tax = next(row for row in office.get("/board").get_json()["services"] if row["id"] == "tax")
    assert (tax["name"]["zh"], tax["offered"]) == ("国税", False)
    assert (
        write(office, "services/tax", service=TAX | {"zh": "国税", "prefix": "E", "offered": False}).status_code == 200
    )
    rhymes = write(office, "services/loans", service={"zh": "贷款", "en": "Loans", "prefix": "P"})
    assert rhymes.get_json()["warnings"] == ["prefix_rhymes"]


def test_each_mistake_has_its_field_and_its_code_and_changes_nothing(office: Api, home: Path) -> None:
    rows = office.rows()
    for path, body, expected in MISTAKES:
        answer = write(office, path, **body)
        assert (body, problem(answer), sorted(wrong(answer))) == (body, (400, "settings_refused"), sorted(expected))
    assert (text(home), office.rows(), [*home.glob("*.old")]) == (COMMENTED, rows, [])


def test_the_calendar_is_written_row_by_row_and_a_row_that_is_left_out_goes(office: Api, home: Path) -> None:
    hall, own = HOURS, HOURS | {"service": "tax", "spans": ["09:00-11:00"]}
    assert write(office, "calendar", calendar={"hours": [hall, own], "holidays": [HOLIDAY]}).status_code == 200
    known = office.get("/admin/settings").get_json()["calendar"]
    assert [(one["row"], one["service"]) for one in known["hours"]] == [(0, ""), (1, "tax")]
    assert known["holidays"][0]["last"] == "2026-10-07"
    once = text(home)
    assert write(office, "calendar", calendar=known).get_json()["changed"] is False
    assert text(home) == once
    shorter = known | {"hours": [known["hours"][0] | {"days": ["mon"]}], "holidays": []}
    assert write(office, "calendar", calendar=shorter).get_json()["changed"] is True
    assert [one["days"] for one in office.get("/admin/settings").get_json()["calendar"]["hours"]] == [["mon"]]
    assert "holiday" not in text(home)
    assert text(home).startswith(COMMENTED.rstrip())


def test_the_rules_are_written_with_their_classes_and_each_mistake_has_its_field(office: Api, home: Path) -> None:
    known = office.get("/admin/settings").get_json()["policy"]
    assert (known["kind"], known["leave"], known["classes"]) == ("fifo", "inform", [])
    loyal = {"row": None, "id": "loyal", "zh": "预约", "en": "Loyal", "head_start_s": 300}
    rest = {"row": None, "id": "rest", "zh": "普通", "en": "Others"}
    wanted = known | {"kind": "head_start", "ordinary": "rest", "classes": [loyal, rest], "leave": "cover"}
    for change, mistake in (
        ({"kind": "best"}, ("kind", "choice")),
        ({"kind": "quota"}, ("kind", "kind_needs")),
        ({"ordinary": ""}, ("ordinary", "ordinary_needed")),
        ({"ordinary": "none"}, ("ordinary", "unknown_class")),
        ({"guarantee_min": -1.0}, ("guarantee_min", "guarantee")),
        ({"classes": [loyal | {"rate": 0}, rest]}, ("classes.0.rate", "rate")),
        ({"classes": [loyal, rest | {"en": ""}]}, ("classes.1.en", "text")),
        ({"leave": "gone"}, ("leave", "choice")),
        ({"drain_min": 500}, ("drain_min", "drain")),
        ({"release_min": 1}, ("release_min", "release")),
        ({"crowd": -1}, ("crowd", "crowd")),
    ):
        assert wrong(write(office, "policy", policy=wanted | change)) == [mistake]
    assert text(home) == COMMENTED
    assert write(office, "policy", policy=wanted).get_json()["changed"] is True
    shown = office.get("/admin/settings").get_json()["policy"]
    assert [(one["row"], one["id"], one["rate"]) for one in shown["classes"]] == [(0, "loyal", 1), (1, "rest", 1)]
    assert write(office, "policy", policy=shown).get_json()["changed"] is False
    assert write(office, "policy", policy=known | {"guarantee_min": None}).get_json()["changed"] is True
    assert "[[class]]" not in text(home)


def test_a_window_gets_another_windows_sign_and_may_go_when_nobody_is_there(office: Api, home: Path) -> None:
    wanted = {"services": ["loans"], "printers": ["printer1"], "signs": ["sign1"], "duty": True}
    assert write(office, "windows", id="7", window=wanted).status_code == 200
    windows = {one["id"]: one for one in office.get("/admin/settings").get_json()["windows"]}
    assert windows["7"] == wanted | {"id": "7"}
    assert windows["1"]["signs"] == []
    assert problem(write(office, "windows/7/remove")) == (400, "settings_refused"), "its sign has to go first"
    office.post("/tickets", {"service": "id"})
    office.post("/windows/3/next")
    assert problem(write(office, "windows/3/remove")) == (409, "window_in_use")
    assert write(office, "windows/4/remove").get_json()["changed"] is True
    assert [row["id"] for row in office.get("/board").get_json()["windows"]] == ["1", "2", "3", "5", "6", "7"]


def test_a_kiosk_gets_other_names_and_printers(office: Api, home: Path) -> None:
    known = office.get("/admin/settings").get_json()["kiosks"]
    assert known == [{"id": "K1", "zh": "一号机", "en": "Kiosk 1", "printer": "printer1", "backups": []}]
    wanted = {"zh": "入口取号机", "en": "Entrance", "printer": "", "backups": ["printer1"]}
    assert write(office, "kiosks/K1", kiosk=wanted).get_json()["changed"] is True
    assert office.get("/admin/settings").get_json()["kiosks"] == [wanted | {"id": "K1"}]
    bad = write(office, "kiosks/K1", kiosk=wanted | {"zh": "", "printer": "none", "backups": ["none"]})
    mistakes = [("backups", "unknown_printer"), ("printer", "unknown_printer"), ("zh", "text")]
    assert sorted(wrong(bad)) == mistakes
    assert problem(write(office, "kiosks/K9", kiosk=wanted)) == (404, "unknown_kiosk")


def test_a_service_goes_with_all_that_is_about_it_but_not_while_somebody_has_a_ticket_for_it(
    office: Api, home: Path
) -> None:
    write(office, "services", id="licence", service=LICENCE)
    write(office, "windows/1", window={"services": ["id", "tax", "licence"]})
    office.post("/tickets", {"service": "licence"})
    before = text(home)
    assert problem(write(office, "services/licence/remove")) == (409, "service_in_use")
    assert text(home) == before
    gone = write(office, "services/loans/remove")
    assert gone.get_json()["changed"] is True
    assert "loans" not in text(home)
    alone = write(office, "services/tax/remove")
    assert alone.status_code == 200
    assert wrong(write(office, "services/id/remove")) == [("", "window_empty")] * 5
    assert problem(write(office, "services/none/remove")) == (404, "unknown_service")
    assert problem(write(office, "windows/9/remove")) == (404, "unknown_window")


def test_whoever_knew_older_settings_is_told_the_newest_and_writes_nothing(office: Api, home: Path) -> None:
    known = version(office)
    by_hand = COMMENTED.replace("税务", "地税")
    (home / FILE).write_text(by_hand, "utf-8")
    stale = office.post("/admin/services/tax", {"version": known, "service": TAX | {"en": "Taxes"}})
    assert problem(stale) == (409, "settings_changed")
    fresh = stale.get_json(force=True)["fresh"]
    assert (fresh["services"][1]["zh"], fresh["in_force"]) == ("地税", False)
    assert text(home) == by_hand
    again = {"version": fresh["version"], "service": TAX | {"zh": "地税", "en": "Taxes"}}
    assert office.post("/admin/services/tax", again).status_code == 200
    assert office.get("/admin/settings").get_json()["in_force"] is True


def test_of_several_servers_one_whose_file_is_behind_takes_back_nothing(office: Api, home: Path) -> None:
    desk = office.server.desk
    desk.office = replace(desk.office, shared=True)
    old = text(home)
    assert write(office, "services/tax", service=TAX | {"zh": "国税"}).status_code == 200
    (home / FILE).write_text(old, "utf-8")  # as on another server, which nobody has given the new one
    assert problem(write(office, "services/tax", service=TAX | {"en": "Taxes"})) == (409, "settings_behind")
    assert office.get("/board").get_json()["services"][1]["name"] == {"zh": "国税", "en": "Tax"}
    assert office.post("/config/apply").status_code == 200
    assert write(office, "services/tax", service=TAX | {"en": "Taxes"}).status_code == 200


def test_a_repeated_request_gets_its_first_answer_although_the_file_has_changed_since(office: Api) -> None:
    body = {"version": version(office), "id": "licence", "service": LICENCE}
    first = office.post("/admin/services", body, key="0123456789")
    again = office.post("/admin/services", body, key="0123456789")
    assert first.status_code == 200
    assert first.get_json() == again.get_json()
    other = office.post("/admin/services", body | {"id": "other"}, key="0123456789")
    assert problem(other) == (409, "key_reused")


def test_a_file_that_cannot_be_written_or_is_broken_says_so_and_the_hall_goes_on(office: Api, home: Path) -> None:
    (home / f"{FILE}.part").mkdir()
    assert problem(write(office, "services/tax", service=TAX | {"zh": "国税"})) == (409, "settings_unwritable")
    assert text(home) == COMMENTED
    assert office.get("/board").get_json()["services"][1]["name"]["zh"] == "税务"
    known = version(office)
    for broken, code in ((COMMENTED + "[[", "settings_broken"), ("", "settings_broken")):
        (home / FILE).write_text(broken, "utf-8")
        assert problem(office.post("/admin/windows/2/remove", {"version": known})) == (409, code)
        assert office.get("/admin/settings").get_json()["mistakes"]
    (home / FILE).unlink()
    assert problem(office.post("/admin/windows/2/remove", {"version": known})) == (409, "settings_unreadable")


def test_a_file_from_an_editor_of_windows_keeps_its_line_ends(office: Api, home: Path) -> None:
    (home / FILE).write_bytes(COMMENTED.replace("\n", "\r\n").encode())
    assert write(office, "services/tax", service=TAX | {"zh": "国税"}).status_code == 200
    after = (home / FILE).read_bytes()
    assert (after.count(b"\n"), "国税".encode() in after) == (after.count(b"\r\n"), True)


def test_a_file_that_only_a_person_can_change_is_left_to_them(office: Api, home: Path) -> None:
    inline = COMMENTED.replace('zh = "税务"', '"zh" = "税务"')
    (home / FILE).write_text(inline, "utf-8")
    assert problem(write(office, "services/tax", service=TAX | {"zh": "国税"})) == (409, "settings_by_hand")
    assert text(home) == inline


def test_a_refused_form_is_no_event_for_the_log_of_the_server(
    program: Program, capfd: pytest.CaptureFixture[str]
) -> None:
    known = program.ask("GET", "/api/v1/admin/settings", token=program.admin)[1]["version"]
    for version_known, code in (("older", "settings_changed"), (known, "unknown_window")):
        said = program.ask("POST", "/api/v1/admin/windows/9/remove", {"version": version_known}, token=program.admin)[1]
        assert said["code"] == code
    assert capfd.readouterr().err == ""
