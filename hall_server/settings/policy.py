"""Who is next, as hallcall.toml says it: [policy] and [[class]], and what can be wrong between them."""

from typing import Annotated, Any, Literal

from pydantic import Field

from hall_server.core.policy import classes as core
from hall_server.settings.checks import Raw, Where, meant, rows
from hall_server.settings.tables import Id, Table, Text

Mistakes = list[tuple[Where, str]]


class ClassSettings(Table):
    """A class of customers and its number for each kind of policy; a smaller rank goes first."""

    id: Id
    zh: Text
    en: Text
    head_start_s: int = Field(default=0, ge=0, le=3600)
    rate: int = Field(default=1, ge=1, le=100)
    rank: int = Field(default=1, ge=1, le=100)


class PolicySettings(Table):
    """How the next customer is chosen; whoever has waited ``guarantee_min`` (0: never) goes before any class."""

    kind: Literal["fifo", "head_start", "accumulating", "strict", "quota"] = "fifo"
    ordinary: Id | None = None
    pattern: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    guarantee_min: float = Field(default=core.GUARANTEE_S / 60, ge=0, le=600)


def policy_of(settings: PolicySettings, classes: tuple[ClassSettings, ...]) -> core.Policy:
    """The policy that rules read."""
    known = tuple(core.CustomerClass(c.id, c.zh, c.en, c.head_start_s, c.rate, c.rank) for c in classes)
    guarantee_s = round(settings.guarantee_min * 60)
    return core.Policy(settings.kind, known, settings.ordinary or "", settings.pattern, guarantee_s)


def policy_checks(raw: Raw) -> Mistakes:
    """Mistakes between the two tables, with the place of each."""
    policy = raw.get("policy", {})
    if not isinstance(policy, dict):
        return []
    known = [str(row["id"]) for _, row in rows(raw, "class") if "id" in row]
    pattern = policy.get("pattern", [])
    named = [name for name in pattern if isinstance(name, str)] if isinstance(pattern, list) else []
    return [*_classes(policy, known), *_pattern(policy, named, known), *_kind(raw, policy)]


def _classes(policy: dict[str, Any], known: list[str]) -> Mistakes:
    wrong: Mistakes = []
    ordinary = policy.get("ordinary")
    if known and ordinary is None:
        wrong.append((("policy",), f"say which class everybody has: ordinary = {known[-1]!r}, for instance."))
    if isinstance(ordinary, str) and ordinary not in known:
        wrong.append((("policy", "ordinary"), f"there is no class {ordinary!r}.{meant(ordinary, known)}"))
    return wrong


def _pattern(policy: dict[str, Any], named: list[str], known: list[str]) -> Mistakes:
    where: Where = ("policy", "pattern")
    if policy.get("kind") != "quota":
        return [(where, 'a pattern counts for kind = "quota" only.')] if named else []
    if not named:
        return [(("policy", "kind"), "a quota needs a pattern of classes.")]
    strangers = dict.fromkeys(name for name in named if name not in known)
    wrong: Mistakes = [(where, f"there is no class {name!r}.{meant(name, known)}") for name in strangers]
    forgotten = dict.fromkeys(name for name in known if name not in named)
    return wrong + [(where, f"nobody of class {name!r} would ever have a turn.") for name in forgotten]


def _kind(raw: Raw, policy: dict[str, Any]) -> Mistakes:
    """What a kind needs to make a difference, or to be fair."""
    kind, where = policy.get("kind", "fifo"), ("policy", "kind")
    classes = [row for _, row in rows(raw, "class")]
    if kind == "fifo":
        return []
    if not classes:
        return [(where, f"{kind!r} needs classes of customers: write them as [[class]].")]
    if kind == "strict" and policy.get("guarantee_min") == 0:
        return [(("policy", "guarantee_min"), "a strict policy needs one: the others could wait for ever.")]
    if kind == "head_start" and not any(row.get("head_start_s") for row in classes):
        return [(where, "no class has a head start: give one its head_start_s.")]
    return []
