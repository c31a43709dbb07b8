"""The administrator's records: who may sign in, what was deleted, who did what; for administrators only."""

import csv
from collections.abc import Iterator
from io import StringIO

import pytest
from werkzeug.test import Client

from hall_server.core.facts import KINDS
from hall_server.records.trail import Wanted
from hall_server.web.keeping import NEWEST
from tests.server.halls import HERE, Api, open_api
from tests.web.hall import PHRASES


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    api = open_api(tmp_path_factory.mktemp("hall"))
    api.post("/tickets", {"service": "id"})
    api.post("/windows/1/next", {}, "clerk")
    api.post("/windows/2/pause", {"reason": '<b>"lunch"</b>'}, "manager")
    yield api
    api.server.stop()


def read(api: Api, path: str, role: str = "admin") -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {api.tokens[role]}"}
    answer = Client(api.server.wsgi).get(path, headers=headers, environ_base=HERE)
    return answer.status_code, answer.get_data(as_text=True)


def sheet(api: Api, query: str = "") -> list[list[str]]:
    status, text = read(api, f"/admin/audit.csv?lang=en&{query}")
    assert (status, text[0]) == (200, "\ufeff")
    return list(csv.reader(StringIO(text[1:])))


@pytest.mark.parametrize("page", ["users", "retention", "audit", "audit.csv"])
def test_M16_only_an_administrator_reads_the_records(hall: Api, page: str) -> None:
    assert {role: read(hall, f"/admin/{page}", role)[0] for role in ("clerk", "manager", "tv", "admin")} == {
        "clerk": 403, "manager": 403, "tv": 403, "admin": 200,
    }  # fmt: skip


def test_M16_the_trail_tells_who_did_what_newest_first_by_actor_kind_and_day(hall: Api) -> None:
    head, *rows = sheet(hall)
    assert head == ["No.", "When", "Who", "What", "Number", "Details"]
    assert [int(row[0]) for row in rows] == list(range(hall.rows(), 0, -1))
    assert [row[2:5] for row in sheet(hall, "actor=clerk:li&kind=TicketCalled")[1:]] == [["clerk:li", "Called", ""]]
    assert sheet(hall, "day=2001-01-01") == [head]
    assert len(sheet(hall, f"day={hall.server.desk.today()}")) == hall.rows() + 1
    assert sheet(hall, "kind=Nonsense&day=nonsense&before=x") == [head, *rows]


def test_a_page_ends_where_the_next_one_begins(hall: Api) -> None:
    seen, before = [], NEWEST
    while before:
        found = hall.server.desk.keeping.trail(Wanted(before), 2)
        seen += [step.seq for step in found.steps]
        before = found.more or 0
    assert seen == list(range(hall.rows(), 0, -1))


def test_every_fact_has_words_in_the_trail() -> None:
    assert [kind for kind in KINDS if f"fact.{kind}" not in PHRASES.texts["zh"]] == []


def test_what_staff_typed_is_text_and_no_markup(hall: Api) -> None:
    ((*_, said),) = sheet(hall, "kind=WindowPaused")[1:]
    assert said == 'approved_by=manager:wang reason=<b>"lunch"</b> window=2'
    assert "&lt;b&gt;&#34;lunch&#34;&lt;/b&gt;" in read(hall, "/admin/audit?kind=WindowPaused")[1]


def test_a_link_is_drawn_for_a_phone_shown_in_the_list_and_ended_there(hall: Api) -> None:
    made = hall.post("/links", {"role": "clerk", "subject": "wu", "window": "5"}).get_json()
    assert (made["qr"][:1], made["side"] > 29, made["secret"][:7]) == ("M", True, "/login#")
    (wu,) = (one for one in hall.get("/tokens").get_json()["tokens"] if one["subject"] == "wu")
    assert f'data-end="{wu["id"]}"' in read(hall, "/admin/users")[1]
    assert made["secret"].partition("#")[2] not in read(hall, "/admin/users")[1]
    assert hall.post(f"/tokens/{wu['id']}/revoke").status_code == 204
    assert wu["id"] not in read(hall, "/admin/users")[1]
    assert [row[2] for row in sheet(hall, "kind=AccessRevoked")[1:]] == ["admin:root"]


def test_M15_what_was_deleted_stands_beside_how_long_it_is_kept(hall: Api) -> None:
    page = read(hall, "/admin/retention?lang=en")[1]
    assert "Days after it is over: 90" in page
    assert "Nothing has been deleted yet" in page
