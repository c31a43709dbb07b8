"""[voice] in the settings: mistakes told at once, and letters that are misheard."""

from hall_server.settings import parse
from hall_server.settings.voice import advice
from tests.server.halls import HALL
from tests.server.test_settings import mistakes

TV = """
[[device]]
id = "{id}"
kind = "{kind}"
zh = "大屏"
en = "Hall TV"
speaks = true
"""


def test_a_hall_speaks_with_clips_in_both_languages_unless_it_says_otherwise() -> None:
    told = parse(HALL)
    assert (told.voice.engine, told.voice.languages) == ("clips", ("zh", "en"))
    quiet = parse(HALL + '[voice]\nquiet = ["12:00-13:30"]\n' + TV.format(id="tv7", kind="tv")).hall_config()
    assert [(one.opens, one.closes) for one in quiet.quiet] == [("12:00", "13:30")]
    assert [device.id for device in quiet.devices if device.speaks] == ["tv7"]


def test_every_mistake_of_a_voice_is_told() -> None:
    voice = '[voice]\nengine = "command"\ncommand = ["say", "{text}"]\nquiet = ["22:00-06:00"]\n'
    rows = TV.format(id="tv7", kind="tv") + TV.format(id="tv8", kind="tv") + TV.format(id="cam", kind="camera")
    found = "\n".join(mistakes(HALL + voice + rows))
    for sentence in (
        'name the program and its words, like ["say", "{text}", "{file}"].',
        "22:00-06:00 ends before it begins: write a night as two spans.",
        "two screens that speak are heard as an echo: only one of them does.",
        "only a tv speaks; a voice module does so anyway.",
    ):
        assert sentence in found
    silent = "\n".join(mistakes(HALL + '[voice]\nengine = "silent"\n' + TV.format(id="tv7", kind="tv")))
    assert "it has no voice" in silent


def test_letters_that_are_misheard_are_named() -> None:
    assert list(advice(("A", "C", "F", "M", "B"))) == []
    assert len(list(advice(("B", "D", "H")))) == 3
