"""The calls about an emergency: raise the alarm, lift it, read whether one stands."""

from typing import cast

from hall_server.contract.emergency import AlarmView, EmergencyRequest
from hall_server.core.commands.emergency import LiftEmergency, StartEmergency
from hall_server.core.hall import Hall
from hall_server.views.emergency import alarm
from hall_server.web.api.ask import Ask, ok
from hall_server.writer import Answer


def start(ask: Ask) -> Answer:
    """Somebody holds the button of a danger."""
    return ask.do(StartEmergency(cast(EmergencyRequest, ask.body).kind), lambda hall, _: _seen(ask, hall))


def lift(ask: Ask) -> Answer:
    """The danger is over."""
    return ask.do(LiftEmergency(), lambda hall, _: _seen(ask, hall))


def read(ask: Ask) -> Answer:
    """Whether an alarm stands."""
    return ok(AlarmView(alarm=ask.desk.alarm()))


def _seen(ask: Ask, hall: Hall) -> Answer:
    return ok(AlarmView(alarm=alarm(hall, ask.desk.outside)))
