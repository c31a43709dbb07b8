"""A day of customers from a CSV file: all of its mistakes at once, each with its line."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hall_server.core.figures.replay import Arrival

NEEDED = ("arrive_s", "service", "klass", "service_s")
LATEST_S = 48 * 3600  # a service day may go on after midnight, but not for ever
SOME_DAY = "2000-01-01"  # of a file that names none


class WrongFile(Exception):
    """The file cannot be replayed; ``mistakes`` lists everything that is wrong with it, one sentence each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))


@dataclass(frozen=True, slots=True)
class Customers:
    """Who came on that day; ``left`` went away unserved, so nobody knows how long their service would have taken."""

    date: str
    arrivals: tuple[Arrival, ...]
    left: int


def read(path: Path) -> Customers:
    """The customers of a file with the columns arrive_s, service, klass and service_s; others may stand beside them.

    Raises ``WrongFile`` with all mistakes.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
            if missing:
                raise WrongFile([f"{path.name}, line 1: there is no column {', '.join(missing)}."])
            return _customers(path.name, [(rows.line_num, row) for row in rows])
    except (OSError, UnicodeDecodeError, csv.Error) as trouble:
        raise WrongFile([f"{path} cannot be read as a CSV file: {trouble}."]) from trouble


def _customers(name: str, rows: list[tuple[int, dict[str, str]]]) -> Customers:
    served = [(line, row) for line, row in rows if row.get("outcome") in (None, "", "served")]
    wrong = [f"{name}, line {line}: {mistake}." for line, row in served for mistake in _mistakes(row)]
    if not served:
        wrong.append(f"{name}: it has no customer who was served.")
    if wrong:
        raise WrongFile(wrong)
    arrivals = tuple(Arrival(int(r["arrive_s"]), r["service"], r["klass"], int(r["service_s"])) for _, r in served)
    return Customers(_date(rows[0][1].get("date")), arrivals, len(rows) - len(served))


def _mistakes(row: dict[str, str]) -> Iterator[str]:
    for column in ("arrive_s", "service_s"):
        value = row[column]
        if not re.fullmatch(r"[0-9]{1,6}", value or "") or int(value) >= LATEST_S:
            yield f"{column} is no number of seconds below {LATEST_S}: {value!r}"
    if not row["service"]:
        yield "service is empty"
    if row["klass"] is None or None in row:
        yield "it has not as many values as there are columns"


def _date(said: str | None) -> str:
    try:
        return date.fromisoformat(said or "").isoformat()
    except ValueError:
        return SOME_DAY
