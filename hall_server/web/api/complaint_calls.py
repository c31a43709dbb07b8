"""The calls about complaints: a kiosk or staff make one, managers read all of them and work on each."""

from collections.abc import Callable
from typing import cast

from hall_server import views
from hall_server.contract import complaints as m
from hall_server.core.commands.complaints import Complain, ComplaintCommand
from hall_server.core.hall import Hall
from hall_server.views.complaints import row
from hall_server.web.api.ask import Ask, ok
from hall_server.web.desk import new_id
from hall_server.writer import Also, Answer


def complain(ask: Ask) -> Answer:
    """At a kiosk by the customer, elsewhere by whoever of the staff was told."""
    said, name = cast(m.ComplaintRequest, ask.body), new_id()
    via = "kiosk" if ask.principal.role == "kiosk" else "staff"
    ticket = ask.desk.complaints.by_label(said.label) if via == "staff" else ""
    window = (ask.principal.window or "") if via == "staff" else ""
    command = Complain(name, said.matter, via, ticket, window, bool(said.contact))

    def made(hall: Hall, _: object) -> Answer:
        return ok(m.ComplaintMade(number=hall.complaints[name].number), 201)

    return ask.do(command, made, also=ask.desk.complaints.stored(name, said))


def read_complaints(ask: Ask) -> Answer:
    """All of them."""
    return ok(ask.desk.complaints.view())


def take(ask: Ask) -> Answer:
    """Somebody sees to it."""
    return _done(ask, *ask.desk.complaints.taken(ask.args["complaint"], cast(m.TakeRequest, ask.body)))


def note(ask: Ask) -> Answer:
    """Something was done about it."""
    return _done(ask, *ask.desk.complaints.noted(ask.args["complaint"], cast(m.NoteRequest, ask.body), _line(ask)))


def close(ask: Ask) -> Answer:
    """Nothing more is to be done."""
    return _done(ask, *ask.desk.complaints.closed(ask.args["complaint"], cast(m.CloseRequest, ask.body), _line(ask)))


def _line(ask: Ask) -> Callable[[str], str]:
    """One line of the notes: when, who, what."""
    at = views.iso(ask.desk.clock())
    return lambda text: f"{at} {ask.actor} {' '.join(text.split())}\n"


def _done(ask: Ask, command: ComplaintCommand, also: Also) -> Answer:
    """The complaint as facts know it: what is kept for a repeated request holds nobody's words."""
    name, today = ask.args["complaint"], ask.desk.today()

    def told(hall: Hall, _: object) -> Answer:
        return ok(row(hall.complaints[name], None, today))

    return ask.do(command, told, also=also)
