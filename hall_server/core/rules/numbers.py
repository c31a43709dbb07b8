"""Rules of numbering: which number of a series comes next, and a record for each that is passed over."""

from hall_server.core import facts as f
from hall_server.core.blocks import holes, outside, past
from hall_server.core.facts.away import NumbersVoided
from hall_server.core.hall import Hall


def following(hall: Hall, prefix: str) -> tuple[int, list[f.Fact]]:
    """The next number of a series that is in no block and on no ticket, and the records of those before it."""
    series, before = hall.numbers(prefix), hall.series.get(prefix)
    number, voids = series.first if before is None else before + 1, list[f.Fact]()
    while True:
        number = past(hall.blocks.values(), prefix, number)
        reached = series.reach(number)
        if reached > number:  # the range ends here, or begins later than it did when the last number was given out
            gone = outside(hall.blocks.values(), prefix, number, reached - 1)
            voids += [NumbersVoided("", prefix, first, last, "range") for first, last in gone]
        elif series.label(number) in hall.kept:
            voids.append(NumbersVoided("", prefix, number, number, "taken"))
            reached = number + 1
        else:
            return number, voids
        number = reached


def taken(hall: Hall, kiosk: str, prefix: str, first: int, last: int) -> list[f.Fact]:
    """The numbers of a block that are on tickets of a day before: its kiosk does not give them out."""
    series = hall.numbers(prefix)
    on_tickets = [number for number in range(first, last + 1) if series.label(number) in hall.kept]
    return [NumbersVoided(kiosk, prefix, number, number, "taken") for number in on_tickets]


def voids(hall: Hall) -> list[f.Fact]:
    """The end of the day for leased numbers that became no tickets, and for numbers of a roll that nobody entered."""
    found: list[f.Fact] = []
    for block in hall.blocks.values():
        spans = holes(block.first, block.last, block.gone)
        found += [NumbersVoided(block.kiosk, block.series, first, last) for first, last in spans]
    for prefix, torn in hall.torn.items():
        spans = holes(min(torn), max(torn), torn)
        found += [NumbersVoided("", prefix, first, last, "unentered") for first, last in spans]
    return found
