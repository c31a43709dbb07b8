"""Complaints as pages and calls reach them: facts through the writer, words beside them in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from hall_server.contract.complaints import CloseRequest, ComplaintRequest, ComplaintsView, NoteRequest, TakeRequest
from hall_server.core.commands.complaints import CloseComplaint, Complain, NoteComplaint, TakeComplaint
from hall_server.core.hall import Hall
from hall_server.journal import Journal
from hall_server.records import complaints as records
from hall_server.records import digest
from hall_server.views import complaints as complaint_views
from hall_server.writer import Also, Answer

Do = Callable[..., Answer]  # has a command decided, with what is stored beside its facts
Made = Callable[[Hall, Any], Answer]
Line = Callable[[str], str]  # a note with when it was written and by whom


class Complaints(Protocol):
    """What pages ask of them."""

    def view(self) -> ComplaintsView: ...

    def by_page(self, code: str, said: ComplaintRequest, name: str, key: str) -> Answer:
        """From a ticket's page, or (no code) from the page that anybody can open."""


@dataclass(frozen=True, slots=True)
class Complaining:
    """The complaints of one hall."""

    journal: Journal
    run_native: Callable[..., Any]
    look: Callable[[Callable[[Hall], Any]], Any]
    do: Do
    today: Callable[[], str]
    kept_s: float

    def view(self) -> ComplaintsView:
        """All of them, with the words that have not been forgotten."""
        words, today = self.run_native(records.all_of, self.journal), self.today()
        found: ComplaintsView = self.look(lambda hall: complaint_views.view(hall, words, today))
        return found

    def by_page(self, code: str, said: ComplaintRequest, name: str, key: str) -> Answer:
        """A customer's own."""
        ticket = self.look(lambda hall: hall.codes.get(code, "")) if code else ""
        command = Complain(name, said.matter, "page", ticket, named=bool(said.contact))
        body = f"{code}\n{said.model_dump_json()}"
        once = f"{key}/{digest(body)}"  # a page that is gone back to has its old key: other words are another complaint
        return self.do(command, "customer:-", _nothing, key=once, body=body, also=self.stored(name, said))

    def stored(self, name: str, said: ComplaintRequest) -> Also:
        """Its words, stored with its fact."""
        words = records.Words(self.journal.hall, name, said.name, said.contact, said.said)
        return lambda tx, _now: records.add(tx.connection, words)

    def by_label(self, label: str) -> str:
        """The ticket that has this number today; none if nobody has, or several could."""
        if not label:
            return ""
        wanted = label.upper()
        found: list[str] = self.look(lambda hall: [one.id for one in hall.alike(wanted) if one.label == wanted])
        return found[-1] if found else ""

    def taken(self, name: str, said: TakeRequest) -> tuple[TakeComplaint, Also]:
        """Somebody sees to it."""
        return TakeComplaint(name, said.assignee, said.due.isoformat()), _keep

    def noted(self, name: str, said: NoteRequest, line: Line) -> tuple[NoteComplaint, Also]:
        """Something was done about it."""
        text = line(said.note)
        return NoteComplaint(name), lambda tx, _now: records.note(tx.connection, self.journal.hall, name, text)

    def closed(self, name: str, said: CloseRequest, line: Line) -> tuple[CloseComplaint, Also]:
        """From now on its words have an end."""
        text = line(said.note) if said.note else ""

        def also(tx: Any, now: float) -> None:
            records.note(tx.connection, self.journal.hall, name, text, now + self.kept_s)

        return CloseComplaint(name, said.outcome), also


def _keep(_tx: Any, _now: float) -> None:
    """Nothing but the fact is stored."""


def _nothing(_hall: Hall, _facts: Any) -> Answer:
    return Answer(204, "")
