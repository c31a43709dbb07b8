"""The asset register as a sheet comes back as it went, and no cell of it is a formula."""

import csv
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook

from hall_server.cli import main
from hall_server.register import sheets
from hall_server.register.edit import KEYS, NotChanged, changed
from hall_server.settings import FILE, load
from hall_server.upkeep import exporting, importing, sheet
from tests.upkeep.test_edit import DEMO, HALL

ROW = dict.fromkeys(KEYS, "") | {
    "id": "d1", "zh": "一号", "en": "=cmd|' /C calc'!A1", "phone": "+86 10 1", "serial": "'007", "model": "a,b\n\"c\"",
    "bought": "2024-03-01", "vendor": "@sum", "firmware": "-1",
}  # fmt: skip


@pytest.mark.parametrize("name", ["register.csv", "register.XLSX"])
def test_a_register_comes_back_as_it_went(tmp_path: Path, name: str) -> None:
    exporting.write(tmp_path / name, [ROW])
    assert sheet.read(tmp_path / name) == [ROW]


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    exporting.write(tmp_path / "r.csv", [ROW])
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell.startswith(sheets.FORMULA)] == []
    exporting.write(tmp_path / "r.xlsx", [ROW])
    found = load_workbook(tmp_path / "r.xlsx").worksheets[0]
    assert {cell.data_type for row in found.iter_rows() for cell in row if cell.value is not None} == {"s"}


def test_what_people_type_into_a_spreadsheet_is_read(tmp_path: Path) -> None:
    book = Workbook()
    page = book.worksheets[0]
    page.append(["id", "bought", "phone", "serial"])
    page.append(["d1", datetime(2024, 3, 1), 8001.0, 7])  # noqa: DTZ001 - a spreadsheet knows no zone
    book.save(tmp_path / "r.xlsx")
    (tmp_path / "r.csv").write_text("id;bought\nd1;2024-03-01\n;\n", "utf-8")
    expected = {"id": "d1", "bought": "2024-03-01"}
    assert sheet.read(tmp_path / "r.xlsx") == [{**expected, "phone": "8001", "serial": "7"}]
    assert sheet.read(tmp_path / "r.csv") == [expected]


def test_what_a_chinese_excel_saves_is_read(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes("id,responsible,bought\r\nd1,王工,2024/3/1\r\n".encode("gb18030"))
    rows = sheet.read(tmp_path / "r.csv")
    assert rows == [{"id": "d1", "responsible": "王工", "bought": "2024/3/1"}]
    assert 'responsible = "王工"\nbought = 2024-03-01\n' in changed(HALL, rows)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"name\nx\n", "has no column id in its first row."),
        ("b.csv", b"id,colour\nx,red\n", "has columns that are no settings: colour."),
        ("c.csv", b"id\nx\nx\n", "has these devices more than once: x."),
        ("d.csv", b"\xff\xfe", "cannot be read as a sheet"),
        ("e.xlsx", b"PK no", "cannot be read as a sheet"),
    ],
)
def test_what_is_no_register_is_refused_by_name(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(NotChanged) as refused:
        sheet.read(tmp_path / name)
    assert sentence in str(refused.value)


def run(what: str, *words: str) -> tuple[int, str]:
    command, before = (importing.main, []) if what == "import" else (main, ["devices", what])
    done = CliRunner().invoke(command, [*before, *words])
    return done.exit_code, done.output


def test_a_sheet_is_shown_first_and_applied_when_told_to(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(HALL, "utf-8")
    home, file = ("--home", str(tmp_path)), str(tmp_path / "r.csv")
    assert run("export", file, *home) == (0, f"{file}: 2 devices.\n")
    assert run("import", file, *home) == (0, "Nothing changes.\n")
    exporting.write(Path(file), [{**row, "responsible": "王工"} for row in sheet.read(Path(file))])
    code, said = run("import", file, *home)
    assert code == 0
    assert said.count('+responsible = "王工"') == 2
    assert (tmp_path / FILE).read_text("utf-8") == HALL
    assert "responsible" in (tmp_path / f"{FILE}.new").read_text("utf-8")
    code, said = run("import", file, "--apply", *home)
    assert code == 0
    assert "No server runs here: the settings come into force with the next start" in said
    assert [one.responsible for one in load(tmp_path / FILE).device] == ["王工", "王工"]


def test_a_sheet_with_mistakes_leaves_the_settings_alone(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(DEMO, "utf-8")
    (tmp_path / "r.csv").write_text("id,window\nsign1,99\n", "utf-8")
    code, said = run("import", str(tmp_path / "r.csv"), "--apply", "--home", str(tmp_path))
    assert (code, "there is no window '99'" in said) == (2, True)
    assert (tmp_path / FILE).read_text("utf-8") == DEMO
    assert run("export", str(tmp_path / "r.ods"), "--home", str(tmp_path))[0] == 2
