"""The rows of a form against those of the file: which are changed, which go, which come, and where each one is then."""

from collections.abc import Callable, Sequence
from typing import Any

from hall_server.register.lines import Add, Change, Drop, Put


def rows_changed(
    table: str, wanted: Sequence[Any], now: Sequence[Any], keys: Sequence[str], said: Callable[[Any, str], Any]
) -> tuple[list[Change], dict[int, int]]:
    """The changes of one table, and which row of the form stands in which of the file then.

    A row of the form says by ``row`` which one of the file it is; ``said`` puts a setting as the file says it.
    """
    known = {one.row: number for number, one in enumerate(wanted) if one.row is not None and 0 <= one.row < len(now)}
    fresh = [number for number, one in enumerate(wanted) if known.get(one.row) != number]
    changes: list[Change] = []
    for row, number in known.items():
        one, was = wanted[number], now[row]
        differing = {key: said(one, key) for key in keys if getattr(one, key) != getattr(was, key)}
        changes += [Put(table, row, differing)] if differing else []
    changes += [Drop(table, row) for row in reversed(range(len(now))) if row not in known]
    changes += [Add(table, {key: said(wanted[number], key) for key in keys}) for number in fresh]
    return changes, dict(enumerate([known[row] for row in sorted(known)] + fresh))
