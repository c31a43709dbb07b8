"""Texts for people, by key: PO catalogues in Chinese and English, read at start and never compiled."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from babel.messages.pofile import PoFileError, read_po

from display.board import Name

Language = Literal["zh", "en"]
CATALOGUES: Mapping[Language, str] = {"zh": "zh_CN.po", "en": "en.po"}


class PhrasesError(Exception):
    """The catalogues are unreadable, disagree about their keys, or define a key twice."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """All texts of one program; every key exists in every language."""

    texts: Mapping[Language, Mapping[str, str]]

    @classmethod
    def load(cls, folder: Path, *more: Path) -> "Phrases":
        """Read both languages of each folder; ``more`` adds catalogues that may not redefine a key."""
        texts = {language: _merged((folder, *more), file) for language, file in CATALOGUES.items()}
        lonely = texts["zh"].keys() ^ texts["en"].keys()
        if lonely:
            raise PhrasesError(f"translated into one language only: {', '.join(sorted(lonely))}")
        return cls(texts)

    def text(self, key: str, lang: Language, **params: object) -> str:
        """The text with its ``{params}`` filled in; a Name among them is read in the same language."""
        words = {name: getattr(it, lang) if isinstance(it, Name) else it for name, it in params.items()}
        return self.texts[lang][key].format(**words)

    def both(self, key: str, **params: object) -> Name:
        return Name(zh=self.text(key, "zh", **params), en=self.text(key, "en", **params))

    def table(self, lang: Language, *prefixes: str) -> dict[str, str]:
        """The unfilled texts whose key starts with one of the prefixes, by full key: for pages' scripts."""
        return {key: text for key, text in self.texts[lang].items() if key.startswith(prefixes)}


def _merged(folders: tuple[Path, ...], file: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for folder in folders:
        added = _read(folder / file)
        twice = texts.keys() & added.keys()
        if twice:
            raise PhrasesError(f"{folder / file}: already defined elsewhere: {', '.join(sorted(twice))}")
        texts.update(added)
    return texts


@cache
def _read(path: Path) -> Mapping[str, str]:
    """One catalogue; several parts of a program have some in common, and parsing one takes its time."""
    try:
        with path.open("rb") as stream:
            catalogue = read_po(stream, abort_invalid=True)
    except (OSError, PoFileError, UnicodeDecodeError) as why:
        raise PhrasesError(f"{path}: {why}") from why
    texts = {str(message.id): str(message.string) for message in catalogue if message.id and message.string}
    empty = [str(message.id) for message in catalogue if message.id and not message.string]
    if empty:
        raise PhrasesError(f"{path}: no text for {', '.join(empty)}")
    return texts
