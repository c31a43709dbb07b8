"""A QR code as the path of an SVG picture, so that no markup goes into a page."""

import segno

QUIET_ZONE_MODULES = 4  # of white around it: a scanner has to find its corners


def drawn(text: str) -> tuple[str, int]:
    """The path of its dark squares, and the side of the picture."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    dark = (
        (x + QUIET_ZONE_MODULES, y + QUIET_ZONE_MODULES) for y, row in enumerate(rows) for x, on in enumerate(row) if on
    )
    return "".join(f"M{x} {y}h1v1h-1z" for x, y in dark), len(rows) + 2 * QUIET_ZONE_MODULES
