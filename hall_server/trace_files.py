"""How a command and the station with the cable agree on a recording: by files in the station's own folder.

``NAME.request`` is taken by the station within a second, ``NAME.part`` grows, ``NAME.jsonl`` is the whole recording;
``NAME.enough`` ends it before its time.
"""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = "traces"
REQUEST, UNKNOWN, PART, DONE, ENOUGH = ".request", ".unknown", ".part", ".jsonl", ".enough"
LOOK_EVERY_S = 1.0  # how often a station looks; a person waits for it
STALE_S = 10.0  # whoever asked longer ago has given up: nothing is recorded behind anybody's back
MAX_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Request:
    """What shall be recorded, and for how long."""

    device: str
    seconds: float


def put(path: Path, value: object) -> None:
    """Write a file that is either whole or not there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".new")
    unfinished.write_text(json.dumps(value), "utf-8")
    unfinished.replace(path)


def ask(folder: Path, request: Request) -> Path:
    """Leave a request; the path without its ending names everything that follows."""
    base = folder / f"{request.device}-{time.strftime('%Y%m%d-%H%M%S')}"
    put(ending(base, REQUEST), asdict(request))
    return base


def take(path: Path) -> Request | None:
    """Take a request away; None when it is stale. Raises ``OSError`` and ``ValueError``."""
    age_s = abs(time.time() - path.stat().st_mtime)
    text = path.read_text("utf-8")
    path.unlink()
    given = json.loads(text)
    seconds = float(given["seconds"])
    if not 0 < seconds <= MAX_SECONDS:
        raise ValueError(f"{seconds} s is not between 0 and {MAX_SECONDS}")
    return Request(str(given["device"]), seconds) if age_s <= STALE_S else None


def ending(base: Path, end: str) -> Path:
    """A file beside ``base``; names may hold dots."""
    return base.with_name(base.name + end)
