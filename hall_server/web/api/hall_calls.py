"""The calls that concern the hall itself: its floor, day, journal, settings, and who may sign in."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import cast

from hall_server import contract as c
from hall_server import views
from hall_server.core import commands as cmd
from hall_server.core.facts import Fact
from hall_server.core.figures.kpi import LEVEL_S
from hall_server.core.hall import Hall
from hall_server.web.api.ask import Ask, ok
from hall_server.web.api.problems import problem
from hall_server.web.qr import drawn
from hall_server.writer import Answer

JOURNAL_PAGE = 500  # rows of the journal in one answer


def read_floor(ask: Ask) -> Answer:
    """What a hall manager watches."""
    return ok(ask.desk.floor())


def read_day(ask: Ask) -> Answer:
    """The figures of a business day, by default of the last one, counted from the journal."""
    day, within = ask.args.get("day", ""), ask.args.get("within", str(LEVEL_S))
    if not within.isdecimal() or len(within) > 6:
        return problem("invalid", "within must be seconds.", [{"field": "within", "message": "not a number"}])
    found = ask.desk.reports.figures(day, int(within))
    return ok(asdict(found)) if found else problem("unknown_day", f"There was no business day {day!r}.")


def open_day(ask: Ask) -> Answer:
    """Open the business day of today, in the hall's time zone."""
    despite = cast(c.OpenDayRequest, ask.body).despite
    return ask.desk.open_day(ask.actor, _day, despite, key=ask.key, body=ask.raw)


def _day(hall: Hall, _: Sequence[Fact]) -> Answer:
    return ok({"day": hall.day, "open": hall.day_open})


def who_am_i(ask: Ask) -> Answer:
    """Whom this token or session stands for."""
    who = ask.principal
    return ok({"role": who.role, "subject": who.subject, "window": who.window})


def apply_config(ask: Ask) -> Answer:
    """Take the settings file's hall, services, windows, kiosks and devices into force."""
    return ask.do(cmd.Configure(ask.desk.read_config()), lambda _, facts: ok({"changed": bool(facts)}))


def read_journal(ask: Ask) -> Answer:
    """The journal after a number, a page at a time."""
    after = ask.args.get("after", "0")
    if not after.isdecimal() or len(after) > 15:
        return problem("invalid", "after must be a row number.", [{"field": "after", "message": "not a number"}])
    rows = ask.desk.read_journal(int(after), JOURNAL_PAGE)
    return ok({"rows": rows, "next": rows[-1]["seq"] if len(rows) == JOURNAL_PAGE else None})


def create_token(ask: Ask) -> Answer:
    """A bearer token, shown once."""
    return _secret(ask, "token")


def create_link(ask: Ask) -> Answer:
    """A one-time sign-in link, shown once."""
    return _secret(ask, "link")


def read_tokens(ask: Ask) -> Answer:
    """Who holds a token or session; secrets are not kept, so none is shown."""
    held = [
        {
            "id": one.id, "what": one.what, "role": one.role, "subject": one.subject, "window": one.window,
            "created_at": views.iso(one.created_at),
            "expires_at": views.iso(one.expires_at) if one.expires_at else None,
        }
        for one in ask.desk.credentials.all(ask.desk.clock())
    ]  # fmt: skip
    return ok({"tokens": held})


def revoke_token(ask: Ask) -> Answer:
    """End a token or session; its sockets are closed within a second."""
    known = ask.args["token"] in {one.id for one in ask.desk.credentials.all(ask.desk.clock())}
    if not known:
        return problem("unknown_token", "There is no such token, or it has ended.")
    ask.desk.revoke(ask.args["token"], ask.actor)
    return Answer(204, "")


def _secret(ask: Ask, what: str) -> Answer:
    wanted = cast(c.TokenRequest, ask.body)
    lacks = who_is_missing(wanted.role, wanted.subject, wanted.window)
    if lacks is not None:
        return problem("invalid", lacks)
    secret = ask.desk.grant(what, wanted.role, wanted.subject, wanted.window, ask.actor)
    if what == "token":
        return ok(c.Secret(secret=secret), 201)
    path = f"/login#{secret}"
    picture, side = drawn(f"{ask.desk.outside.base_url}{path}")
    return ok(c.Secret(secret=path, qr=picture, side=side), 201)


def who_is_missing(role: str, subject: str | None, window: str | None) -> str | None:
    """Why a credential would be bound to nobody, or None."""
    if role in ("kiosk", "station", "clerk") and not subject:
        return f"A {role} needs a name: say --for whom or what it is."
    if role == "clerk" and not window:
        return "A clerk needs a window: say --window."
    return None
