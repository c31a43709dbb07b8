"""What a customer does at a kiosk besides taking a ticket, as a value: what is open, since when, what belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hall_server.contract import GuideView, Language

AsideFace = Literal[
    "menu", "fetching", "guide", "topic", "fees", "unread",
    "complaint", "complaint_contact", "sending", "complained", "uncomplained",
]  # fmt: skip
READ_S = 180.0  # the page itself asks whether more time is needed, and comes back here sooner
# How long each stays when nobody touches it, in seconds; a request under way ends by itself.
ASIDE_STAY_S: Mapping[str, float] = {
    "menu": READ_S,
    "fetching": 30.0,  # ten times as long as the hall may take: without any word the next customer must not wait
    "guide": READ_S,
    "topic": READ_S,
    "fees": READ_S,
    "unread": 15.0,
    "complaint": READ_S,
    "complaint_contact": READ_S,
    "sending": 30.0,
    "complained": 30.0,  # time to note the number
    "uncomplained": 30.0,
}


@dataclass(frozen=True, slots=True)
class Aside:
    """Opened at ``since`` (monotonic seconds); ``read`` is what there is to read, ``topic`` what was chosen of it.

    Of a complaint ``topic`` is the matter, ``number`` what the hall calls it.
    """

    key: str
    language: Language
    since: float
    step: AsideFace
    read: GuideView | None = None
    topic: str = ""
    number: int = 0
