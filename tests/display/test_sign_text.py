"""Sign texts: known widths word for word, and for any width nothing too wide, cut short or unshowable."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import display
from display.phrases import Phrases
from display.sign_text import SignText, SignTexts, check, width

TEXTS = SignTexts(Phrases.load(Path(display.__file__).parent / "locale"))
ENGLISH = SignTexts(TEXTS.phrases, language="en")

labels = st.from_regex(r"[A-Z]{0,2}[0-9]{3,4}", fullmatch=True)
windows = st.integers(1, 99).map(str)
columns_of_signs = st.integers(1, 40)


@pytest.mark.parametrize(
    ("columns", "page"),
    [
        (24, "A027 请到3号窗口"), (16, "A027 请到3号窗口"), (15, "A027 到3号窗口"), (14, "A027 到3号窗口"),
        (13, "请A027号"), (8, "请A027号"), (7, "A027"), (4, "A027"), (3, ""),
    ],
)  # fmt: skip
def test_a_call_is_said_in_the_longest_wording_that_fits(columns: int, page: str) -> None:
    assert TEXTS.called("A027", "3", columns) == SignText((page,), "red")


def test_a_number_too_long_for_the_sign_points_to_the_hall_screen_and_is_never_cut() -> None:
    assert TEXTS.called("AB1027", "3", 4) == SignText(("看屏",), "red")


@pytest.mark.parametrize(
    ("columns", "pages"),
    [
        (16, ("暂停服务", "请到5号窗口")), (8, ("暂停服务", "请到5号")), (6, ("暂停", "到5号")), (4, ("暂停", "到5")),
        (3, ("到5",)), (1, ("",)),
    ],
)  # fmt: skip
def test_a_redirected_window_names_the_nearest_other_one(columns: int, pages: tuple[str, ...]) -> None:
    assert TEXTS.redirected(("5", "6"), columns) == SignText(pages, "yellow")


def test_a_window_that_serves_nobody_says_what_it_knows() -> None:
    assert TEXTS.redirected((), 8) == SignText(("暂停服务",), "yellow")
    assert TEXTS.fault(8) == SignText(("设备故障",), "yellow")
    assert TEXTS.fault(8, ("5",)) == SignText(("设备故障", "请到5号"), "yellow")
    assert TEXTS.idle(8) == SignText(("欢迎光临",), "green")
    assert TEXTS.idle(4) == SignText(("欢迎",), "green")
    assert TEXTS.night() == SignText(("",), "red")


def test_a_board_of_one_line_says_nothing_but_its_latest_call() -> None:
    away = [("2", "1")]
    assert TEXTS.listed([("A027", "3")], 16, 1, away) == SignText(("A027 请到3号窗口",), "red")
    assert TEXTS.listed([], 16, 2, away) == SignText(("欢迎光临        2号请到1号",), "yellow")


@given(label=labels, window=windows, columns=columns_of_signs, texts=st.sampled_from([TEXTS, ENGLISH]))
def test_no_text_is_ever_wider_than_its_sign_or_outside_its_code(
    label: str, window: str, columns: int, texts: SignTexts
) -> None:
    every = (
        texts.called(label, window, columns), texts.idle(columns), texts.redirected((window,), columns),
        texts.redirected((), columns), texts.fault(columns, (window,)), texts.fault(columns), texts.night(),
        texts.idle(columns, [(window, window), (window, "")]),
    )  # fmt: skip
    board = texts.listed([(label, window)] * 2, columns, 3, [(window, window)] * 3)
    assert all(width(page) <= 3 * columns for page in board.pages)
    for text in every:
        assert text.pages
        for page in text.pages:
            assert check(page, columns) == ()
            assert len(page.encode("gb2312")) == width(page) <= columns
            assert b"?" not in page.encode("gb2312", errors="replace")


@given(label=labels, window=windows, columns=columns_of_signs)
def test_a_call_shows_the_whole_label_or_none_of_it(label: str, window: str, columns: int) -> None:
    (page,) = TEXTS.called(label, window, columns).pages
    assert label in page or not any(character.isdigit() for character in page)
    assert label in page or columns < len(label)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("A027", ()), ("到窗口", ("too_wide",)), ("€", ("text_unsupported",)), ("A\n1", ("text_unsupported",)),
        ("镕€€", ("too_wide", "text_unsupported")),
    ],
)  # fmt: skip
def test_settings_are_told_what_a_sign_of_four_columns_cannot_show(text: str, faults: tuple[str, ...]) -> None:
    assert check(text, 4) == faults


def test_a_wider_code_page_holds_more() -> None:
    assert check("镕", 4, "gb2312") == ("text_unsupported",)
    assert check("镕", 4, "gbk") == ()
