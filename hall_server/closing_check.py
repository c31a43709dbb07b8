"""``hallcall day show`` and ``day sign-off``: the hall's day in lines, as its manager sees it on the page."""

from typing import Any


def told(view: dict[str, Any]) -> str:
    """The day in lines: who is still here, which windows need a look, what is still on."""
    if not view["day"]:
        return "No business day yet."
    lines = [f"Business day {view['day']} is {'open' if view['open'] else 'closed'}."]
    if view["closes"]:
        lines.append(f"It closes at {view['closes']}; overtime until now: {view['overtime_s'] // 60} min.")
    if view["here"]:
        lines.append(
            f"{view['here']} customers are still to be served, by about {view['ends_at'] or 'nobody knows when'}."
        )
    lines += [f"Window {row['window']}: {what}" for row in view["windows"] for what in _window(row)]
    lines += [_crowd(row) for row in view["crowds"]]
    lines += [f"{row['label']} ({row['name']['en']}): no window can serve it now." for row in view["orphans"]]
    unread = [row for row in view["handovers"] if not row["signed_at"]]
    lines += [f"Window {row['window']}: {row['by']} left a hand-over that nobody has read." for row in unread]
    return "\n".join(lines if view["open"] else [*lines, *_evening(view)])


def _window(row: dict[str, Any]) -> list[str]:
    found = (
        (row["until"], f"takes nobody new, closes at {row['until']}."),
        (row["idle_since"], f"calls nobody although it could, since {row['idle_since']}."),
        (row["unattended_since"], f"{row['last_clerk']} is not heard there since {row['unattended_since']}."),
        (row["uncovered"], "is paused, and nobody stands in."),
        (row["asks"], f"{row['asks'] and row['asks']['by']} asks to leave."),
    )
    helps = [f"helps with {one['name']['en']} until {one['until']}." for one in row["helps"]]
    return [*(said for true, said in found if true), *helps]


def _crowd(row: dict[str, Any]) -> str:
    named = row["name"]["en"] if row["name"] else "The hall"
    spare = ", ".join(f"{one['window']} ({one['do']})" for one in row["spare"])
    could = f" Windows that could help: {spare}." if spare else ""
    stopped = "no tickets are given out" if row["stop"] else "tickets are given out all the same"
    return f"{named} is too full since {row['since']}: {row['waiting']} wait, {stopped}.{could}"


def _evening(view: dict[str, Any]) -> list[str]:
    on = [row["device"] for row in view["evening"] if row["state"] == "on"]
    still = f"Still on: {', '.join(on)}." if on else "Nothing that can be asked is still on."
    signed = view["signed_off"]
    if signed is None or signed["day"] != view["day"]:
        return [still, "Nobody has signed the closing check off."]
    return [still, f"{signed['by']} has signed the closing check off at {signed['at']}."]
