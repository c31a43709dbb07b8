"""What the form of the rules asks of the settings: who is called next, classes, leaving a window, the evening."""

from collections.abc import Callable
from typing import Any

from hall_server.contract.admin import ClassForm, PolicyForm
from hall_server.register.adopting import Wish
from hall_server.register.lines import Change, Put
from hall_server.register.rows import rows_changed
from hall_server.settings import Settings
from hall_server.settings.checks import Where

OF_TABLE = {
    "policy": ("kind", "guarantee_min", "ordinary", "pattern"),
    "day": ("leave", "drain_min", "idle_min", "release_min", "crowd", "stop_early", "overnight"),
}
OF_CLASS = ("id", "zh", "en", "head_start_s", "rate", "rank")
NEEDED = ("id", "zh", "en")  # an empty one is a mistake that has to be told


def sheet(settings: Settings) -> PolicyForm:
    """The rules as their form shows them."""
    policy = settings.policy.model_dump(include=set(OF_TABLE["policy"]))
    day = settings.day.model_dump(include=set(OF_TABLE["day"]))
    classes = (ClassForm(row=n, **one.model_dump(include=set(OF_CLASS))) for n, one in enumerate(settings.classes))
    return PolicyForm.model_validate(
        {**policy, **day, "ordinary": settings.policy.ordinary or "", "classes": tuple(classes)}
    )


def put(form: PolicyForm) -> Callable[[Settings], Wish]:
    """The rules as wanted."""

    def wish(settings: Settings) -> Wish:
        now = sheet(settings)
        changes: list[Change] = []
        fields: dict[Where, str] = {("policy",): "ordinary"}  # a mistake of the whole is that nobody is ordinary
        for table, keys in OF_TABLE.items():
            differing = {key: _said(form, key) for key in keys if getattr(form, key) != getattr(now, key)}
            changes += [Put(table, None, differing)] if differing else []
            fields |= {(table, key): key for key in keys}
        made, placed = rows_changed("class", form.classes, now.classes, OF_CLASS, _said)
        return Wish([*changes, *made], fields | {("class", row): f"classes.{n}" for row, n in placed.items()})

    return wish


def _said(one: Any, key: str) -> Any:
    value = getattr(one, key)
    return None if value in ("", ()) and key not in NEEDED else value
