"""How large letters must be for the farthest seat of a TV, and how much of the hall it then shows at once."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

WIDTH_U, HEIGHT_U = 1920, 1080  # design pixels of every TV, whatever its resolution
MM_PER_INCH = 25.4
FLOOR_MM_PER_M = 1000 / 300  # capitals of 1/300 of the distance are the least that good eyes read
CAP_HEIGHT = 0.668  # of a font's size, of the letters that are shipped

DENSE_PX = 16  # the smallest letters of tv.css, which has two languages side by side
SMALLEST_PX = 60  # what is farther away is set in tv-far.css, and looks lost there in smaller letters
LARGEST_PX = 90  # from here on a window's row does not hold what it has to say

# What tv-far.css adds up to, in design pixels; lines and bars are multiples of the smallest letters.
BAR_PX, BAR_LINES = 96, 1.3
PADDING_PX, GAP_PX, ROW_GAP_PX = 44, 16, 12
HERO_PX, LINE, ROW_LINES = 244, 1.2, 1.3
PROMO_PX, SERVICE_GAP_PX = 356, 16
ROWS_MOST = 5


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands on the screen at once.

    Dense or ``far`` (one language after the other, no letter under ``letters_px``); so many ``rows`` of windows and
    ``services``; the words over the call only up to ``headed`` rows.
    """

    far: bool
    letters_px: int
    rows: int
    headed: int
    services: int


@dataclass(frozen=True, slots=True)
class Distance:
    """A screen's diagonal in inches, and how many metres away the farthest seat is."""

    inches: float = 55
    farthest_m: float = 10

    @property
    def floor_px(self) -> int:
        """The smallest letters that can be read from there, in design pixels."""
        return math.ceil(self.farthest_m * FLOOR_MM_PER_M / (CAP_HEIGHT * self._mm_per_px))

    @property
    def _mm_per_px(self) -> float:
        return self.inches * MM_PER_INCH / math.hypot(WIDTH_U, HEIGHT_U)

    def layout(self) -> Layout:
        """The layout that keeps the floor, or the largest there is."""
        if self.floor_px <= DENSE_PX:
            return Layout(False, DENSE_PX, ROWS_MOST, ROWS_MOST, services=8)
        letters_px = min(max(self.floor_px, SMALLEST_PX), LARGEST_PX)
        main = HEIGHT_U - 2 * max(BAR_PX, BAR_LINES * letters_px) - PADDING_PX
        left = main - HERO_PX - LINE * letters_px - 2 * GAP_PX  # beside the windows: the call, and who is next
        return Layout(
            True, letters_px, _rows(left, letters_px), _rows(left - LINE * letters_px, letters_px),
            services=int((main - PROMO_PX) // (2 * LINE * letters_px + SERVICE_GAP_PX)),
        )  # fmt: skip


def _rows(height: float, letters_px: int) -> int:
    return min(int((height + ROW_GAP_PX) // (ROW_LINES * letters_px + ROW_GAP_PX)), ROWS_MOST)


def advice(name: str, distance: Distance) -> Iterator[str]:
    """What a person can do when even the largest layout has letters that the farthest seat cannot read."""
    if distance.floor_px <= LARGEST_PX:
        return
    reach_m = math.floor(10 * distance.farthest_m * LARGEST_PX / distance.floor_px) / 10
    inches = math.ceil(distance.inches * distance.floor_px / LARGEST_PX)
    yield (
        f"{name}: {distance.inches:g} inches are too few for {distance.farthest_m:g} m: its letters would have to be "
        f"{distance.floor_px} pixels of {HEIGHT_U} high and are at most {LARGEST_PX}. Take {inches} inches or more, "
        f"or let nobody wait farther away than {reach_m:g} m"
    )
