"""The base of all messages on the wire, and the few types that they share."""

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
Note = Annotated[str, StringConstraints(max_length=500)]
Why = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
FAULT_CHARS, EVIDENCE_CHARS = 40, 500  # whoever tells of a device cuts what a driver says to that
Fault = Annotated[str, StringConstraints(max_length=FAULT_CHARS)]
Evidence = Annotated[str, StringConstraints(max_length=EVIDENCE_CHARS)]
DeviceState = Literal["unknown", "ok", "degraded", "failed", "disabled"]

Role = Literal["kiosk", "station", "tv", "clerk", "manager", "maintenance", "admin", "concierge"]
ROLES: tuple[Role, ...] = get_args(Role)


class Message(BaseModel):
    """What the server is sent is strict: unknown fields are refused. Whoever reads what it says uses ``heard``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def heard(cls, said: Any) -> Self:
        """What a server said, which may be newer than we are. Raises ``pydantic.ValidationError``."""
        return cls.model_validate(said, extra="ignore")
