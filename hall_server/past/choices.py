"""Policies as one writes them on a command line: fifo, head_start:vip=90, strict:vip,all and the like."""

import re
from collections.abc import Sequence

import click

from hall_server.core.policy.classes import CustomerClass, Policy

NUMBERED = {"head_start": (0, 3600), "accumulating": (1, 100)}  # the least and the most of each number
LISTED = ("strict", "quota")
FORMS = "fifo, head_start:CLASS=SECONDS, accumulating:CLASS=RATE, strict:CLASS,CLASS or quota:CLASS,CLASS,CLASS"


def policy(said: str, classes: Sequence[str], guarantee_s: int) -> Policy:
    """The policy that is meant, for the classes of a file. Raises ``BadParameter``."""
    kind, _, rest = said.partition(":")
    if kind == "fifo" and not rest:
        return Policy("fifo", tuple(CustomerClass(name) for name in classes), classes[0], (), guarantee_s)
    if kind in NUMBERED and rest:
        numbers = dict(_number(said, kind, part, classes) for part in rest.split(","))
        known = tuple(_numbered(kind, name, numbers.get(name)) for name in classes)
        return Policy(kind, known, classes[0], (), guarantee_s)
    if kind in LISTED and rest:
        named = [_known(said, name, classes) for name in rest.split(",")]
        ranks = {name: n for n, name in enumerate(dict.fromkeys(named), 1)}
        forgotten = ", ".join(name for name in classes if name not in ranks)
        if kind == "quota" and forgotten:
            raise click.BadParameter(f"{said}: nobody of class {forgotten} would ever have a turn.")
        known = tuple(CustomerClass(name, rank=ranks.get(name, len(ranks) + 1)) for name in classes)
        return Policy(kind, known, classes[0], tuple(named) if kind == "quota" else (), guarantee_s)
    raise click.BadParameter(f"{said!r} is no policy: write {FORMS}.")


def _number(said: str, kind: str, part: str, classes: Sequence[str]) -> tuple[str, int]:
    name, _, number = part.partition("=")
    low, high = NUMBERED[kind]
    if not re.fullmatch(r"[0-9]{1,4}", number) or not low <= int(number) <= high:
        raise click.BadParameter(
            f"{said}: give class {name} a number from {low} to {high}, as in {kind}:{name}={high}."
        )
    return _known(said, name, classes), int(number)


def _numbered(kind: str, name: str, number: int | None) -> CustomerClass:
    if kind == "head_start":
        return CustomerClass(name, head_start_s=number or 0)
    return CustomerClass(name, rate=number or 1)


def _known(said: str, name: str, classes: Sequence[str]) -> str:
    if name not in classes:
        raise click.BadParameter(f"{said}: the file has no class {name!r}; it has {', '.join(classes)}.")
    return name
