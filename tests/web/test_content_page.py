"""The page where things are put up on the TV: what is shown now, what comes, what is over; texts stay texts."""

import pytest
from markupsafe import escape

from display.board import Name
from hall_server.contract.content import ContentRow
from hall_server.web.ports import Principal
from tests.web.hall import FakePages, FakeShelf, at, hall_app
from tests.web.reading import texts

NASTY = '<script>alert("x")</script>'
ROWS = (
    ContentRow(id="i1", place="promo", kind="image", text=Name(NASTY, ""), owner=NASTY, by="manager:wang",
               first="2026-11-01", last="2026-11-30", state="now", url="/media/a.webp", shown_s=5400, shown_at=at(3)),
    ContentRow(id="i2", place="promo", kind="video", text=Name("", ""), owner="office", by="admin:root",
               first="2026-11-01", last="2026-11-30", state="now", url="/media/b.mp4", missing=True),
    ContentRow(id="i3", place="ticker", kind="text", text=Name("下雪", "Snow"), owner="office", by="admin:root",
               first="2026-01-01", last="2026-01-02", state="over"),
)  # fmt: skip


@pytest.fixture
def pages() -> FakePages:
    made = FakePages(contents=FakeShelf(ROWS))
    made.sessions = {role: Principal(role, role, "3") for role in ("clerk", "manager", "admin", "concierge")}
    return made


def test_the_list_says_what_is_shown_by_whom_until_when_and_for_how_long(pages: FakePages) -> None:
    browser = hall_app(pages).test_client()
    browser.set_cookie("hallcall", "manager")
    for path in ("/floor/content", "/floor/content/body"):
        page = browser.get(f"{path}?lang=en").text
        said = texts(page)
        assert "Picture of the TV · 2026-11-01 – 2026-11-30 · " + NASTY + " (put up by manager wang)" in said
        assert any(one.startswith("shown for 90 min, last at ") for one in said)
        assert "The file is not on this server: copy the folder content, or put it up again." in said
        assert said.index("Over, no longer shown") < said.index("Snow")
        assert NASTY not in page
        assert str(escape(NASTY)) in page


@pytest.mark.parametrize("role", ["clerk", "concierge"])
def test_only_who_runs_the_hall_puts_things_up(pages: FakePages, role: str) -> None:
    browser = hall_app(pages).test_client()
    browser.set_cookie("hallcall", role)
    assert [browser.get(path).status_code for path in ("/floor/content", "/floor/content/body")] == [403, 403]
    assert browser.get("/media/secret").status_code == 404
