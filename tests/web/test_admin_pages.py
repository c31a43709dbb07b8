"""The administrator's pages: who may open them, and what they show of the settings."""

import pytest

from hall_server.web.ports import Principal
from tests.web.hall import FakePages, hall_app
from tests.web.reading import texts
from tests.web.settings_view import BROKEN, BY_HAND, FakeOffice

PAGES = ("/admin", "/admin/windows", "/admin/calendar", "/admin/policy")


def get(path: str, role: str = "admin", pages: FakePages | None = None) -> tuple[int, str]:
    hall = pages or FakePages()
    hall.sessions = {"s": Principal(role, "root", None)}
    browser = hall_app(hall).test_client()
    browser.set_cookie("hallcall", "s")
    answer = browser.get(path)
    return answer.status_code, answer.text


@pytest.mark.parametrize("path", PAGES)
def test_only_an_administrator_opens_them(path: str) -> None:
    roles = ("admin", "manager", "clerk", "maintenance", "concierge")
    assert [get(path, role)[0] for role in roles] == [200, 403, 403, 403, 403]
    assert get(path)[1].count("<form") == get(path + "?edit=none")[1].count("<form")


def test_the_list_names_every_service_with_its_letter() -> None:
    assert texts(get("/admin/body")[1]) == ("新增业务 A 户籍与身份证 C 社会保险 F 不动产登记 M 税务 S 企业开办".split())


def test_a_new_service_has_the_best_letter_that_is_free_and_a_new_window_the_next_number() -> None:
    assert 'name="prefix" type="text" value="J"' in get("/admin?edit=")[1]
    assert 'name="id" type="text" value="7"' in get("/admin/windows?edit=")[1]


def test_a_file_with_mistakes_has_no_form_and_says_where_they_are() -> None:
    page = get("/admin", pages=FakePages(office=FakeOffice(BROKEN)))[1]
    assert "hallcall.toml, line 12: service.tax.prefix is one capital letter." in page
    assert 'id="setup"' not in get("/admin/calendar", pages=FakePages(office=FakeOffice(BROKEN)))[1]


def test_a_file_that_is_not_in_force_can_be_taken_into_force_and_copied_to_other_servers() -> None:
    page = get("/admin/windows/body", pages=FakePages(office=FakeOffice(BY_HAND)))[1]
    assert "data-apply" in page
    assert "复制到其他服务器" in page
