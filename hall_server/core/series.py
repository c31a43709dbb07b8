"""A series of numbers: what is written on its tickets, from where to where, and which number follows another."""

from dataclasses import dataclass

DIGITS = 3  # A001
FULL = 0.9  # of a range: from here on somebody should think of the next one


@dataclass(frozen=True, slots=True)
class Series:
    """The numbers ``first`` to ``last`` behind one prefix, written with at least so many ``digits``.

    ``printed``: they stand on a paper roll already, for the time when everything else is down.
    """

    prefix: str
    digits: int = DIGITS
    first: int = 1
    last: int = 10**DIGITS - 1
    printed: bool = False

    def label(self, number: int) -> str:
        """What is called: letter and number."""
        return f"{self.prefix}{number:0{self.digits}d}"

    def reach(self, number: int) -> int:
        """This number, or the first one behind it that may be given out: a full range grows a digit, it never wraps."""
        inside = max(number, self.first)
        return inside if inside <= self.last else max(inside, 10**self.digits)

    def has(self, number: int) -> bool:
        """Whether the number lies within the range."""
        return self.first <= number <= self.last

    def full(self, number: int) -> bool:
        """Whether so much of the range is used up when it stands at this number that somebody should be told."""
        return number - self.first + 1 >= FULL * (self.last - self.first + 1)
