"""Frozen dataclasses to JSON values and back, by their type hints; fields may be added, with defaults."""

import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def dump(value: Any) -> Any:
    """A dataclass (or a container of them) as JSON values; fields that equal their default are left out."""
    if is_dataclass(value):
        return {f.name: dump(got) for f in fields(value) if not _is_default(f.default, got := getattr(value, f.name))}
    if isinstance(value, dict):
        return {str(key): dump(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [dump(item) for item in value]
    if isinstance(value, set):
        return sorted(value)
    return value.value if isinstance(value, Enum) else value


def load(kind: type[T], raw: Any) -> T:
    """The value that ``dump`` wrote. Unknown keys are ignored: a newer program may have written them."""
    hashable: Any = kind
    result: T = _loader(hashable)(raw)
    return result


def _is_default(default: Any, got: Any) -> bool:
    return default is not MISSING and type(default) is type(got) and default == got


@cache
def _loader(hint: Any) -> Callable[[Any], Any]:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = _loader(next(a for a in get_args(hint) if a is not type(None)))
        if inner is _as_it_is:
            return inner
        return lambda raw: None if raw is None else inner(raw)
    if origin is tuple:
        item = _loader(get_args(hint)[0])
        return lambda raw: tuple(item(one) for one in raw)
    if origin is set:
        return set
    if origin is dict:
        value = _loader(get_args(hint)[1])
        return lambda raw: {key: value(one) for key, one in raw.items()}
    if is_dataclass(hint) and isinstance(hint, type):
        return _dataclass_loader(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return _as_it_is


def _dataclass_loader(kind: type[Any]) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    loaders = {f.name: _loader(hints[f.name]) for f in fields(kind)}
    known, changed = loaders.keys(), {name: loader for name, loader in loaders.items() if loader is not _as_it_is}

    def loaded(raw: dict[str, Any]) -> Any:
        given = raw if raw.keys() <= known else {name: one for name, one in raw.items() if name in known}
        if changed:
            given = given | {name: loader(given[name]) for name, loader in changed.items() if name in given}
        return kind(**given)

    return loaded


def _as_it_is(raw: Any) -> Any:
    return raw
