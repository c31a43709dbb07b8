"""The calls about appointments: made one by one or by the sheet, confirmed, cancelled, checked in, forgotten."""

import json
from collections.abc import Sequence
from datetime import time
from typing import cast

from hall_server import views
from hall_server.contract import appointments as m
from hall_server.core.appointments import Appointment, day_span, local, moment
from hall_server.core.commands import appointments as cmd
from hall_server.core.facts import Fact
from hall_server.core.hall import Hall
from hall_server.core.materials import CODE_DIGITS
from hall_server.core.rules.appointments import mistakes
from hall_server.records import appointments as people
from hall_server.views import appointments as appointment_views
from hall_server.web import sheet
from hall_server.web.api import material_calls, pickup_calls
from hall_server.web.api.ask import FORBIDDEN, Ask, ok
from hall_server.web.api.permissions import own
from hall_server.web.api.problems import problem
from hall_server.web.dates import day_in
from hall_server.web.desk import new_code, new_digits, new_id
from hall_server.writer import Answer

NOWHEN = "at must be a time that the hall's clock shows, like 2026-11-24T10:30."


def read_appointments(ask: Ask) -> Answer:
    """A day's appointments, by default today's."""
    day = day_in(ask.args.get("day") or ask.desk.today())
    if day is None:
        return problem("invalid", "day must be a day like 2026-11-24.", [{"field": "day", "message": "no day"}])
    return ok(ask.desk.appointments(day))


def book(ask: Ask) -> Answer:
    """One appointment; its code is in this answer and nowhere else."""
    wanted = cast(m.BookRequest, ask.body)
    at = _at(ask, wanted.at)
    if at is None:
        return problem("invalid", NOWHEN, [{"field": "at", "message": "no time"}])
    code, person = _person(ask, wanted, at)
    answer = ask.do(
        cmd.Book(person.id, wanted.service, at),
        lambda hall, _: ok(appointment_views.booked(hall.appointments[person.id]), 201),
        also=lambda tx, _: people.add(tx.connection, (person,)),
    )
    return _with_codes(answer, {person.id: code})


def book_sheet(ask: Ask) -> Answer:
    """A whole sheet, or every mistake in it."""
    read = sheet.read(cast(m.SheetRequest, ask.body).csv)
    times = [_at(ask, row.at) for row in read.rows]
    wrong = {**read.wrong, **{line: "at" for line, at in zip(read.lines, times, strict=True) if at is None}}
    made = [
        (line, *_person(ask, row, at), cmd.Book("", row.service, at))
        for line, row, at in zip(read.lines, read.rows, times, strict=True) if at is not None
    ]  # fmt: skip
    lines = tuple(line for line, *_ in made)
    bookings = tuple(cmd.Book(person.id, one.service, one.at) for _, _, person, one in made)
    if wrong or not made:
        also = ask.desk.look(lambda hall: {lines[n]: why.code for n, why in mistakes(hall, bookings, ask.desk.clock())})
        told = sorted({**also, **wrong}.items()) or [(1, "empty")]
        fields = [{"field": str(line), "message": code} for line, code in told]
        return problem("sheet_refused", f"Nothing was taken. {_told(told)}", fields)
    persons = [person for _, _, person, _ in made]
    answer = ask.do(
        cmd.BookMany(bookings, lines), lambda hall, _: ok(_many(hall, bookings), 201),
        also=lambda tx, _: people.add(tx.connection, persons),
    )  # fmt: skip
    return _with_codes(answer, {person.id: code for _, code, person, _ in made})


def _told(told: Sequence[tuple[int, str]]) -> str:
    return " ".join(f"Line {line}: {code}." for line, code in told)


def _many(hall: Hall, bookings: Sequence[cmd.Book]) -> m.BookedMany:
    return m.BookedMany(booked=tuple(appointment_views.booked(hall.appointments[one.appointment]) for one in bookings))


def _at(ask: Ask, said: str) -> float | None:
    """A time by the hall's clock in Unix seconds; None if there is no such time."""
    day = day_in(said[:10])
    try:
        clock = time.fromisoformat(said[11:])
    except ValueError:
        return None
    return None if day is None else moment(day, clock, ask.desk.timezone)


def _person(ask: Ask, wanted: m.BookRequest, at: float) -> tuple[str, people.Person]:
    """A new code, and the record of whoever has it."""
    code = new_digits()
    hall, digits = ask.desk.journal.hall, "".join(sign for sign in wanted.contact if sign.isdecimal())
    _, over = day_span(local(at, ask.desk.timezone).date(), ask.desk.timezone)
    person = people.Person(
        hall,
        new_id(),
        wanted.name,
        wanted.contact,
        digits[-4:],
        people.hidden(hall, code),
        at,
        over + ask.desk.retention.appointment_s,
    )
    return code, person


def _with_codes(answer: Answer, codes: dict[str, str]) -> Answer:
    """The answer that is kept for a repeated request has no codes: only whoever asked first is told."""
    if answer.status != 201:
        return answer
    value = json.loads(answer.body)
    for one in value.get("booked", [value]):
        one["code"] = codes.get(one["id"])
    return Answer(answer.status, json.dumps(value, ensure_ascii=False))


def confirm(ask: Ask) -> Answer:
    """The customer will come."""
    name = ask.args["appointment"]
    return ask.do(cmd.ConfirmAppointment(name), lambda hall, _: ok(appointment_views.booked(hall.appointments[name])))


def cancel(ask: Ask) -> Answer:
    """Nobody comes: the place is free, and the record is soon forgotten."""
    name, hall_id = ask.args["appointment"], ask.desk.journal.hall
    return ask.do(
        cmd.CancelAppointment(name), lambda hall, _: ok(appointment_views.booked(hall.appointments[name])),
        also=lambda tx, now: people.shorten(tx.connection, hall_id, name, now + ask.desk.retention.appointment_s),
    )  # fmt: skip


def forget(ask: Ask) -> Answer:
    """Delete what has been kept for as long as it may be."""
    return ok(m.Forgotten(forgotten=ask.desk.forget(ask.actor)))


# ---- check-in


def check_in(ask: Ask) -> Answer:
    """A customer with an appointment is here."""
    wanted = cast(m.CheckInRequest, ask.body)
    mine = ask.principal.role == "kiosk"
    kiosk = wanted.kiosk or (ask.principal.subject if mine else None)
    if not own(ask.principal, kiosk=kiosk):
        return problem("forbidden", FORBIDDEN)
    if not ask.limits.guess(ask.actor, ask.desk.clock()) and not ask.desk.answered(ask.key):
        return problem("guessed_too_often", "Too many tries: wait half a minute, or ask the staff.")
    fitting = _fitting(ask, wanted)
    returned = _by_slip(ask, wanted.digits, kiosk, wanted.language or "zh") if not fitting else None
    if returned is not None:
        ask.limits.guessed(ask.actor)
        return returned
    if not fitting:
        return problem("unknown_appointment", "No appointment of today was found: take an ordinary ticket.")
    ask.limits.guessed(ask.actor)
    if len(fitting) > 1:
        fields = [{"field": one.id, "message": views.iso(one.at)} for one in fitting]
        return problem("which_time", "Several appointments fit: say which one.", fields)
    command = cmd.CheckIn(fitting[0].id, new_id(), new_code(), kiosk, wanted.language or "zh", wanted.walk_in)

    def render(hall: Hall, _: Sequence[Fact]) -> Answer:
        ticket = views.ticket(hall, hall.tickets[command.ticket], ask.desk.outside)
        return Answer(201, ticket.model_dump_json())

    return ask.do(command, render)


def _by_slip(ask: Ask, digits: str, kiosk: str | None, language: str) -> Answer | None:
    """A ticket for the code of a slip that staff handed out."""
    returned = material_calls.come_back(ask, digits, kiosk, language)
    return pickup_calls.come(ask, digits, kiosk, language) if returned is None else returned


def _fitting(ask: Ask, wanted: m.CheckInRequest) -> list[Appointment]:
    """Those that the digits may mean: who is still expected, else who has checked in already."""
    journal, run = ask.desk.journal, ask.desk.run_native
    if len(wanted.digits) == CODE_DIGITS:
        names = run(people.by_code, journal, wanted.digits)
    else:
        today = local(ask.desk.clock(), ask.desk.timezone).date()
        names = run(people.by_phone, journal, wanted.digits, *day_span(today, ask.desk.timezone))
    if wanted.appointment is not None:
        names = [name for name in names if name == wanted.appointment]
    found = ask.desk.look(lambda hall: [hall.appointments[name] for name in names if name in hall.appointments])
    expected = [one for one in found if one.state in ("booked", "confirmed", "no_show")]
    return expected or [one for one in found if one.state == "checked_in"][-1:]
