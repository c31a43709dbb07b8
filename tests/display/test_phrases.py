"""The catalogues: complete in both languages, readable, and the same in what they leave open."""

import string
from pathlib import Path

import pytest

import display
from display.board import Name
from display.phrases import Phrases, PhrasesError
from drivers.health import FAULTS, State

LOCALE = Path(display.__file__).parent / "locale"
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return Phrases.load(LOCALE)


def folder(at: Path, zh: str, en: str) -> Path:
    at.mkdir()
    (at / "zh_CN.po").write_text(HEAD + zh, encoding="utf-8")
    (at / "en.po").write_text(HEAD + en, encoding="utf-8")
    return at


def entry(key: str, text: str) -> str:
    return f'\nmsgid "{key}"\nmsgstr "{text}"\n'


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_fault_has_words_for_staff_and_for_customers(phrases: Phrases) -> None:
    for fault in sorted(FAULTS | {"declared", "sound_blocked"}):
        for lang in ("zh", "en"):
            assert phrases.text(f"fault.{fault}", lang)
            assert phrases.text(f"fault.{fault}.public", lang)


def test_every_state_has_its_agreed_word(phrases: Phrases) -> None:
    words = {state: phrases.text(f"state.{state}", "zh") for state in State}
    assert words == {
        State.OK: "在线", State.DEGRADED: "需关注", State.FAILED: "故障", State.UNKNOWN: "未知", State.DISABLED: "停用",
    }  # fmt: skip


def test_both_languages_leave_the_same_things_open(phrases: Phrases) -> None:
    different = {key for key, zh in phrases.texts["zh"].items() if fields(zh) != fields(phrases.texts["en"][key])}
    assert different == set()


def test_a_text_is_filled_in_and_a_name_is_read_in_its_language(phrases: Phrases) -> None:
    to = Name("5、6", "5 or 6")
    assert phrases.text("tv.repair_to", "zh", to=to) == "设备维修，请到5、6号"
    assert phrases.both("tv.repair_to", to=to) == Name("设备维修，请到5、6号", "Under repair, go to 5 or 6")


def test_a_table_holds_the_texts_of_its_prefixes_only(phrases: Phrases) -> None:
    table = phrases.table("en", "state.", "kind.")
    assert table["state.ok"] == "online"
    assert {key.split(".")[0] for key in table} == {"state", "kind"}


def test_an_unknown_key_is_named(phrases: Phrases) -> None:
    with pytest.raises(KeyError, match=r"tv\.nothing"):
        phrases.text("tv.nothing", "zh")


def test_catalogues_of_a_program_are_added_to_the_shared_ones(tmp_path: Path) -> None:
    own = folder(tmp_path / "own", entry("kiosk.home", "首页"), entry("kiosk.home", "Home"))
    phrases = Phrases.load(LOCALE, own)
    assert (phrases.text("kiosk.home", "en"), phrases.text("state.ok", "zh")) == ("Home", "在线")


@pytest.mark.parametrize(
    ("zh", "en", "why"),
    [
        (entry("a", "甲"), entry("b", "B"), "one language only: a, b"),
        (entry("a", "甲"), entry("a", ""), "no text for a"),
        (entry("state.ok", "好"), entry("state.ok", "fine"), "already defined elsewhere: state.ok"),
        ('\nmsgid "a"\nmsgstr "甲', entry("a", "A"), "zh_CN.po"),
    ],
)
def test_a_catalogue_with_a_hole_is_refused_at_start(tmp_path: Path, zh: str, en: str, why: str) -> None:
    with pytest.raises(PhrasesError, match=why):
        Phrases.load(LOCALE, folder(tmp_path / "own", zh, en))


def test_a_missing_catalogue_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PhrasesError, match=r"zh_CN\.po"):
        Phrases.load(tmp_path)
