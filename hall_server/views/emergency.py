"""The alarm that stands, as staff see it; the public reads only its text."""

from hall_server.contract.emergency import AlarmRow
from hall_server.core.hall import Hall
from hall_server.views import Outside, iso, warning


def alarm(hall: Hall, outside: Outside) -> AlarmRow | None:
    """None while there is no danger."""
    stands, text = hall.emergency, warning(hall, outside)
    if stands is None or text is None:
        return None
    return AlarmRow.model_validate({"kind": stands.kind, "text": text, "by": stands.by, "at": iso(stands.at)})
