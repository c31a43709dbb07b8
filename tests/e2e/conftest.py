"""What the tests of whole halls share: a place for the times they measured."""

import fcntl
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
        FILE.parent.mkdir(exist_ok=True)
        with FILE.open("a+", encoding="utf-8") as kept:
            fcntl.flock(kept, fcntl.LOCK_EX)  # other workers of this run have measured, too
            kept.seek(0)
            before = json.loads(kept.read() or "{}")
            kept.truncate(0)
            kept.write(json.dumps(before | times, indent=1, sort_keys=True))
