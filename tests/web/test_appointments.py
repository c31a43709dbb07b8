"""The appointments page: a day that can be turned, what may be done with each row, and no whole name."""

import re

from hall_server.web.ports import Principal
from tests.web.hall import CSRF, FakePages, at, called_view, hall_app, ticket


def page(path: str, role: str = "manager", lang: str = "en") -> tuple[int, str]:
    pages = FakePages(sessions={"s": Principal(role, role, "3")}, csrf=CSRF)
    client = hall_app(pages).test_client()
    client.set_cookie("hallcall", "s")
    client.set_cookie("hallcall_lang", lang)
    answer = client.get(path)
    return answer.status_code, answer.get_data(as_text=True)


def test_a_day_is_shown_and_can_be_turned_and_one_that_is_none_is_today() -> None:
    _, text = page("/concierge/appointments?day=2026-11-24")
    assert re.findall(r'href="\?day=([\d-]+)"', text) == ["2026-11-23", "2026-11-25"]
    assert "· today" in page("/concierge/appointments?day=tomorrow")[1]
    assert "没有可预约的业务" not in page("/concierge/appointments", lang="zh")[1]


def test_each_row_offers_what_may_be_done_with_it() -> None:
    _, text = page("/concierge/appointments/body")
    rows = re.findall(r'data-appointment="(\w+)".*?</tr>', text, re.DOTALL)
    verbs = {row: re.findall(rf"/appointments/{row}/(\w+)", text) for row in rows}
    assert verbs == {"a1": [], "a2": ["cancel"], "a3": ["confirm", "cancel"], "a4": []}
    assert "A012" in text
    assert "deleted" in text  # of a4 nothing is known any more


def test_only_places_that_are_left_can_be_chosen() -> None:
    _, text = page("/concierge/appointments/body")
    assert re.findall(r'<option value="([^"]+)"', text) == ["tax 2026-11-21T11:32"]


def test_clerks_and_strangers_do_not_see_who_is_expected() -> None:
    assert [page("/concierge/appointments", role)[0] for role in ("clerk", "maintenance", "tv")] == [403, 403, 403]
    assert 'href="/concierge"' in page("/concierge/appointments", "concierge")[1]


def test_a_clerk_sees_the_time_and_no_name_and_the_public_how_many_go_first() -> None:
    view = called_view()
    assert view.ticket is not None
    pages = FakePages(view=view.model_copy(update={"ticket": view.ticket.model_copy(update={"appointment": at(12)})}))
    pages.sessions = {"s": Principal("clerk", "li", "3")}
    pages.tickets = {"abc": ticket("waiting").model_copy(update={"ahead": 3, "appointments": 2})}
    client = hall_app(pages).test_client()
    client.set_cookie("hallcall", "s")
    assert "预约 10:30" in client.get("/clerk?window=3&lang=zh").get_data(as_text=True)
    assert "其中2位是预约客户" in client.get("/t/abc?lang=zh").get_data(as_text=True)
