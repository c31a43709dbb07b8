"""What is committed besides code: vendored copies, locks, packaging, catalogues; and no traces of a machine."""

import fnmatch
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "display" / "static" / "vendor"
PACKAGES = ("display", "drivers", "hall_server", "kiosk")
# Made on this machine, never committed (.gitignore has the same names).
MADE_HERE = {".git", ".venv", "var", "build", "dist", "node_modules", "__pycache__"}
MADE_HERE_ENDS = (".egg-info", "_cache", ".hypothesis")

# Written with brackets so that this file does not find itself.
TRACES = {
    "a lock that records where a package came from": re.compile(r'"resol[v]ed"\s*:'),
    "a registry's address": re.compile(
        r"registry[.]npmjs|registry[=]http|pypi[.]org/simple|files[.]pythonhosted|--(?:extra-)?index-ur[l]\b"
    ),
    "a path of one machine": re.compile(r"(?<![\w./<-])(?:/home|/root|/Users|/work|/tmp)/[\w.-]+|[A-Z]:\\Users\\"),
}


def ours() -> Iterator[Path]:
    """Every file that is or could be committed."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        made_here = any(part in MADE_HERE or part.endswith(MADE_HERE_ENDS) for part in parts)
        if path.is_file() and not made_here:
            yield path


def texts() -> dict[str, str]:
    """Our files that are text, by path; vendored copies are checked by their sums instead."""
    found = {}
    for path in ours():
        raw = path.read_bytes()
        if VENDOR not in path.parents and b"\0" not in raw:
            found[path.relative_to(ROOT).as_posix()] = raw.decode("utf-8")
    return found


def traces(text: str) -> list[str]:
    """What a text gives away."""
    return [what for what, pattern in TRACES.items() if pattern.search(text)]


def test_no_file_knows_a_registry_or_the_machine_it_was_written_on() -> None:
    assert {name: found for name, text in texts().items() if (found := traces(text))} == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"resol' + 'ved": "https://host/x.tgz"}', ["a lock that records where a package came from"]),
        ("--index-" + "url https://mirror/simple", ["a registry's address"]),
        ("see /ho" + "me/someone/hall", ["a path of one machine"]),
        ("a tag </work> and https://hall.example/home/x and ./tmp/x", []),
    ],
)
def test_traces_are_recognised(text: str, expected: list[str]) -> None:
    assert traces(text) == expected


def wrong_copies(folder: Path) -> list[str]:
    """Vendored files that are not what the lock says, are missing, or are in no lock."""
    rows = json.loads((folder / "vendor.lock.json").read_text(encoding="utf-8"))
    locked = {row["file"]: row["sha256"] for row in rows}
    present = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "vendor.lock.json"
    }
    return sorted(name for name in locked.keys() | present.keys() if locked.get(name) != present.get(name))


def test_every_vendored_file_is_the_one_that_was_vendored() -> None:
    assert wrong_copies(VENDOR) == []


def test_a_changed_a_missing_and_a_foreign_copy_are_named(tmp_path: Path) -> None:
    sums = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("good.js", "changed.js", "gone.js")}
    rows = [{"file": name, "version": "1", "sha256": sha256} for name, sha256 in sums.items()]
    (tmp_path / "vendor.lock.json").write_text(json.dumps(rows))
    (tmp_path / "good.js").write_text("good.js")
    (tmp_path / "changed.js").write_text("alert(1)")
    (tmp_path / "foreign.js").write_text("")
    assert wrong_copies(tmp_path) == ["changed.js", "foreign.js", "gone.js"]


def pyproject() -> dict[str, Any]:
    """Our packaging."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_package_is_named_in_the_packaging() -> None:
    found = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for package in PACKAGES
        for path in (ROOT / package).rglob("__init__.py")
    }
    assert sorted(found) == pyproject()["tool"]["setuptools"]["packages"]


def test_every_file_beside_the_code_is_packaged_with_it() -> None:
    table = pyproject()["tool"]["setuptools"]["package-data"]
    patterns = [
        f"{package.replace('.', '/')}/{pattern.replace('**/', '')}"
        for package, wanted in table.items()
        for pattern in wanted
    ]
    beside = [
        path.relative_to(ROOT).as_posix()
        for path in ours()
        if path.relative_to(ROOT).parts[0] in PACKAGES and path.suffix not in (".py", ".pyc")
    ]
    assert [name for name in beside if not any(fnmatch.fnmatch(name, want) for want in patterns)] == []


def pinned(lock: str) -> dict[str, int]:
    """Each package of a lock and how many hashes pin it."""
    rows = re.split(r"^(?=[a-z0-9])", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {re.split(r"[=\[ ]", row)[0]: row.count("--hash=sha256:") for row in rows}


def names(requirements: list[str]) -> set[str]:
    """Requirements without versions and extras."""
    return {re.split(r"[^a-z0-9-]", requirement)[0] for requirement in requirements}


def test_the_locks_pin_everything_that_the_packaging_asks_for() -> None:
    project = pyproject()["project"]
    extras = project["optional-dependencies"]
    run, dev = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert names(project["dependencies"] + extras["build"]) - run.keys() == set()
    assert names(extras["dev"] + extras["postgres"]) - dev.keys() == set()
    assert run.keys() - dev.keys() == set()
    assert [name for name, hashes in (run | dev).items() if hashes == 0] == []


def test_both_locks_pin_the_same_versions() -> None:
    versions = [
        set(re.findall(r"^[a-z0-9][^ ;\\]*==[^ ;\\]+", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
        for lock in ("requirements.txt", "requirements-dev.txt")
    ]
    assert versions[0] - versions[1] == set()


CATALOGUES = sorted({path.parent for package in PACKAGES for path in (ROOT / package).rglob("zh_CN.po")})
# Both languages stand on one line of the slip, the value only once.
SAID_ONCE = {"slip.issued"}
_HOLE = re.compile(r"%\(\w+\)\w|\{\w*\}")


def read(path: Path) -> Catalog:
    """A catalogue as Babel reads it at run time."""
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def gaps(catalogue: Catalog, other: Catalog) -> list[str]:
    """Keys that are missing, empty, doubtful, or have other holes than their counterpart."""
    found = []
    for message in filter(lambda message: message.id, other):
        mine = catalogue.get(message.id, message.context)
        if mine is None or mine.fuzzy or not all(_strings(mine)):
            found.append(str(message.id))
        elif _holes(mine) != _holes(message) and message.id not in SAID_ONCE:
            found.append(f"{message.id}: holes")
    return found


def _strings(message: Message) -> list[str]:
    text = message.string or ""
    return [text] if isinstance(text, str) else list(text)


def _holes(message: Message) -> set[str]:
    return {hole for text in _strings(message) for hole in _HOLE.findall(text)}


def test_each_room_with_texts_has_them_in_both_languages() -> None:
    assert CATALOGUES
    assert [folder for folder in CATALOGUES if not (folder / "en.po").is_file()] == []


@pytest.mark.parametrize("folder", CATALOGUES, ids=lambda folder: folder.relative_to(ROOT).as_posix())
def test_chinese_and_english_say_the_same_things(folder: Path) -> None:
    chinese, english = read(folder / "zh_CN.po"), read(folder / "en.po")
    assert gaps(chinese, english) == []
    assert gaps(english, chinese) == []


def test_a_gap_in_a_catalogue_is_named() -> None:
    full, short = Catalog(locale="en"), Catalog(locale="zh_CN")
    for key, english, chinese in (("a", "A", "甲"), ("b", "B", ""), ("d", "{n} left", "剩余")):
        full.add(key, english)
        short.add(key, chinese)
    full.add("c", "C")
    assert gaps(short, full) == ["b", "d: holes", "c"]
    assert gaps(full, full) == []
