"""Who makes the sound of half a sentence: the clips, or a program of the hall's, and the clips until that is ready."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import display
from display.phrases import Language, Phrases
from display.speech.clips import shipped
from display.speech.sentence import Part, UnspeakableError
from hall_server.contract.emergency import Danger
from hall_server.core.hall import Hall
from hall_server.core.tickets import State
from hall_server.settings.voice import VoiceSettings
from hall_server.voice.program import NotMadeError, Program, kind_of

LOG = logging.getLogger(__name__)
TEXTS = Path(__file__).parent / "locale"
SHOWN = Path(display.__file__).parent / "locale"  # alarms are said in the words that screens show
FOLDER = "voice"  # in the hall's own
OGG = "audio/ogg"
LOOK_S = 1.0  # between looks for what a program has to make
AGAIN_S = 60.0  # a text that a program could not read is tried again after so long
AHEAD = 100  # tickets that are made ready: the next hour


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound as a browser takes it; ``final`` is what will also be played next time."""

    content: bytes
    kind: str
    final: bool


@dataclass(slots=True)
class Voice:
    """The voice of one hall."""

    settings: VoiceSettings
    home: Path
    clock: Callable[[], float]
    phrases: Phrases = field(default_factory=lambda: Phrases.load(TEXTS, SHOWN))
    _failed: dict[Part, float] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[Language, ...]:
        """In which sentences are said, in this order."""
        return self.settings.languages

    @property
    def recipe(self) -> str:
        """Another one when the same words would sound otherwise, since browsers keep what they have heard; or none."""
        if self.settings.engine == "silent":
            return ""
        told = "\0".join((shipped().sum, *self.settings.command))
        return sha256(told.encode()).hexdigest()[:12]

    @property
    def program(self) -> Program | None:
        """The program that reads aloud, where the hall has one."""
        told = self.settings
        if told.engine != "command":
            return None
        return Program(told.command, told.timeout_s, self.home / FOLDER)

    def sound(self, part: Part) -> Sound | None:
        """What is heard, at once; None when nothing has a sound for it."""
        program = self.program
        made = program.kept(part.text(self.phrases), part.language) if program else None
        if made is not None:
            return Sound(made, kind_of(made) or OGG, final=True)
        try:
            return Sound(shipped().part(part), OGG, final=program is None)
        except UnspeakableError:
            return None

    def ready(self, part: Part) -> bytes:
        """The sound as it will be, made now if need be. Raises ``NotMadeError`` and ``UnspeakableError``."""
        program, text = self.program, part.text(self.phrases)
        if program is None:
            return shipped().part(part)
        return program.kept(text, part.language) or program.make(text, part.language)

    def sentence(self, *parts: Part) -> bytes:
        """All of it as one sound. Raises ``NotMadeError`` and ``UnspeakableError``."""
        if self.program is None:
            return shipped().sentence(parts)
        return self.program.make("".join(part.text(self.phrases) for part in parts), parts[0].language)

    def make(self, part: Part) -> None:
        """Have the program read it, unless it could not just now."""
        now = self.clock()
        self._failed = {one: until for one, until in self._failed.items() if until > now}
        if part in self._failed:
            return
        try:
            self.ready(part)
        except NotMadeError as why:
            LOG.warning("%s was not read aloud, so clips stand in: %s", part.text(self.phrases), why)
            self._failed[part] = now + AGAIN_S

    def start(self, look: Callable[[Callable[[Hall], Any]], Any], spawn: Callable[..., Any], sleep: Any) -> None:
        """Make everything ready before it is called: windows at once, tickets when they are issued."""
        if self.program is not None:
            spawn(self._keep_ready, look, sleep)

    def _keep_ready(self, look: Callable[[Callable[[Hall], Any]], Any], sleep: Callable[[float], None]) -> None:
        while True:
            for part in look(self.wanted):
                self.make(part)
            sleep(LOOK_S)

    def wanted(self, hall: Hall) -> tuple[Part, ...]:
        """What may be said soon: alarms, the windows, and who waits."""
        labels = (one.label for one in hall.tickets.values() if one.state in (State.WAITING, State.CALLED))
        tickets = (Part(lang, "ticket", label) for label in tuple(labels)[:AHEAD] for lang in self.settings.languages)
        return (*self.standing(one.id for one in hall.config.windows), *tickets)

    def standing(self, windows: Iterable[str]) -> tuple[Part, ...]:
        """What may be said on any day: alarms, and the ways to these windows."""
        alarms = [f"emergency.{danger}" for danger in get_args(Danger)]
        return (
            *(Part(lang, "alarm", self.phrases.text(alarm, lang)) for alarm in alarms for lang in self.languages),
            *(Part(lang, "window", window) for window in windows for lang in self.languages),
        )
