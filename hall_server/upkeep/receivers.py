"""What ``hallcall doctor`` says of webhooks: has it a secret, can it be reached, when did it take a message last."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from hall_server.contract.hooks import HookRow
from hall_server.hooks import wire
from hall_server.local import ask_server
from hall_server.settings import Settings
from hall_server.settings.hooks import NoSecret, WebhookSettings, secret_of

Said = Iterable[tuple[Literal["ok", "note", "act"], str]]
NO_MESSAGE = "no message has been taken yet"
# What a person does about each kind of trouble.
ADVICE = {
    "refused": "nothing listens there: start the receiver, or correct its url",
    "silent": "nothing answers in time: look whether it runs and whether a firewall stands between",
    "unknown_host": "its name is not known here: correct url, or ask whoever looks after the names",
    "certificate": "its certificate is not accepted: renew it, or use one that this computer trusts",
    "broken": "it hangs up: look into the receiver's log",
}


def hook_findings(settings: Settings, home: Path) -> Said:
    """Each webhook of the settings in turn; none is sent a message."""
    answer = ask_server(home, "GET", "/api/v1/webhooks") if settings.webhook else None
    known = {row.id: row for row in (HookRow.model_validate(one) for one in (answer or {}).get("webhooks", ()))}
    if not settings.webhook:
        yield "ok", "none in the settings"
    for hook in settings.webhook:
        yield from _finding(hook, known.get(hook.id), home)


def _finding(hook: WebhookSettings, row: HookRow | None, home: Path) -> Said:
    if (wrong := _secret(hook, row, home)) is not None:
        yield wrong
        return
    try:
        wire.reach(hook.url)
    except wire.Trouble as trouble:
        yield "act", f"{hook.id} cannot be reached ({trouble}): {ADVICE[wire.cause(trouble)]}"
        return
    if row is None:
        yield "note", f"{hook.id} can be reached; what it has taken is known once the server runs with these settings"
    elif row.state == "stopped":
        yield "act", f"{hook.id} wants no more messages: ask why, then hallcall webhooks replay {hook.id} --from ROW"
    elif row.state == "retrying":
        yield "act", f"{hook.id} takes no messages ({row.trouble}), {row.behind} rows are behind: {_last(row)}"
    else:
        yield "ok", f"{hook.id} can be reached and has a secret; {_last(row)}"


def _secret(hook: WebhookSettings, row: HookRow | None, home: Path) -> tuple[Literal["note", "act"], str] | None:
    """What is wrong with its secret. One in the environment is the server's to see; files are read here."""
    if row is not None and row.state == "no_secret":
        return "act", f"{hook.id} sends nothing: {row.trouble}. Set it, and start the server again"
    if row is not None and hook.secret_env:
        return None
    try:
        secret_of(hook, home)
    except NoSecret as why:
        level: Literal["note", "act"] = "note" if hook.secret_env else "act"
        return level, f"{hook.id} has no secret here: {why}"
    return None


def _last(row: HookRow) -> str:
    return NO_MESSAGE if row.last is None else f"the last message was taken at {row.last}"
