"""Holds the code to docs/decisions.md: sizes, honesty of handlers, purity of the core, texts in catalogues.

Import contracts are in pyproject.toml, what ruff and mypy see is left to them.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests import bars

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("display", "drivers", "hall_server", "kiosk")

# The one handler that may catch everything: a device worker must outlive any surprise of its driver.
BROAD_EXCEPT_HOMES = {"drivers/keeper.py": 1}

# Code whose texts are data of one language by nature, with the reason.
CHINESE_BY_NATURE: dict[str, str] = {}


def sources(*suffixes: str, folders: Iterable[str] = PACKAGES) -> dict[str, str]:
    """Our own files of these kinds, by path."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in suffixes and not {"vendor", "__pycache__"} & set(path.parts)
    }


CODE = sources(".py")
ALL_CODE = CODE | sources(".py", folders=("tests", ".ci"))
CORE = {name: text for name, text in CODE.items() if name.startswith("hall_server/core/")}


def findings(check: Callable[[str], Iterable[str]], files: dict[str, str]) -> dict[str, list[str]]:
    """What a check says about each file, files without findings left out."""
    said = {name: list(check(text)) for name, text in files.items()}
    return {name: found for name, found in said.items() if found}


def test_there_is_code_to_look_at() -> None:
    assert {name.split("/")[0] for name in ALL_CODE} == {*PACKAGES, "tests", ".ci"}
    assert CORE


def test_no_file_is_longer_than_400_lines_and_nine_in_ten_have_at_most_300() -> None:
    lengths = {name: len(text.splitlines()) for name, text in ALL_CODE.items()}
    assert {name: lines for name, lines in lengths.items() if lines > bars.MAX_FILE_LINES} == {}
    assert bars.p90(list(lengths.values())) <= bars.P90_FILE_LINES


def test_no_function_is_longer_than_a_screen_and_nine_in_ten_have_at_most_25_lines() -> None:
    assert findings(bars.long_functions, ALL_CODE) == {}
    lengths = [bars.length(function) for text in CODE.values() for function in bars.functions(text)]
    assert bars.p90(lengths) <= bars.P90_FUNCTION_LINES


BARS = [
    (bars.silent_excepts, ALL_CODE),
    (bars.unfinished_marks, ALL_CODE),
    (bars.impure_imports, CORE),
    (bars.clock_calls, CORE),
]


@pytest.mark.parametrize(("check", "files"), BARS, ids=[check.__name__ for check, _ in BARS])
def test_the_code_is_clear_of(check: Callable[[str], Iterable[str]], files: dict[str, str]) -> None:
    assert findings(check, files) == {}


def test_only_the_device_worker_catches_everything() -> None:
    found = {name: len(places) for name, places in findings(bars.broad_excepts, ALL_CODE).items()}
    assert found == {name: count for name, count in BROAD_EXCEPT_HOMES.items() if name in ALL_CODE}


def test_every_module_with_content_says_what_it_is_for() -> None:
    assert [name for name, text in ALL_CODE.items() if text.strip() and bars.missing_docstring(text)] == []


def test_chinese_is_written_in_catalogues_not_in_code() -> None:
    files = {n: t for n, t in sources(".py", ".html", ".js").items() if n not in CHINESE_BY_NATURE}
    found = {name: list(bars.texts_in_code(text, Path(name).suffix)) for name, text in files.items()}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_pages_take_their_words_from_catalogues() -> None:
    assert findings(bars.words_in_template, sources(".html")) == {}


# --- The bars can fail: each check is shown something that is over it. ---

LONG = "def f() -> None:\n" + "    x = 1\n" * 50
FIFTY = "def f() -> None:\n" + "    x = 1\n" * 49

CHECKS_AND_BAD_SAMPLES = [
    (bars.long_functions, LONG, ["f: 51 lines"]),
    (bars.broad_excepts, "try:\n    f()\nexcept (OSError, Exception):\n    g()\n", ["line 3"]),
    (bars.broad_excepts, "try:\n    f()\nexcept:\n    g()\n", ["line 3"]),
    (bars.silent_excepts, "try:\n    f()\nexcept OSError:\n    'fine'\n    pass\n", ["line 3"]),
    (bars.unfinished_marks, "x = 1\n# TO" + "DO: later\n", ["line 2"]),
    (bars.impure_imports, "import json, os\nfrom time import time\nfrom . import a\n", ["os", "time", "."]),
    (bars.impure_imports, "import hall_server.journal\nfrom sqlalchemy import text\n", None),
    (bars.clock_calls, "from datetime import datetime\nx = datetime.now()\n", ["line 2"]),
    (bars.words_in_template, "<p class='x'>{{ _('a') }} Wait</p><script>let a</script>", ["Wait"]),
    (bars.words_in_template, '<img alt="The hall"><kbd>Esc</kbd>', ["The hall"]),
]


@pytest.mark.parametrize(("check", "sample", "expected"), CHECKS_AND_BAD_SAMPLES)
def test_each_bar_can_fail(check: Callable[[str], Iterable[str]], sample: str, expected: list[str] | None) -> None:
    found = list(check(sample))
    assert found if expected is None else found == expected


CHECKS_AND_GOOD_SAMPLES = [
    (bars.long_functions, FIFTY),
    (bars.broad_excepts, "try:\n    f()\nexcept OSError:\n    g()\n"),
    (bars.silent_excepts, "try:\n    f()\nexcept OSError:\n    x = None\n"),
    (bars.impure_imports, "import json\nfrom hall_server.core.facts import A\nfrom dataclasses import x\n"),
    (bars.words_in_template, "{# Wait #}<p title=\"{{ _('Wait') }}\">{{ _('Wait') }} · 3</p>{% if Wait %}{% endif %}"),
]


@pytest.mark.parametrize(("check", "sample"), CHECKS_AND_GOOD_SAMPLES)
def test_each_bar_lets_honest_code_pass(check: Callable[[str], Iterable[str]], sample: str) -> None:
    assert list(check(sample)) == []


@pytest.mark.parametrize(
    ("suffix", "sample", "expected"),
    [
        (".py", '"""说明"""\n# 注释\nx = "请"\n', ["'请'"]),
        (".html", "<!-- 注释 -->\n{# 注释 #}\n<p>请</p>\n", ["<p>请</p>"]),
        (".js", "// 注释\n/* 注\n释 */\nlet a = 'http://请';\n", ["let a = 'http://请';"]),
    ],
)
def test_chinese_is_found_in_texts_and_allowed_in_comments(suffix: str, sample: str, expected: list[str]) -> None:
    assert list(bars.texts_in_code(sample, suffix)) == expected


def test_the_ninetieth_percentile_is_the_ninth_of_ten() -> None:
    assert bars.p90([10, 1, 2, 3, 4, 5, 6, 7, 8, 9]) == 9
    assert bars.p90([]) == 0
