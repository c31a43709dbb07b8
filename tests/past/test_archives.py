"""``hallcall archive``: closed days in one file that proves itself, and tells of every change."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result

from hall_server.past.archives import archive_command
from tests.server.halls import Api, open_api


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Api]:
    """Of the first day two were served and one left; the second day is open."""
    api = open_api(tmp_path / "home")
    left = [api.post("/tickets", {"service": "id"}).get_json()["id"] for _ in range(3)][-1]
    api.post(f"/tickets/{left}/cancel")
    for verb in ("next", "start", "next", "start", "finish"):
        assert api.post(f"/windows/1/{verb}").status_code == 200
    assert api.post("/day/close").status_code == 200
    yield api
    api.server.stop()


def run(*words: object) -> Result:
    return CliRunner().invoke(archive_command, [str(word) for word in words])


def made(tmp_path: Path, hall: Api, *words: object) -> Result:
    today = hall.server.desk.today()
    return run("make", tmp_path / "a.zip", "--from", today, "--to", today, *words, "--home", tmp_path / "home")


def test_C3_closed_days_become_a_file_that_verifies_alone_and_against_its_journal(hall: Api, tmp_path: Path) -> None:
    rows = hall.rows()
    done = made(tmp_path, hall)
    head = hall.server.journal.head()
    assert (done.exit_code, done.output.partition(": ")[2]) == (
        0, f"1 business days, rows 10 to {rows}, head {head.hash}.\n"
    )  # fmt: skip
    file = tmp_path / "a.zip"
    assert file.stat().st_mode & 0o077 == 0
    with ZipFile(file) as zipped:
        visits = list(csv.DictReader(zipped.read("visits.csv").decode("utf-8-sig").splitlines()))
        said = json.loads(zipped.read("manifest.json"))
    told = [(one["label"], one["outcome"], one["window"], one["calls"], one["wait_s"] != "") for one in visits]
    assert told == [
        ("A001", "done", "1", "1", True), ("A002", "done", "1", "1", True), ("A003", "cancelled", "", "0", False)
    ]  # fmt: skip
    assert (said["head"], said["last"], said["days"]) == (head.hash, rows, [visits[0]["day"]])
    for more in ((), ("--home", tmp_path / "home")):
        assert run("verify", file, *more).output.startswith(f"{file} verifies: {visits[0]['day']}; rows 10 to {rows}")
    assert "never written over" in made(tmp_path, hall).output


def test_an_archive_ends_where_the_next_day_begins(hall: Api, tmp_path: Path) -> None:
    rows = hall.rows()
    assert hall.post("/day/open").status_code == 200
    done = made(tmp_path, hall)
    assert (done.exit_code, done.output) == (3, f"Business day {hall.server.desk.today()}/2 is not closed.\n")
    assert hall.post("/day/close").status_code == 200
    assert f"2 business days, rows 10 to {hall.rows()}" in made(tmp_path, hall).output
    assert hall.rows() > rows
    none = run("make", tmp_path / "b.zip", "--from", "2001-01-01", "--to", "2001-12-31", "--home", tmp_path / "home")
    assert (none.exit_code, none.output) == (3, "The journal has no business day from 2001-01-01 to 2001-12-31.\n")
    assert not list(tmp_path.glob("b.zip*"))


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("visits.csv", lambda text: text.replace("done", "left", 1), "visits.csv was changed after it was written."),
        ("journal.jsonl", lambda text: text.replace('"A003', '"A004', 1), "journal.jsonl was changed after"),
        ("manifest.json", lambda text: text.replace('"before": "', '"before": "f', 1), "Row 10 (DayOpened) was"),
        ("manifest.json", lambda text: "[]", "is no archive of HallCall"),
    ],
)
def test_what_was_changed_is_told(hall: Api, tmp_path: Path, name: str, change: object, said: str) -> None:
    made(tmp_path, hall)
    other = tmp_path / "other.zip"
    with ZipFile(tmp_path / "a.zip") as old, ZipFile(other, "w") as new:
        for part in old.namelist():
            text = old.read(part).decode()
            new.writestr(part, change(text) if part == name else text)  # type: ignore[operator]
    done = run("verify", other)
    assert (done.exit_code, said in done.output) == (1, True), done.output


def test_rows_that_were_rewritten_together_with_their_sums_are_found_by_the_chain(hall: Api, tmp_path: Path) -> None:
    made(tmp_path, hall)
    with ZipFile(tmp_path / "a.zip") as old:
        lines, said = old.read("journal.jsonl").decode().splitlines(), json.loads(old.read("manifest.json"))
    for kept, wrong in ((lines[:-1], "rows are missing at the end"), ([lines[0], *lines[2:]], "Row 11 is missing")):
        said["sha256"] = {}
        with ZipFile(tmp_path / "other.zip", "w") as new:
            new.writestr("journal.jsonl", "".join(f"{line}\n" for line in kept))
            new.writestr("manifest.json", json.dumps(said))
        assert wrong in run("verify", tmp_path / "other.zip").output


def test_an_archive_of_another_hall_is_not_taken_for_its_own(hall: Api, tmp_path: Path) -> None:
    made(tmp_path, hall)
    other = open_api(tmp_path / "else")
    try:
        assert other.post("/tickets", {"service": "id"}).status_code == 201
        done = run("verify", tmp_path / "a.zip", "--home", tmp_path / "else")
        assert (done.exit_code, "another" in done.output) == (1, True), done.output
    finally:
        other.server.stop()
