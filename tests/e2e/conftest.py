"""What the tests of whole halls share: a place for the times they measured."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

Measured = dict[str, float | list[float]]
FILE = Path(__file__).parents[2] / "build" / "e2e.json"


@pytest.fixture(scope="session")
def measured() -> Iterator[Measured]:
    """Seconds by name; kept in ``build/e2e.json``, because a slow machine must not fail a test that is right."""
    times: Measured = {}
    yield times
    if times:
        before = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text(json.dumps(before | times, indent=1, sort_keys=True), "utf-8")
