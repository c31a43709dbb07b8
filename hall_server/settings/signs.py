"""What the settings of a sign leave to its family or to its own profile, a file that stands beside hallcall.toml."""

import tomllib
from pathlib import Path

from drivers import catalog
from hall_server.settings.checks import Raw, Where, rows

SETTINGS = "hallcall.toml"


def usual_columns(url: object, options: object) -> int | None:
    """How wide the boards of a sign's family usually are; None when the family is wrong."""
    usual = catalog.sign_options(url, options, None).get("columns")
    return None if usual is None else int(usual)


def window_option(url: object, options: object, window: str | None) -> dict[str, str]:
    """What a sign whose frames name its window is told of it."""
    known = catalog.sign_options(url, options, window)
    return {"window": known["window"]} if "window" in known else {}


def why_no_toml(broken: tomllib.TOMLDecodeError) -> str:
    """What is wrong with a text that is no TOML."""
    return catalog.why_no_toml(broken)


def take_profiles(raw: Raw, folder: Path) -> tuple[list[tuple[Where, str]], list[str]]:
    """Put the text of each sign's own profile where its name stands, since stations on other computers have no such
    file; what is wrong with the names, and with the files, each of their mistakes with its line.
    """
    wrong: list[tuple[Where, str]] = []
    inside: list[str] = []
    for number, row in rows(raw, "device"):
        options = row.get("options")
        name = options.get("profile") if isinstance(options, dict) else None
        if not (row.get("kind") == "sign" and isinstance(options, dict) and isinstance(name, str)):
            continue
        text, unread = _profile(folder, name)
        mistakes = [f"{name}, line {line}: {what}." for line, what in catalog.profile_mistakes(text)]
        if unread:
            wrong.append((("device", number, "options"), unread))
        elif mistakes:
            inside += mistakes
        else:
            # Each message to a station carries it: without what only people read.
            said = (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
            row["options"] = {**options, "profile": "\n".join(said)}
            continue
        # What its sign may be nobody knows: it is judged as one without an address, and each mistake is told once.
        row["options"] = {key: value for key, value in options.items() if key != "profile"}
        row.pop("url", None)
    return wrong, inside


def _profile(folder: Path, name: str) -> tuple[str, str | None]:
    """The text of a profile, or why there is none."""
    if Path(name).name != name:
        return "", f"profile {name!r}: a profile stands beside {SETTINGS}, so its name alone is written here."
    try:
        return (folder / name).read_text("utf-8"), None
    except FileNotFoundError:
        return "", f"profile {name!r}: there is no such file beside {SETTINGS}."
    except UnicodeDecodeError as wrong:
        line = wrong.object[: wrong.start].count(b"\n") + 1
        return "", f"profile {name!r}: what stands in its line {line} is no UTF-8 text."
    except OSError as trouble:
        return "", f"profile {name!r}: it cannot be read: {trouble.strerror}."
