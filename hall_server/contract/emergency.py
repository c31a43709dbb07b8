"""The messages about an emergency: which one, who raised the alarm, and when."""

from typing import Literal

from display.board import Name
from hall_server.contract.messages import Message

Danger = Literal["fire", "earthquake", "illness"]


class EmergencyRequest(Message):
    """Raise the alarm: every screen says what to do, nobody is called."""

    kind: Danger


class AlarmRow(Message):
    """The alarm that stands: ``text`` is what the screens say, ``by`` (role:id) raised it."""

    kind: Danger
    text: Name
    by: str
    at: str


class AlarmView(Message):
    """Whether an alarm stands."""

    alarm: AlarmRow | None = None
