"""What the kiosk's page sends with a touch: read strictly, since nothing but our own page sends any."""

from typing import TypeVar

from flask import abort, request
from pydantic import BaseModel, ConfigDict, ValidationError

from hall_server.contract import Language

Body = TypeVar("Body", bound=BaseModel)


class Opened(BaseModel):
    """The customer begins something besides a ticket: an appointment, a request for help, a page to read."""

    model_config = ConfigDict(extra="forbid")
    language: Language


def heard(model: type[Body]) -> Body:
    try:
        return model.model_validate(request.get_json())
    except ValidationError:
        abort(400)
