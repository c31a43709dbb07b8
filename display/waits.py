"""How a wait is said: a range in whole minutes that does not pretend to know more than the estimate does."""

from display.board import Wait

SECONDS_PER_MINUTE = 60
COARSE_FROM_MIN = 10  # people read 12 or 13 minutes as a promise; from here on steps of five
COARSE_STEP_MIN = 5


def minutes(wait: Wait) -> tuple[int, int]:
    """From the point estimate (rounded down) to the bound that holds nine times in ten (rounded up)."""
    upper = -(-wait.upper90_s // SECONDS_PER_MINUTE)
    step = COARSE_STEP_MIN if upper >= COARSE_FROM_MIN else 1
    low = wait.point_s // SECONDS_PER_MINUTE // step * step
    high = -(-upper // step) * step
    return min(max(low, 1), high), high
