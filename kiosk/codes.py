"""What the kiosk calls the codes that it takes: of appointments, of slips that staff hand out, or of both."""

from display.board import Board
from kiosk.touch import CheckIn

# a refusal -> the words that say it instead of those for an appointment
HEADS = {"code_used": "code_used", "code_expired": "code_expired", "pickup_not_ready": "pickup_not_ready"}


def taken(board: Board | None) -> bool:
    """Whether this hall has any."""
    return board is not None and (board.appointments or board.codes)


def keys(board: Board, asked: CheckIn | None) -> dict[str, str]:
    """By slot of the page, the key of its words."""
    kind = "either" if board.codes and board.appointments else "slip" if board.codes else "appointment"
    said = HEADS.get(asked.code, "") if asked is not None else ""
    return {
        "have_code": f"have_{kind}",
        "code_how": f"check_in.how.{kind}",
        "not_found": said or f"not_found.{kind}",
        "checked_in": said or "checked_in",
    }
