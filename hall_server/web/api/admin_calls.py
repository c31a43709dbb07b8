"""The calls with which an administrator changes the settings: made and checked whole, written, and in force."""

from collections.abc import Callable
from typing import cast

from hall_server.contract import admin as m
from hall_server.core import commands as cmd
from hall_server.core.refusal import Refused
from hall_server.register import adopting, calendar_forms, kiosk_forms, policy_forms, service_forms, window_forms
from hall_server.register.adopting import Draft, NotAdopted, Wish
from hall_server.register.prefixes import warnings
from hall_server.register.replacing import NotReplaced
from hall_server.settings import Settings
from hall_server.web.api.ask import Ask, ok
from hall_server.web.api.problems import CODES, problem
from hall_server.writer import Answer

SAID = {
    "settings_changed": "Somebody has changed the settings meanwhile: look at them again, then write yours.",
    "settings_refused": "Nothing was changed: correct what is named and send it again.",
    "settings_broken": "The settings file has mistakes: correct them in the file first.",
    "settings_behind": "Other settings are in force than this file says: copy the newer file here, or apply this one.",
    "settings_by_hand": "The file is written in a way that only a person can change: edit it, then apply it.",
    "settings_unreadable": "The settings file cannot be read.",
    "settings_unwritable": "The settings file cannot be written: nothing was changed.",
    "unknown_service": "There is no such service in the settings.",
    "unknown_kiosk": "There is no such kiosk in the settings.",
    "unknown_window": "There is no such window in the settings.",
}


def read(ask: Ask) -> Answer:
    """The settings as they stand in the file."""
    return ok(ask.desk.office.view())


def add_service(ask: Ask) -> Answer:
    """A service more."""
    asked = cast(m.NewServiceRequest, ask.body)
    return _adopt(ask, service_forms.add(asked.id, asked.service), asked.service.prefix, asked.id)


def put_service(ask: Ask) -> Answer:
    """A service as it shall be."""
    asked, name = cast(m.ServiceRequest, ask.body), ask.args["service"]
    return _adopt(ask, service_forms.put(name, asked.service), asked.service.prefix, name)


def drop_service(ask: Ask) -> Answer:
    """A service goes."""
    return _adopt(ask, service_forms.drop(ask.args["service"]))


def add_window(ask: Ask) -> Answer:
    """A window more."""
    asked = cast(m.NewWindowRequest, ask.body)
    return _adopt(ask, window_forms.add(asked.id, asked.window))


def put_window(ask: Ask) -> Answer:
    """A window as it shall be."""
    asked = cast(m.WindowRequest, ask.body)
    return _adopt(ask, window_forms.put(ask.args["window"], asked.window))


def drop_window(ask: Ask) -> Answer:
    """A window goes."""
    return _adopt(ask, window_forms.drop(ask.args["window"]))


def put_kiosk(ask: Ask) -> Answer:
    """A kiosk as it shall be."""
    asked = cast(m.KioskRequest, ask.body)
    return _adopt(ask, kiosk_forms.put(ask.args["kiosk"], asked.kiosk))


def put_calendar(ask: Ask) -> Answer:
    """The calendar as it shall be."""
    asked = cast(m.CalendarRequest, ask.body)
    return _adopt(ask, calendar_forms.put(asked.calendar))


def put_policy(ask: Ask) -> Answer:
    """The rules as they shall be."""
    asked = cast(m.PolicyRequest, ask.body)
    return _adopt(ask, policy_forms.put(asked.policy))


def preview(ask: Ask) -> Answer:
    """What screens would say by a calendar; nothing is written."""
    try:
        return ok(ask.desk.office.preview(cast(m.PreviewRequest, ask.body)))
    except NotAdopted as why:
        return _refused(ask, why)


def _adopt(ask: Ask, wish: Callable[[Settings], Wish], prefix: str = "", service: str = "") -> Answer:
    """Write, then take into force; a key that has its answer gets that, whatever the file says now.

    Where the journal fails between the two, the file is ahead, the page says so, and the next change brings it in.
    """
    office = ask.desk.office
    if ask.desk.answered(ask.key):
        return ask.do(cmd.Adopt(ask.desk.look(lambda hall: hall.config)), lambda _hall, _facts: ok({}))
    try:
        draft: Draft = ask.desk.run_native(
            adopting.draft, office.workshop, cast(m.VersionRequest, ask.body).version, wish
        )  # fmt: skip
    except NotAdopted as why:
        return _refused(ask, why)
    if office.shared and not office.view().in_force:  # what another server has written would be taken back
        return problem("settings_behind", SAID["settings_behind"])
    others = (one.prefix for one in draft.settings.service if one.id != service)
    said = warnings(prefix, others) if prefix else ()

    def write(_tx: object, _now: float) -> None:
        try:
            office.workshop.put_text(draft.before, draft.after, draft.settings)
        except NotReplaced as trouble:
            late = ("file", "changed_meanwhile") in trouble.mistakes
            code = "settings_changed" if late else "settings_unwritable"
            raise Refused(code, SAID[code] if late else str(trouble)) from trouble

    return ask.do(
        cmd.Adopt(draft.settings.hall_config()),
        lambda _, facts: ok(m.Adopted(version=draft.version, changed=bool(facts), warnings=said)),
        also=write,
    )


def _refused(ask: Ask, why: NotAdopted) -> Answer:
    """Every mistake with its field and its code; whoever knew older settings is told the newest."""
    fields = [{"field": one.field, "code": one.code, "message": one.said or one.code} for one in why.wrong]
    if why.code != "settings_changed":
        return problem(why.code, SAID[why.code], fields or None)
    status, title = CODES[why.code]
    stale = m.Stale(
        type=f"/problems/{why.code}", title=title, status=status, code=why.code, detail=SAID[why.code],
        fresh=ask.desk.office.view(),
    )  # fmt: skip
    return Answer(status, stale.model_dump_json(exclude_none=True))
