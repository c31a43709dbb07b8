"""Series of numbers as hallcall.toml has them, and what can be wrong with them."""

from collections import Counter
from typing import Any

from pydantic import Field

from hall_server.core.series import DIGITS, Series
from hall_server.settings.checks import Raw, Where, rows
from hall_server.settings.tables import Prefix, Table

Mistakes = list[tuple[Where, str]]
MOST_DIGITS = 5  # a label of more is read wrong from the far end of a hall, and few signs have room for it


class SeriesSettings(Table):
    """Numbers behind a prefix: of the services that have it, or (``printed``) on a paper roll."""

    prefix: Prefix
    digits: int = Field(default=DIGITS, ge=1, le=MOST_DIGITS)
    first: int = Field(default=1, ge=1)
    last: int | None = Field(default=None, ge=1)
    printed: bool = False

    def known(self) -> Series:
        """The same as rules read it; without an end it goes as far as its digits."""
        return Series(self.prefix, self.digits, self.first, self.last or 10**self.digits - 1, self.printed)


def series_of(found: tuple[SeriesSettings, ...]) -> tuple[Series, ...]:
    """The series that rules read."""
    return tuple(one.known() for one in found)


def series_checks(raw: Raw) -> Mistakes:
    """Everything that is wrong with series and with the prefixes of services, with the place of each."""
    services = Counter(row["prefix"] for _, row in rows(raw, "service") if isinstance(row.get("prefix"), str))
    series = [(number, row) for number, row in rows(raw, "series") if isinstance(row.get("prefix"), str)]
    named = Counter(row["prefix"] for _, row in series)
    wrong: Mistakes = []
    for number, row in rows(raw, "service"):
        if isinstance(prefix := row.get("prefix"), str) and services[prefix] > 1 and prefix not in named:
            said = f"the prefix {prefix!r} is used by two services: write a [[series]] if they shall share its numbers."
            wrong.append((("service", number, "prefix"), said))
    for number, row in series:
        wrong += [(("series", number, key), said) for key, said in _row(row, services, named)]
    return wrong


def _row(row: dict[str, Any], services: Counter[str], named: Counter[str]) -> list[tuple[str, str]]:
    """What is wrong with one series: where, and a sentence."""
    prefix, printed = row["prefix"], row.get("printed") is True
    first, digits = row.get("first", 1), row.get("digits", DIGITS)
    found: list[tuple[str, str]] = []
    if named[prefix] > 1:
        found.append(("prefix", f"the series {prefix!r} stands here a second time."))
    if printed and not prefix:
        found.append(("prefix", "a printed roll needs a letter, or its numbers might be anybody's."))
    elif printed and services[prefix]:
        found.append(("prefix", f"the prefix {prefix!r} is a service's: a printed roll needs a letter of its own."))
    elif not printed and not services[prefix]:
        found.append(("prefix", f"no service has the prefix {prefix!r}."))
    if not isinstance(first, int) or not isinstance(digits, int) or not 1 <= digits <= MOST_DIGITS:
        return found
    last = row.get("last", 10**digits - 1)
    if isinstance(last, int) and last < first:
        found.append(("last" if "last" in row else "first", f"the series {prefix!r} ends before it begins."))
    if isinstance(last, int) and last >= 10**digits:
        found.append(("last", f"{last} has more than {digits} digits."))
    return found
