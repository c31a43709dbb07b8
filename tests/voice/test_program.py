"""A program that reads aloud: what it makes is kept, and whatever it does wrong, the clips say the sentence."""

import os
import struct
import sys
import time
import wave
from io import BytesIO
from pathlib import Path

import pytest

from hall_server.settings.voice import VoiceSettings
from hall_server.voice import NotMadeError, Part, Voice
from hall_server.voice.program import Program

PART = Part("zh", "window", "3")
TEXT = "请到3号窗口办理业务。"


def sound(seconds: float = 0.1) -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(16_000)
        made.writeframes(struct.pack("<h", 99) * round(16_000 * seconds))
    return file.getvalue()


def reader(folder: Path, does: str, timeout_s: float = 20) -> tuple[str, ...]:
    """A program of ours that notes each text that it was given, and then does this."""
    script = folder / "reader.py"
    noted = f"open({str(folder / 'asked')!r}, 'a').write(text + '|')"
    script.write_text("\n".join(("import os, sys, time", "text, lang, file = sys.argv[1:]", noted, does)), "utf-8")
    (folder / "ready.wav").write_bytes(sound())
    return (sys.executable, str(script), "{text}", "{lang}", "{file}")


def writes(folder: Path) -> str:
    return f"open(file, 'wb').write(open({str(folder / 'ready.wav')!r}, 'rb').read())"


def voice(folder: Path, command: tuple[str, ...], timeout_s: float = 20) -> Voice:
    settings = VoiceSettings(engine="command", command=command, timeout_s=timeout_s)
    return Voice(settings, folder, time.monotonic)


def test_what_it_made_is_played_and_never_made_twice(tmp_path: Path) -> None:
    one = voice(tmp_path, reader(tmp_path, writes(tmp_path)))
    before = one.sound(PART)
    one.make(PART)
    one.make(PART)
    after = one.sound(PART)
    assert before is not None
    assert after is not None
    assert (before.kind, before.final) == ("audio/ogg", False), "clips stand in until it is ready"
    assert (after.content, after.kind, after.final) == (sound(), "audio/wav", True)
    assert (tmp_path / "asked").read_text() == f"{TEXT}|"


def test_a_text_is_a_word_and_never_a_command(tmp_path: Path) -> None:
    command = reader(tmp_path, writes(tmp_path))
    evil = f"; touch {tmp_path / 'owned'} $(touch {tmp_path / 'owned'}) `id`"
    Program(command, 20, tmp_path / "voice").make(evil, "zh")
    assert (tmp_path / "asked").read_text() == f"{evil}|"
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("does", "why"),
    [
        ("sys.exit('no voice here')", "ended with 1: no voice here"),
        ("", "it wrote no file"),
        ("open(file, 'wb').write(b'<html>' * 200)", "no sound that a browser plays"),
        ("open(file, 'wb').write(b'RIFF')", "no sound that a browser plays"),
        ("open(file, 'wb').truncate(5_000_000)", "no sound that a browser plays"),
    ],
)
def test_whatever_it_does_wrong_is_named_and_nothing_is_kept(tmp_path: Path, does: str, why: str) -> None:
    program = Program(reader(tmp_path, does), 20, tmp_path / "voice")
    with pytest.raises(NotMadeError, match=why):
        program.make(TEXT, "zh")
    assert program.kept(TEXT, "zh") is None
    assert list((tmp_path / "voice").iterdir()) == []


def test_a_program_that_hangs_ends_with_all_that_it_started(tmp_path: Path) -> None:
    does = f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)"
    program = Program(reader(tmp_path, does), 3, tmp_path / "voice")
    with pytest.raises(NotMadeError, match="took more than 3 s"):
        program.make(TEXT, "zh")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_one_that_is_not_there_costs_a_voice_and_no_call(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    one = voice(tmp_path, ("/nowhere/speak", "{text}", "{file}"))
    one.make(PART)
    one.make(PART)
    assert [record.getMessage() for record in caplog.records] == [
        f"{TEXT} was not read aloud, so clips stand in: /nowhere/speak: No such file or directory"
    ], "it is not tried again at once"
    heard = one.sound(PART)
    assert heard is not None
    assert heard.content == Voice(VoiceSettings(), tmp_path, time.monotonic).ready(PART)


def test_the_oldest_sounds_go_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program(reader(tmp_path, writes(tmp_path)), 20, tmp_path / "voice")
    monkeypatch.setattr("hall_server.voice.program.KEEP_BYTES", 2 * len(sound()))
    for age, text in enumerate(("一", "二")):
        program.make(text, "zh")
        for file in (tmp_path / "voice").iterdir():
            os.utime(file, (age, age)) if file.stat().st_mtime > 2 else None
    assert program.kept("一", "zh") is not None, "asked for again, so it is the younger one now"
    program.make("三", "zh")
    assert [program.kept(text, "zh") is not None for text in "一二三"] == [True, False, True]


def test_a_silent_hall_has_no_address_for_sounds(tmp_path: Path) -> None:
    recipes = [
        Voice(VoiceSettings.model_validate({"engine": engine, "command": command}), tmp_path, time.monotonic).recipe
        for engine, command in (("silent", ()), ("clips", ()), ("command", ("say", "{text}", "{file}")))
    ]
    assert recipes[0] == ""
    assert len(set(recipes)) == 3
