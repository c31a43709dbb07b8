"""The audio guide: every text of the kiosk has its sound, numbers are said as they should be, no name is wrong."""

import io
import string
import zipfile
from dataclasses import replace

import pytest

from display.board import Board, Name
from display.phrases import Language
from display.speech.clips import Clips, shipped
from display.speech.sentence import UnspeakableError
from kiosk.app import phrases
from kiosk.hearing import Hearing, vocabulary
from tests.station.fake_hall import demo_board

TEXTS = phrases()
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def hearing(language: Language) -> Hearing:
    """One that knows every text, whatever is shipped."""
    names = [*vocabulary(TEXTS, language), *(f"digit-{n}" for n in range(10)), *(f"number-{n}" for n in range(100))]
    calls = [name.partition("/")[2] for name in shipped().sounds if name.startswith(language)]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as pack:
        pack.writestr("pause.opus", shipped().sounds["pause"])
        for name in {*names, *calls}:
            pack.writestr(f"{language}/{name}.opus", shipped().sounds["pause"])
    return Hearing(language, TEXTS, Clips(file))


def said(language: Language, key: str, **fields: object) -> list[str]:
    shown = TEXTS.text(f"kiosk.{key}", language, **fields)
    return [clip.partition("/")[2] for clip in hearing(language).text(shown)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_screen_has_its_sound(language: Language) -> None:
    missing = [text for text in vocabulary(TEXTS, language) if f"{language}/{text}" not in shipped().sounds]
    assert missing == []
    assert [n for n in range(100) if f"{language}/number-{n}" not in shipped().sounds] == []


def test_numbers_times_and_tickets_are_said_part_by_part() -> None:
    assert said("zh", "wait_range", low=20, high=30) == ["大约要等", "number-20", "到", "number-30", "分钟"]
    assert said("en", "wait_range", low=20, high=30) == ["You wait about", "number-20", "to", "number-30", "minutes"]
    assert said("zh", "ahead", count=5) == ["前面等候人数", "number-5"]
    assert said("en", "ahead", count=123) == ["People ahead of you", "digit-1", "digit-2", "digit-3"]
    assert said("zh", "tile.opens", time="13:30") == ["number-13", "点", "number-30", "分", "开始取号"]
    assert said("en", "tile.opens", time="09:00") == ["Tickets from", "number-9", "o'clock"]
    assert said("en", "too_early", time="11-23 10:05") == ["You may check in from", "number-10", "number-5"]
    assert said("zh", "again", label="A013") == ["begin-A0", "last-13", "您刚取过这个号，再取一张吗"]
    assert said("zh", "refused.book", times="9:00 · 9:30") == ["等候人数过多，请稍后再来，或到咨询台预约"]


@pytest.mark.parametrize(
    ("shown", "clips"),
    [
        ("A013", ["en/You have", "en/ticket-A", "en/digit-0", "en/digit-1", "en/digit-3"]),
        ("10:30", ["en/number-10", "en/number-30"]),
        ("7", ["en/number-7"]),
    ],
)
def test_what_stands_alone_on_a_button_or_a_screen_is_said(shown: str, clips: list[str]) -> None:
    assert hearing("en").text(shown) == clips


def test_a_text_that_has_no_sound_is_told_and_the_others_are_said() -> None:
    heard = hearing("zh")
    with pytest.raises(UnspeakableError):
        heard.text("本店周年庆")
    two = heard.sound(["请取走小票", "本店周年庆"], [], [])
    assert two == heard.sound(["请取走小票", TEXTS.text("hear.unreadable", "zh")], [], [])
    with pytest.raises(UnspeakableError):
        heard.sound([], [], [])


def renamed(**icons: str) -> Board:
    """The demonstration's hall, where services have names that nobody has spoken."""
    rows = demo_board().services
    return replace(
        demo_board(),
        services=tuple(replace(row, name=Name("无声", "Unheard"), icon=icons.get(row.id, row.icon)) for row in rows),
    )


def test_a_service_without_a_sound_is_said_by_its_picture_or_its_place_and_never_by_another_ones_name() -> None:
    heard = hearing("en")
    assert heard.service("property", renamed(), 3) == ["en/Housing"]
    assert heard.service("property", renamed(property="receipt-text"), 3) == ["en/Choice", "en/number-3"]
    assert heard.service("property", renamed(property="x"), 3) == ["en/Choice", "en/number-3"]
    assert heard.service("gone", demo_board(), 2) == ["en/Choice", "en/number-2"]


def test_every_letter_can_be_in_a_ticket() -> None:
    for language in LANGUAGES:
        heard = hearing(language)
        assert all(heard.text(f"{letter}123") for letter in string.ascii_uppercase)
