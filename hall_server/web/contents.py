"""What the hall tells its customers, as pages and calls reach it: the list, the files, and what a file is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from hall_server.contract.content import ContentView
from hall_server.core.hall import Hall
from hall_server.media import Media
from hall_server.views import MEDIA
from hall_server.views import content as content_views


class Shelf(Protocol):
    """What pages ask of it."""

    def view(self) -> ContentView: ...

    def find(self, name: str) -> Path | None:
        """Where a picture or film is, if it is on this server."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The items of one hall and their files; ``read`` runs on a real thread, for files take their time."""

    media: Media
    read: Callable[..., Any]
    look: Callable[[Callable[[Hall], Any]], Any]
    clock: Callable[[], float]

    def view(self) -> ContentView:
        """All items, with those whose file is not here."""
        now = self.clock()
        seen: ContentView = self.look(lambda hall: content_views.view(hall, now))
        return seen.model_copy(update={"rows": tuple(self._looked(row) for row in seen.rows)})

    def _looked(self, row: Any) -> Any:
        name = row.url.removeprefix(MEDIA)
        return row.model_copy(update={"missing": bool(name) and self.find(name) is None})

    def find(self, name: str) -> Path | None:
        return self.media.find(name)

    def write(self, upload: str, offset: int, data: bytes) -> int:
        """One part of a file. Raises ``MediaRefused``."""
        size: int = self.read(self.media.write, upload, offset, data)
        return size

    def take(self, upload: str) -> tuple[str, str]:
        """Kind and name of what was uploaded. Raises ``MediaRefused``."""
        found: tuple[str, str] = self.read(self.media.take, upload)
        return found

    def tidy(self, name: str) -> None:
        """The file goes with the last item that shows it."""
        used = self.look(lambda hall: any(one.media == name for one in hall.content.values()))
        if name and not used:
            self.read(self.media.drop, name)
