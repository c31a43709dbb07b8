"""The calls about days and about webhooks: fairness, forecast, how receivers do."""

from dataclasses import asdict
from typing import cast

from hall_server.contract.hooks import Hooks, ReplayRequest
from hall_server.web.api.ask import Ask, ok
from hall_server.web.api.problems import problem
from hall_server.web.dates import day_in
from hall_server.writer import Answer

LEDGER_DAYS = 31  # as many as one look at the journal may tell of


def read_fairness(ask: Ask) -> Answer:
    """Who was overtaken on a business day, by default the last one."""
    day = ask.args.get("day", "")
    found = ask.desk.reports.fairness(day)
    return ok(asdict(found)) if found else problem("unknown_day", f"There was no business day {day!r}.")


def read_forecast(ask: Ask) -> Answer:
    """The demand to expect on a date, by default today."""
    day = day_in(ask.args.get("day") or ask.desk.today())
    if day is None:
        return problem("invalid", "day must be a date.", [{"field": "day", "message": "not a date (YYYY-MM-DD)"}])
    return ok(asdict(ask.desk.reports.forecast(day.isoformat())))


def read_promises(ask: Ask) -> Answer:
    """What the estimates of the last business days were worth."""
    return ok({"days": [{"day": day, **asdict(told)} for day, told in ask.desk.reports.ledger(LEDGER_DAYS)]})


def read_hooks(ask: Ask) -> Answer:
    """How all webhooks of this server do."""
    return ok(Hooks(webhooks=ask.desk.webhooks()))


def test_hook(ask: Ask) -> Answer:
    """Send a test to a receiver and say what came of it."""
    tried = ask.desk.hooks.test(ask.args["webhook"])
    return ok(tried) if tried else _unknown(ask)


def replay_hook(ask: Ask) -> Answer:
    """Send everything from a row of the journal on once more."""
    found = ask.desk.hooks.replay(ask.args["webhook"], cast(ReplayRequest, ask.body).seq)
    return ok(found) if found else _unknown(ask)


def _unknown(ask: Ask) -> Answer:
    return problem("unknown_webhook", f"There is no webhook {ask.args['webhook']!r} in this server's settings.")
