"""Reads a page as a person does: the texts in order, without markup, scripts and hidden stock."""

from html.parser import HTMLParser

_UNSEEN = {"script", "style", "template", "dialog", "title", "noscript"}


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not self._unseen:
            self.found.append(text)


def texts(html: str) -> list[str]:
    parser = _Texts()
    parser.feed(html)
    parser.close()
    return parser.found


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(html: str, name: str = "") -> list[dict[str, str | None]]:
    """The attributes of every tag with this name; all tags without one."""
    parser = _Tags()
    parser.feed(html)
    parser.close()
    return [attributes for tag, attributes in parser.found if not name or tag == name]
