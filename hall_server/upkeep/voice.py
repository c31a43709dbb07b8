"""``hallcall voice``: a sentence into a file, to listen to, and what a hall says of its windows made ready."""

import sys
import time
from pathlib import Path

import click

from display.phrases import Language
from hall_server.settings import FILE, SettingsError, load
from hall_server.settings.voice import VoiceSettings, advice
from hall_server.upkeep.rows import HOME
from hall_server.voice import NotMadeError, Part, UnspeakableError, Voice

WRONG = 2  # exit code: the settings have mistakes


@click.group()
def voice() -> None:
    """Listen to what hall screens say, and make it ready."""


@voice.command()
@click.argument("ticket")
@click.argument("window")
@click.option("--to", "file", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A sound file.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@HOME
def say(ticket: str, window: str, file: Path, lang: str, home: Path) -> None:
    """Say a call into a file, as the hall of --home would; without a hall, with the clips that are shipped."""
    language: Language = "en" if lang == "en" else "zh"
    spoken = _voice(home)
    try:
        sound = spoken.sentence(Part(language, "ticket", ticket), Part(language, "window", window))
        file.write_bytes(sound)
    except (NotMadeError, UnspeakableError, OSError) as why:
        click.echo(str(why), err=True)
        sys.exit(1)
    click.echo(f"{file}: {len(sound)} bytes")


@voice.command()
@HOME
def build(home: Path) -> None:
    """Make ready what is said of every window and in an alarm, and name letters of tickets that are misheard."""
    spoken, wrong, ready = _voice(home), 0, 0
    settings = load(home / FILE)
    for part in spoken.standing(window.id for window in settings.window):
        try:
            spoken.ready(part)
            ready += 1
        except (NotMadeError, UnspeakableError) as why:
            click.echo(f"{part.half} {part.name}, {part.language}: {why}", err=True)
            wrong += 1
    for sentence in advice(tuple(service.prefix for service in settings.service)):
        click.echo(sentence)
    click.echo(f"{ready} sentences are ready, {wrong} are not.")
    sys.exit(1 if wrong else 0)


def _voice(home: Path) -> Voice:
    """The voice of a hall, or the one that every hall begins with."""
    try:
        settings = load(home / FILE).voice if (home / FILE).exists() else VoiceSettings()
    except SettingsError as mistakes:
        click.echo(mistakes.told(home / FILE), err=True)
        sys.exit(WRONG)
    return Voice(settings, home, time.monotonic)
