"""Where a clerk can send a customer: asked when somebody is sent on, and not part of every page."""

from hall_server.web.ports import Principal
from tests.web.hall import FakePages, called_view, clerk_view, hall_app
from tests.web.reading import tags, texts


def got(pages: FakePages, path: str) -> str:
    pages.sessions = {"s": Principal("clerk", "li", "3")}
    browser = hall_app(pages).test_client()
    browser.set_cookie("hallcall", "s")
    browser.set_cookie("hallcall_lang", "en")
    return browser.get(path).text


def test_the_page_leaves_them_out_and_the_dialog_gets_them() -> None:
    pages = FakePages(view=called_view())
    assert 'name="target"' not in got(pages, "/clerk/body") + got(pages, "/clerk")
    offered = tags(got(pages, "/clerk/targets"), "input")
    assert [(given["data-service"], given.get("data-window")) for given in offered] == [
        ("tax", None), ("social", None), ("residence", "1"), ("tax", "5"),
    ]  # fmt: skip


def test_who_can_be_sent_nowhere_is_said_so() -> None:
    assert texts(got(FakePages(view=clerk_view()), "/clerk/targets")) == ["There is nowhere to send this customer now."]
