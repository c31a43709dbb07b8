"""What the display of a window says of a service that is over."""

from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from hall_server.contract.messages import Message

Reason = Literal["wait", "attitude", "skill", "unclear", "unsolved", "other"]
REASONS: tuple[Reason, ...] = get_args(Reason)


class RatingRequest(Message):
    """How the customer with ``label`` was served, from 1 (very bad) to 5; ``reason`` counts beside a low level."""

    label: Annotated[str, StringConstraints(min_length=1, max_length=12)]
    level: Annotated[int, Field(ge=1, le=5)]
    reason: Reason | None = None
