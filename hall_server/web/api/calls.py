"""The calls of the API: each turns one request into one command, or one look, and says what came of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from hall_server import contract as c
from hall_server import views
from hall_server.core import commands as cmd
from hall_server.core.facts import Fact, SlipClaimed, TicketCalled
from hall_server.core.hall import Hall
from hall_server.core.tickets import Ticket
from hall_server.views.devices import device_row
from hall_server.web.api import life_calls, window_calls
from hall_server.web.api.ask import FORBIDDEN, Ask, ok
from hall_server.web.api.permissions import own
from hall_server.web.api.problems import problem
from hall_server.web.dates import day_in
from hall_server.web.desk import new_code, new_id
from hall_server.web.device_history import DAYS_SHOWN, Span, last_days
from hall_server.writer import Answer

NO_SPAN = f"from and to are days like 2026-11-22, from not after to, at most {DAYS_SHOWN} days."

# ---- tickets


def issue(ask: Ask) -> Answer:
    """Issue a ticket; a kiosk issues for itself."""
    wanted = cast(c.TicketRequest, ask.body)
    mine = ask.principal.role == "kiosk"
    kiosk = wanted.kiosk or (ask.principal.subject if mine else None)
    if not own(ask.principal, kiosk=kiosk) or (mine and (wanted.customer_class or wanted.need)):
        return problem("forbidden", FORBIDDEN)  # at a kiosk nobody asks for a proof
    # the second half: a repeated request takes no second ticket, so it gets its answer however full the hall is
    if not ask.limits.take(kiosk if mine else None, ask.desk.clock()) and not ask.desk.answered(ask.key):
        return problem("rate_limited", "Tickets are being taken too fast: try again in a few seconds.")
    ticket = cmd.Issue(
        new_id(), new_code(), wanted.service, kiosk, wanted.language or "zh",
        wanted.customer_class or "", wanted.need, wanted.then, wanted.help or "",
    )  # fmt: skip
    return ask.do(ticket, lambda hall, _: _ticket(hall, hall.tickets[ticket.ticket], ask, 201))


def _ticket(hall: Hall, ticket: Ticket, ask: Ask, status: int = 200) -> Answer:
    return Answer(status, views.ticket(hall, ticket, ask.desk.outside).model_dump_json())


def _of_another_kiosk(ask: Ask) -> bool:
    """A kiosk speaks for the tickets that it gave out, not for those of its neighbours."""

    def others(hall: Hall) -> bool:
        ticket = hall.tickets.get(ask.args["ticket"])
        return ticket is not None and not own(ask.principal, kiosk=ticket.kiosk or "")

    return ask.principal.role == "kiosk" and ask.desk.look(others)


def read_ticket(ask: Ask) -> Answer:
    """One ticket as it stands."""
    if _of_another_kiosk(ask):
        return problem("forbidden", FORBIDDEN)

    def find(hall: Hall) -> Answer:
        ticket = hall.tickets.get(ask.args["ticket"])
        return _ticket(hall, ticket, ask) if ticket else problem("unknown_ticket", "There is no such ticket today.")

    return ask.desk.look(find)


def cancel(ask: Ask) -> Answer:
    """Give a ticket up."""
    if _of_another_kiosk(ask):
        return problem("forbidden", FORBIDDEN)
    name = ask.args["ticket"] if ask.principal.role == "kiosk" else life_calls.named(ask)
    why = cast(c.CancelRequest, ask.body).reason
    return ask.do(cmd.Cancel(name, why), lambda hall, _: _ticket(hall, hall.tickets[name], ask))


def answer_slip(ask: Ask) -> Answer:
    """The customer's word about the paper."""
    if _of_another_kiosk(ask):
        return problem("forbidden", FORBIDDEN)
    name, got = ask.args["ticket"], cast(c.SlipAnswer, ask.body).got
    return ask.do(cmd.AnswerSlip(name, got), lambda hall, _: _ticket(hall, hall.tickets[name], ask))


# ---- windows


def _at_window(ask: Ask, command: cmd.Command) -> Answer:
    if not own(ask.principal, window=ask.args["window"]):
        return problem("forbidden", FORBIDDEN)
    return ask.do(command, lambda hall, facts: _moved(hall, facts, ask))


def _moved(hall: Hall, facts: Sequence[Fact], ask: Ask) -> Answer:
    names = [name for fact in facts if (name := getattr(fact, "ticket", None))]
    return _ticket(hall, hall.tickets[names[-1]], ask)


def call_next(ask: Ask) -> Answer:
    """Call the next customer; 204 when nobody waits."""
    window, previous = ask.args["window"], cast(c.NextRequest, ask.body).previous
    if not own(ask.principal, window=window):
        return problem("forbidden", FORBIDDEN)

    def render(hall: Hall, facts: Sequence[Fact]) -> Answer:
        called = any(isinstance(fact, TicketCalled) for fact in facts)
        return _moved(hall, facts, ask) if called else Answer(204, "")

    return ask.do(cmd.CallNext(window, previous), render)


def recall(ask: Ask) -> Answer:
    """Announce again."""
    return _at_window(ask, cmd.Recall(ask.args["window"]))


def start(ask: Ask) -> Answer:
    """The customer has come."""
    return _at_window(ask, cmd.Start(ask.args["window"]))


def finish(ask: Ask) -> Answer:
    """The service is over."""
    return _at_window(ask, cmd.Finish(ask.args["window"]))


def absent(ask: Ask) -> Answer:
    """The customer did not come."""
    return _at_window(ask, cmd.Absent(ask.args["window"], cast(c.AbsentRequest, ask.body).force))


def redirect(ask: Ask) -> Answer:
    """Send a window's customers elsewhere, or take that back."""
    wanted = cast(c.RedirectRequest, ask.body)
    command = cmd.Redirect(ask.args["window"], wanted.undo, wanted.reason)
    return ask.do(command, lambda hall, _: ok(views.window_row(hall, command.window)))


def answer_proposal(ask: Ask) -> Answer:
    """A person's yes or no to a redirect that a fault proposed."""
    wanted, window = cast(c.RedirectRequest, ask.body), ask.args["window"]
    if not own(ask.principal, window=window):
        return problem("forbidden", FORBIDDEN)
    command = cmd.AnswerProposal(window, not wanted.undo, wanted.reason)
    return ask.do(command, lambda hall, _: ok(views.window_row(hall, window)))


def preview_redirect(ask: Ask) -> Answer:
    """What redirecting a window would do, or does."""
    window = ask.args["window"]
    if not own(ask.principal, window=window):
        return problem("forbidden", FORBIDDEN)
    seen = ask.desk.detour(window)
    return ok(seen) if seen else problem("unknown_window", f"There is no window {window!r}.")


def read_window(ask: Ask) -> Answer:
    """A clerk's screen as a value."""
    if not own(ask.principal, window=ask.args["window"]):
        return problem("forbidden", FORBIDDEN)
    view = ask.desk.clerk(ask.args["window"])
    return ok(view) if view else problem("unknown_window", f"There is no window {ask.args['window']!r}.")


# ---- devices


def _device(ask: Ask, command: cmd.Command) -> Answer:
    name = ask.args["device"]
    return ask.do(
        command, lambda hall, _: ok(device_row(hall, hall.device_by_id[name], ask.desk.outside))
    )  # fmt: skip


def declare_fault(ask: Ask) -> Answer:
    """A person says that a device does not work."""
    return _device(ask, cmd.DeclareFault(ask.args["device"], new_id(), cast(c.FaultRequest, ask.body).note))


def repair(ask: Ask) -> Answer:
    """A repair makes progress."""
    step = cast(c.RepairRequest, ask.body)
    return _device(ask, cmd.AdvanceRepair(ask.args["device"], step.state, step.note, step.expected))


def verify(ask: Ask) -> Answer:
    """A person tried it: it works."""
    return _device(ask, cmd.VerifyRepair(ask.args["device"], cast(c.VerifyRequest, ask.body).note))


def test_device(ask: Ask) -> Answer:
    """A marked slip or a pattern; what came of it is in the row as soon as the station has said so."""
    return _device(ask, cmd.AskTest(ask.args["device"], new_id()))


def read_figures(ask: Ask) -> Answer:
    """A device's figures, by default of the last month; at most of so many days."""
    span = _span(ask)
    if span is None:
        return problem("invalid", NO_SPAN, [{"field": "from", "message": "no span of days"}])
    name = ask.args["device"]
    found = ask.desk.histories.figures(name, span)
    return ok(found) if found is not None else problem("unknown_device", f"There is no device {name!r}.")


def read_ratings(ask: Ask) -> Answer:
    """What customers said, by default in the last month; at most of so many days."""
    span = _span(ask)
    if span is None:
        return problem("invalid", NO_SPAN, [{"field": "from", "message": "no span of days"}])
    return ok(ask.desk.histories.ratings(span))


def _span(ask: Ask) -> Span | None:
    """The days that were asked for; None: they are none, or too many."""
    last = last_days(ask.desk.today(), ask.desk.clock())
    span = replace(last, first=ask.args.get("from", last.first), last=ask.args.get("to", last.last))
    first, until = day_in(span.first), day_in(span.last)
    return span if first and until and 0 <= (until - first).days < DAYS_SHOWN else None


def read_devices(ask: Ask) -> Answer:
    """All devices."""
    return ok({"devices": ask.desk.devices()})


def report(ask: Ask) -> Answer:
    """What a station tells; each part is a command of its own, so that a repeated report repeats nothing."""
    station = ask.args["station"]
    if not own(ask.principal, station=station):
        return problem("forbidden", FORBIDDEN)
    told = cast(c.Report, ask.body)
    mine = {name for name, (at, _) in ask.desk.orders.items() if at == station}
    named = {h.device for h in told.health} | {s.device for s in told.shown} | {s.printer for s in told.slips}
    named |= {p.device for p in told.presses} | {r.device for r in told.ratings}
    named |= {s.device for s in told.spoken}
    if foreign := sorted(named - mine):
        return problem("unknown_device", f"Station {station} does not have: {', '.join(foreign)}.")
    refused = [
        answer
        for part, command in enumerate(_told(station, told))
        if (answer := ask.do(command, _granted, part=f".{part}")).status >= 400
        and not isinstance(command, cmd.ReportSlip)
    ]
    if refused:
        return refused[0]
    presses = tuple(window_calls.press(ask, one) for one in told.presses)
    return ok(c.ReportAnswer(granted=tuple(_claims(ask, told)), presses=presses))


def _told(station: str, told: c.Report) -> list[cmd.Command]:
    health = [cmd.ReportHealth(h.device, h.state, new_id(), h.faults, h.evidence) for h in told.health]
    shown = [cmd.ReportShown(s.device, s.content_id, s.ms) for s in told.shown]
    slips = [
        cmd.ReportSlip(s.slip, s.printer, s.attempt, s.outcome, s.verdict, s.faults, s.evidence)
        for s in told.slips
        if s.outcome != "claim"
    ]
    ratings = [cmd.Rate(r.device, r.ticket, r.level) for r in told.ratings]
    trials = [cmd.ReportTrial(station, t.trial, t.outcome, t.faults, t.evidence, t.found) for t in told.trials]
    spoken = [cmd.ReportSpoken(s.device, s.announcement, s.spoken, s.evidence) for s in told.spoken]
    return [*health, *shown, *slips, *spoken, *ratings, *trials]


def _claims(ask: Ask, told: c.Report) -> list[str]:
    granted = []
    for number, claim in enumerate(told.slips):
        if claim.outcome == "claim":
            command = cmd.ReportSlip(claim.slip, claim.printer, claim.attempt, "claim")
            if ask.do(command, _granted, part=f".c{number}").status == 200:
                granted.append(claim.slip)
    return granted


def _granted(_hall: Hall, facts: Sequence[Fact]) -> Answer:
    return Answer(200, '{"claimed":true}' if any(isinstance(f, SlipClaimed) for f in facts) else "{}")
