"""The pack of clips says every ticket and window there can be, and what it says is one good stream."""

import hashlib
import string
import tomllib
from pathlib import Path

import pytest

import hall_server
from display.phrases import Phrases
from display.speech.ogg import CHECKS, PAGE, joined, packets, samples
from hall_server.voice import Part, UnspeakableError, shipped
from hall_server.voice.engine import SHOWN, TEXTS
from kiosk.app import phrases
from kiosk.hearing import vocabulary

PACK_SHA256 = "28e93371f5f406826a539ecb599ae4710d1e3d4ef00de64c6c1c2ee184c65559"
SAMPLES_S = 48_000
LANGUAGES = ("zh", "en")


def test_the_pack_is_the_one_that_was_listened_to() -> None:
    assert shipped().sum == PACK_SHA256
    assert hashlib.sha256(b"".join(shipped().sounds.values())).digest() != b""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_every_digit_every_window_and_every_alarm_can_be_said(language: str) -> None:
    known = shipped().sounds
    labels = [f"{letter}{digit}{digit}{digit}" for letter in string.ascii_uppercase for digit in "0123456789"]
    labels += [f"{letter}{digit}" for letter in string.ascii_uppercase for digit in "0123456789"]
    labels += ["1001", *(f"F{number:03}" for number in range(1000))]
    parts = [Part(language, "ticket", label) for label in labels]  # type: ignore[arg-type]
    parts += [Part(language, "window", str(number)) for number in (*range(1, 100), 100, 350, 999)]  # type: ignore[arg-type]
    alarms = Phrases.load(SHOWN).table(language, "emergency.").values()  # type: ignore[arg-type]
    parts += [Part(language, "alarm", text) for text in alarms]  # type: ignore[arg-type]
    used = {clip for part in parts for clip in part.clips(known)}
    services = tomllib.loads(Path(hall_server.__file__).with_name("demo.toml").read_text("utf-8"))["service"]
    texts = vocabulary(phrases(), language)  # type: ignore[arg-type]
    guide = [*texts, *(f"number-{n}" for n in range(100)), *(one[language] for one in services)]
    used |= {f"{language}/{name}" for name in guide}
    assert {name for name in known if name.startswith(language)} - used == set()


def test_sentences_are_put_together_of_these_clips() -> None:
    known = shipped().sounds
    assert Part("zh", "ticket", "A027").clips(known) == ["zh/begin-A0", "zh/last-27"]
    assert Part("zh", "ticket", "X027").clips(known) == ["zh/letter-X", "zh/digit-0", "zh/last-27"]
    assert Part("zh", "ticket", "A7").clips(known) == ["zh/letter-A", "zh/last-7"]
    assert Part("zh", "ticket", "M1234").clips(known) == ["zh/begin-M1", "zh/digit-2", "zh/last-34"]
    assert Part("en", "ticket", "A027").clips(known) == ["en/ticket-A", "en/digit-0", "en/digit-2", "en/digit-7"]
    assert Part("en", "ticket", "1001").clips(known)[0] == "en/ticket"
    assert Part("zh", "window", "3").clips(known) == ["zh/window-3"]
    assert Part("zh", "window", "50").clips(known) == ["zh/goto", "zh/number-50", "zh/at"]
    assert Part("en", "window", "50").clips(known) == ["en/goto", "en/number-50"]
    assert Part("zh", "window", "120").clips(known) == ["zh/goto", "zh/digit-1", "zh/digit-2", "zh/digit-0", "zh/at"]


@pytest.mark.parametrize("name", ["", "张三", "A-1", "a1", "A"])
def test_what_has_no_clip_is_refused_not_left_out(name: str) -> None:
    with pytest.raises(UnspeakableError):
        Part("zh", "ticket", name).clips(shipped().sounds)


def test_texts_for_programs_say_digits_apart_and_windows_as_numbers() -> None:
    phrases = Phrases.load(TEXTS)
    said = [
        Part(language, half, name).text(phrases)  # type: ignore[arg-type]
        for language in LANGUAGES
        for half, name in (("ticket", "A027"), ("window", "12"))
    ]
    assert said == ["A零二七号顾客，", "请到12号窗口办理业务。", "Ticket A 0 2 7,", "please proceed to window 12."]


def checked(file: bytes) -> list[tuple[int, int, int]]:
    """Kind, position and number of each page, after its check was found right."""
    pages, at = [], 0
    while at < len(file):
        _, _, kind, position, _, number, want, count = PAGE.unpack_from(file, at)
        end = at + PAGE.size + count + sum(file[at + PAGE.size : at + PAGE.size + count])
        check = 0
        for one in file[at : at + 22] + bytes(4) + file[at + 26 : end]:
            check = (check << 8 & 0xFFFFFFFF) ^ CHECKS[check >> 24 ^ one]
        assert check == want
        pages.append((kind, position, number))
        at = end
    return pages


def test_joined_sounds_are_one_stream_as_long_as_all_of_them() -> None:
    clips = [shipped().sounds[name] for name in ("zh/window-3", "pause", "en/window-3", "zh/window-1", "en/window-8")]
    whole = joined(clips)
    lengths = [sum(map(samples, packets(clip)[2:])) for clip in clips]
    pages = checked(whole)
    assert packets(whole)[2:] == [packet for clip in clips for packet in packets(clip)[2:]]
    assert pages[-1][1] == sum(lengths)
    assert [number for _, _, number in pages] == list(range(len(pages)))
    assert [kind for kind, _, _ in pages] == [2, *[0] * (len(pages) - 2), 4]
    assert len(pages) > 3, "it is longer than a page holds"


@pytest.mark.parametrize("broken", [b"RIFF", b"OggS", shipped().sounds["pause"][:-1], shipped().sounds["pause"][:40]])
def test_what_is_no_stream_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match="Ogg page|does not end"):
        packets(broken)


def test_five_calls_take_three_to_nine_seconds() -> None:
    for label, window in (("A027", "3"), ("C348", "12"), ("F519", "8"), ("M006", "20"), ("1001", "1")):
        for language in ("zh", "en"):
            whole = shipped().sentence((Part(language, "ticket", label), Part(language, "window", window)))
            length_s = sum(map(samples, packets(whole)[2:])) / SAMPLES_S
            assert 3 <= length_s <= 9, (label, language)
