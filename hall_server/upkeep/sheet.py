"""The asset register read from a sheet that a person has edited: CSV or XLSX."""

import csv
from collections import Counter
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from hall_server.register.edit import KEYS, NotChanged

MAX_ROWS = 10_000  # no hall has so many devices: it is another file


def read(path: Path) -> list[Mapping[str, str]]:
    """The rows of a sheet by column. Raises ``NotChanged`` for anything that is no register."""
    try:
        grid = _read_xlsx(path) if path.suffix.lower() == ".xlsx" else _read_csv(path)
    except (OSError, UnicodeDecodeError, csv.Error, BadZipFile, InvalidFileException, KeyError, ValueError) as trouble:
        raise NotChanged(f"{path} cannot be read as a sheet: {trouble}.") from trouble
    if not grid or "id" not in grid[0]:
        raise NotChanged(f"{path} has no column id in its first row.")
    head, wrong = grid[0], sorted(name for name in grid[0] if name and name not in KEYS)
    if wrong:
        raise NotChanged(f"{path} has columns that are no settings: {', '.join(wrong)}. Known are: {', '.join(KEYS)}.")
    rows = [{key: text for key, text in zip(head, row, strict=False) if key} for row in grid[1:] if any(row)]
    _once(path, rows)
    return list(rows)


def _once(path: Path, rows: list[dict[str, str]]) -> None:
    twice = [name for name, times in Counter(row.get("id", "") for row in rows).items() if times > 1]
    if twice:
        raise NotChanged(f"{path} has these devices more than once: {', '.join(twice)}.")


def _read_csv(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")  # what a Chinese Excel saves as CSV
    comma = ";" if ";" in text.partition("\n")[0] else ","
    rows = list(csv.reader(StringIO(text, newline=""), delimiter=comma, strict=True))[:MAX_ROWS]
    return [[(cell[1:] if cell.startswith("'") else cell).strip() for cell in row] for row in rows]


def _read_xlsx(path: Path) -> list[list[str]]:
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        return [[_text(value) for value in row] for row in sheet.iter_rows(max_row=MAX_ROWS, values_only=True)]
    finally:
        book.close()


def _text(value: object) -> str:
    """A day that somebody typed into a spreadsheet is a moment there, and a number of a phone a float."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).removesuffix(" 00:00:00").strip()
