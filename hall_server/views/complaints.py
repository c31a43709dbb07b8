"""The list of complaints: what is overdue on top, then what nobody has taken up, then by day, closed ones last."""

from collections.abc import Mapping

from hall_server.contract.complaints import ComplaintRow, ComplaintsView
from hall_server.core.complaints import Complaint
from hall_server.core.hall import Hall
from hall_server.records.complaints import Words
from hall_server.views import iso, iso_or_none

ORDER = ("overdue", "new", "open", "closed")


def view(hall: Hall, words: Mapping[str, Words], today: str) -> ComplaintsView:
    """All of them; ``today`` decides which are overdue."""
    rows = [row(one, words.get(one.id), today) for one in hall.complaints.values()]
    rows.sort(key=lambda one: (ORDER.index(one.state), one.due, one.number if one.state != "closed" else -one.number))
    return ComplaintsView(rev=hall.seq, rows=tuple(rows))


def row(one: Complaint, words: Words | None, today: str) -> ComplaintRow:
    """One of them, with its words as long as they are kept."""
    state = "closed" if one.outcome else "overdue" if one.overdue(today) else "open" if one.assignee else "new"
    said = words or Words("", one.id, "", "", "")
    return ComplaintRow.model_validate(
        {
            "id": one.id, "number": one.number, "at": iso(one.at), "matter": one.matter, "via": one.via,
            "state": state, "label": one.label, "window": one.window, "assignee": one.assignee, "due": one.due,
            "outcome": one.outcome, "closed_at": iso_or_none(one.closed_at), "name": said.name,
            "contact": said.contact, "said": said.said, "notes": tuple(said.notes.splitlines()),
            "forgotten": words is None,
        }
    )  # fmt: skip
