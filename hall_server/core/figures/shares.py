"""Shares in per cent, rounded the same everywhere."""


def share(part: int, whole: int) -> float | None:
    """Per cent, to two places; None of nothing."""
    return round(100 * part / whole, 2) if whole else None
