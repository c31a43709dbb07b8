"""The managers' list of complaints and the customers' form: what was typed stays text, and nobody else reads it."""

import pytest
from markupsafe import escape

from hall_server.contract.complaints import ComplaintRow
from hall_server.web.ports import Principal
from tests.web.hall import FakeComplaints, FakePages, at, hall_app
from tests.web.reading import texts

NASTY = '<script>alert("x")</script>'
ROWS = (
    ComplaintRow(id="c1", number=41, at=at(90), matter="attitude", via="page", state="overdue", label="A027",
                 window="3", assignee="王", due="2026-11-20", name=NASTY, contact="13900008000", said=NASTY,
                 notes=("2026-11-21T02:00:00Z manager:wang 已致电",)),
    ComplaintRow(id="c2", number=52, at=at(30), matter="wait", via="kiosk", state="new", contact="13900001234"),
    ComplaintRow(id="c3", number=49, at=at(60), matter="fees", via="staff", state="open", assignee="林",
                 due="2099-11-30", said="收费与公示不一致"),
    ComplaintRow(id="c4", number=7, at=at(999), matter="place", via="staff", state="closed", assignee="林",
                 due="2026-11-01", outcome="justified", closed_at=at(700), forgotten=True),
)  # fmt: skip


@pytest.fixture
def pages() -> FakePages:
    made = FakePages(complaints=FakeComplaints(ROWS))
    made.sessions = {role: Principal(role, role, "3") for role in ("clerk", "manager", "admin", "concierge")}
    return made


def test_the_list_says_whose_what_until_when_and_what_became_of_it(pages: FakePages) -> None:
    browser = hall_app(pages).test_client()
    browser.set_cookie("hallcall", "manager")
    for path in ("/floor/complaints", "/floor/complaints/body"):
        page = browser.get(f"{path}?lang=en").text
        said = texts(page)
        heads = [said.index(head) for head in ("Overdue (1)", "Nobody sees to it yet (1)", "Being dealt with (1)")]
        assert heads == sorted(heads)
        assert "王, until 2026-11-20" in said
        assert "Its words were deleted when their time was over" in said
        assert NASTY not in page
        assert str(escape(NASTY)) in page


@pytest.mark.parametrize("role", ["clerk", "concierge"])
def test_only_managers_read_complaints(pages: FakePages, role: str) -> None:
    browser = hall_app(pages).test_client()
    browser.set_cookie("hallcall", role)
    assert [browser.get(f"/floor/complaints{path}").status_code for path in ("", "/body")] == [403, 403]


def test_the_form_is_sent_once_for_each_key_and_says_so_when_it_is_too_much(pages: FakePages) -> None:
    browser = hall_app(pages).test_client()
    form = {"matter": "wait", "said": "x", "name": "", "contact": "", "key": "k1"}
    assert browser.post("/complaint", data=form).status_code == 303
    ((code, said, key),) = pages.complaints.sent
    assert (code, said.matter, said.said, key) == ("", "wait", "x", "complaint/k1")
    for status, told in ((429, "Too many at once: please speak to the staff."), (503, "The server cannot save now")):
        pages.complaints.status = status
        page = browser.post("/complaint?lang=en", data={**form, "said": "a long story"})
        assert (page.status_code, told in page.text) == (status, True)
        assert "a long story" in page.text
        assert 'name="key" value="k1"' in page.text, "what was heard although nobody answered is not heard twice"
