"""Holds docs/model.md to the tests: each of the invariants stands there once, and what checks it is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "model.md").read_text("utf-8")
ROWS = re.findall(r"^\| (I\d+) \| [^|]+ \| ([^|]+) \|$", TEXT, re.MULTILINE)


def test_each_invariant_stands_there_once_in_its_order() -> None:
    assert [name for name, _ in ROWS] == [f"I{number}" for number in range(1, 35)]


def test_each_is_checked_by_something_that_there_is() -> None:
    named = {name: re.findall(r"`([\w/]+\.py)::(\w+)`", where) for name, where in ROWS}
    assert [name for name, checks in named.items() if not checks] == []
    gone = [
        f"{name}: {path}::{check}"
        for name, checks in named.items()
        for path, check in checks
        if not re.search(rf"^ *def {check}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE)
    ]
    assert gone == []
