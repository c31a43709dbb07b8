"""How far each webhook has come: a small file of its own, written whole or not at all."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = "webhooks"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row that is dealt with, of which life of the database, and what came of the rows until there.

    ``taken_at`` is when the receiver took a message last (Unix seconds).
    """

    epoch: int
    seq: int
    delivered: int = 0
    refused: int = 0
    dropped: int = 0
    stopped: bool = False
    taken_at: float | None = None


class Cursors:
    """The files of all webhooks of a folder. A file that cannot be read is a webhook that has not begun."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def read(self, hook: str) -> Cursor | None:
        """Where a webhook stands; None: it has not begun."""
        try:
            return Cursor(**json.loads(self._path(hook).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, hook: str, cursor: Cursor) -> None:
        """On disk when this returns. Raises ``OSError``."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path = self._path(hook)
        fresh = path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(asdict(cursor), file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)

    def _path(self, hook: str) -> Path:
        return self._folder / f"{hook}.json"
