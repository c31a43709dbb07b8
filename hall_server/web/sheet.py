"""A sheet of appointments as CSV: every line that cannot be read is named, and the others are read all the same."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

from pydantic import ValidationError

from hall_server.contract.appointments import BookRequest

COLUMNS = ("date", "time", "service", "name", "contact")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet says: appointments with their lines, and what is wrong on others."""

    lines: tuple[int, ...]
    rows: tuple[BookRequest, ...]
    wrong: dict[int, str]


def read(text: str) -> Sheet:
    """Read a sheet; a line that only has commas counts for nothing."""
    found: list[tuple[int, BookRequest]] = []
    wrong: dict[int, str] = {}
    for line, said in _said(text):
        if said is None:
            wrong[line] = "columns"
            continue
        try:
            found.append((line, BookRequest.model_validate(said, strict=True)))
        except ValidationError as invalid:
            fields = {str(error["loc"][0]) for error in invalid.errors()}
            wrong[line] = next(name for name in ("at", "service", "name", "contact") if name in fields)
    return Sheet(tuple(line for line, _ in found), tuple(row for _, row in found), wrong)


def _said(text: str) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Line by line what it says; None where the columns are not there."""
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), skipinitialspace=True)
    try:
        if tuple(word.strip().lower() for word in next(reader, [])) != COLUMNS:
            yield 1, None
            return
        for cells in reader:
            words = [cell.strip() for cell in cells]
            if not any(words):
                continue
            if len(words) != len(COLUMNS):
                yield reader.line_num, None
            else:
                day, clock, service, name, contact = words
                yield (
                    reader.line_num,
                    {"at": f"{day}T{clock.zfill(5)}", "service": service, "name": name, "contact": contact},
                )
    except csv.Error:
        yield reader.line_num, None
