"""Letters in front of numbers: which one to take next, and which are heard as something else."""

from collections.abc import Iterable
from string import ascii_uppercase

SUGGESTED = "ACFM"  # apart from each other in both languages, near or far from the speaker
NEVER = "IOQ"  # read as digits
ALIKE = frozenset("BDEGPTV")  # English letters that rhyme: at most one of them
MISHEARD = frozenset("HKD")  # H is heard as A, K as 给, D as 第


def suggested(used: Iterable[str]) -> str:
    """The best letter that is free; nothing when none is."""
    taken = set(used)
    tried = (*SUGGESTED, *(one for one in ascii_uppercase if one not in ALIKE | MISHEARD), *ascii_uppercase)
    return next((one for one in tried if one not in taken and one not in NEVER and not warnings(one, taken)), "")


def warnings(prefix: str, others: Iterable[str]) -> tuple[str, ...]:
    """The codes of what to think of before a hall is called by this letter."""
    rhymes = prefix in ALIKE and any(one in ALIKE and one != prefix for one in others)
    return (("prefix_misheard",) if prefix in MISHEARD else ()) + (("prefix_rhymes",) if rhymes else ())
