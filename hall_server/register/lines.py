"""hallcall.toml changed line by line: what nobody asked to change stays byte for byte, and a proof follows each change.

The proof: the same changes made to the file's plain values must give what the changed text says. A file that is
written in a way that this cannot follow is therefore refused, and never spoilt.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

_HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]")
_NOTHING = re.compile(r"\s*(#.*)?")


class NotWritable(Exception):
    """The file is written in a way that only a person can change."""


@dataclass(frozen=True, slots=True)
class Put:
    """Keys of a row, or of a table that has no rows, as wanted; what is None goes."""

    table: str
    row: int | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Add:
    """A row after the last one of its table."""

    table: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drop:
    """A row goes; the comments behind it stay, for they belong to what follows."""

    table: str
    row: int


Change = Put | Add | Drop


def changed(text: str, changes: Sequence[Change]) -> str:
    """The text with these changes, one after another; rows are counted as they stand then. Raises ``NotWritable``."""
    wanted = tomllib.loads(text)
    try:
        for one in changes:
            text = _written(text, one)
            _apply(wanted, one)
        said = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, LookupError, AttributeError) as broken:
        raise NotWritable(str(broken)) from broken
    if said != wanted:
        raise NotWritable("the tables are not written one below the other")
    return text


def _apply(wanted: dict[str, Any], one: Change) -> None:
    """The same change to plain values."""
    if isinstance(one, Add):
        wanted.setdefault(one.table, []).append({k: _plain(v) for k, v in one.values.items() if v is not None})
    elif isinstance(one, Drop):
        del wanted[one.table][one.row]
        if not wanted[one.table]:
            del wanted[one.table]
    else:
        row = wanted.setdefault(one.table, {}) if one.row is None else wanted[one.table][one.row]
        for key, value in one.values.items():
            row.update({key: _plain(value)}) if value is not None else row.pop(key, None)


def _plain(value: Any) -> Any:
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def _written(text: str, one: Change) -> str:
    lines = text.split("\n")
    spans = _spans(lines, one.table)
    if isinstance(one, Put) and (spans or one.row is not None):
        _put(lines, *spans[one.row or 0], one.values)
    elif isinstance(one, Drop):
        first, last = spans[one.row]
        del lines[first - (first > 0 and not lines[first - 1].strip()) : last]
    else:
        name = one.table if isinstance(one, Put) else f"[{one.table}]"
        fresh = ["", f"[{name}]", *_settings(one.values)]
        end = spans[-1][1] if spans else _end(lines, 0, len(lines))
        lines[end:end] = fresh if end else fresh[1:]
    return "\n".join(lines)


def _spans(lines: list[str], table: str) -> list[tuple[int, int]]:
    """Where each row of a table begins and ends, the blank lines and comments behind it left out."""
    heads = [(number, found[1]) for number, line in enumerate(lines) if (found := _HEADER.match(line))]
    others = [number for number, name in heads if not name.startswith(f"{table}.")]
    begins = [number for number, name in heads if name == table]
    return [(at, _end(lines, at, min((n for n in others if n > at), default=len(lines)))) for at in begins]


def _end(lines: list[str], first: int, last: int) -> int:
    while last > first and _NOTHING.fullmatch(lines[last - 1]):
        last -= 1
    return last


def _put(lines: list[str], first: int, last: int, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        begin = next((n for n in range(first + 1, last) if re.match(rf"\s*{re.escape(key)}\s*=", lines[n])), last)
        end = begin if begin == last else _value_end(lines, begin, last)
        fresh = _settings({key: value})
        if fresh and end > begin:
            fresh[-1] += _comment(lines[begin:end])
        lines[begin:end] = fresh
        last += len(fresh) - (end - begin)


def _value_end(lines: list[str], begin: int, last: int) -> int:
    """Where a value ends that may take several lines: as soon as it can be read; what never can fails the proof."""
    return next((end for end in range(begin + 1, last + 1) if _reads(lines[begin:end])), last)


def _comment(value: list[str]) -> str:
    """What a person wrote behind a value, with the blanks before it."""
    for found in re.finditer(r"\s*#", value[-1]):
        if _reads([*value[:-1], value[-1][: found.start()]]):
            return value[-1][found.start() :]
    return ""


def _reads(lines: list[str]) -> bool:
    try:
        tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return False
    return True


def _settings(values: Mapping[str, Any]) -> list[str]:
    return [
        line for key, value in values.items() if value is not None for line in f"{key} = {_said(value)}".split("\n")
    ]


def _said(value: Any) -> str:
    """A value in the words of the file: lists of tables with a line for each."""
    if isinstance(value, (list, tuple)):
        items = [_said(one) for one in value]
        tables = any(isinstance(one, Mapping) for one in value)
        return "[\n" + "".join(f"  {one},\n" for one in items) + "]" if tables else f"[{', '.join(items)}]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_said(one)}" for key, one in value.items()) + " }"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
