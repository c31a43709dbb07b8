"""The table [voice]: what hall screens say calls with, in which languages, and when nobody may be loud."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from hall_server.settings.calendar import SpanText
from hall_server.settings.checks import Where, rows
from hall_server.settings.tables import Table, Word

HARD_TO_TELL = frozenset("BDEGPTV")  # English names that differ in their first sound alone
HEARD_AS = {"H": "A", "K": "gěi", "D": "dì"}  # what people hear instead in a Chinese sentence


class VoiceSettings(Table):
    """Who makes the sounds of calls: clips that are shipped, a program of the hall's, or nobody."""

    engine: Literal["clips", "command", "silent"] = "clips"
    languages: Annotated[tuple[Literal["zh", "en"], ...], Field(min_length=1, max_length=2)] = ("zh", "en")
    quiet: Annotated[tuple[SpanText, ...], Field(max_length=6)] = ()
    command: Annotated[tuple[Word, ...], Field(max_length=32)] = ()
    timeout_s: float = Field(default=10, gt=0, le=60)  # a slow voice needs three for a sentence


def voice_checks(raw: dict[str, Any]) -> Iterator[tuple[Where, str]]:
    """What cannot be: a program without {text} and {file}, two screens that speak, one that speaks with no voice."""
    voice = raw.get("voice")
    told: dict[str, Any] = voice if isinstance(voice, dict) else {}
    command = told.get("command", [])
    words = " ".join(word for word in command if isinstance(word, str)) if isinstance(command, list) else ""
    if told.get("engine") == "command" and not ("{text}" in words and "{file}" in words):
        yield ("voice", "command"), 'name the program and its words, like ["say", "{text}", "{file}"].'
    for span in told.get("quiet", []) if isinstance(told.get("quiet"), list) else []:
        if isinstance(span, str) and span.partition("-")[0] >= span.partition("-")[2]:
            yield ("voice", "quiet"), f"{span} ends before it begins: write a night as two spans."
    speaking = [(number, row) for number, row in rows(raw, "device") if row.get("speaks") is True]
    for number, row in speaking:
        where = ("device", number, "speaks")
        if row.get("kind") != "tv":
            yield where, "only a tv speaks; a voice module does so anyway."
        if told.get("engine") == "silent":
            yield where, 'it has no voice: [voice] says engine = "silent".'
    for number, _ in speaking[1:]:
        yield ("device", number, "speaks"), "two screens that speak are heard as an echo: only one of them does."


def advice(prefixes: tuple[str, ...]) -> Iterator[str]:
    """Letters that are misheard: no mistakes, but better ones exist."""
    hard = sorted(set(prefixes) & HARD_TO_TELL)
    if len(hard) > 1:
        yield f"{', '.join(hard)} sound alike in English: keep one of them; A, C, F and M are told apart best."
    for letter in sorted(set(prefixes) & HEARD_AS.keys()):
        yield f"{letter} is heard as {HEARD_AS[letter]} in a Chinese sentence: A, C, F or M are not."
