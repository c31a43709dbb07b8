"""The hall's servers as a caller sees them: it stays with one for as long as that one answers, then asks the next."""

import threading


class Servers:
    """One or more URLs, separated by commas; used by several threads."""

    def __init__(self, urls: str) -> None:
        self._urls = tuple(url for part in urls.split(",") if (url := part.strip().rstrip("/")))
        if not self._urls:
            raise ValueError("no server's URL was given")
        self._at = 0
        self._moving = threading.Lock()

    def __len__(self) -> int:
        return len(self._urls)

    @property
    def current(self) -> str:
        return self._urls[self._at]

    def leave(self, url: str) -> None:
        """That one did not answer. Of several who say so at the same time only the first moves us on."""
        with self._moving:
            if url == self._urls[self._at]:
                self._at = (self._at + 1) % len(self._urls)
