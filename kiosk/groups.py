"""Groups of services, where a kiosk has more of them than fit on a page: a touch more, and nothing to look for."""

from display.board import Board, Group

TILES_A_PAGE = 6  # with so many nobody needs groups


def shown(board: Board) -> list[Group]:
    """The groups that have something to choose; none where they would be one touch more for nothing."""
    rows = [row for row in board.services if row.offered]
    used = [group for group in board.groups if any(row.group == group.id for row in rows)]
    return used if len(rows) > TILES_A_PAGE and len(used) > 1 else []
