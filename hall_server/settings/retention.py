"""[retention] of hallcall.toml: for how many days what is known of people is kept."""

from pydantic import Field

from hall_server.settings.tables import Table

DAY_S = 24 * 3600.0


class RetentionSettings(Table):
    """``appointment_days`` after the day of an appointment, ``sign_in_days`` after a session or token has ended,
    ``complaint_days`` after a complaint was closed.
    """

    appointment_days: int = Field(default=1, ge=0, le=365)  # whoever complains comes on the next day
    sign_in_days: int = Field(default=90, ge=1, le=3650)  # who was signed in when something went wrong is asked soon

    complaint_days: int = Field(default=180, ge=1, le=3650)  # half a year: as long as complaints are counted together

    @property
    def appointment_s(self) -> float:
        """The first in seconds."""
        return self.appointment_days * DAY_S

    @property
    def sign_in_s(self) -> float:
        """The second in seconds."""
        return self.sign_in_days * DAY_S

    @property
    def complaint_s(self) -> float:
        """The third in seconds."""
        return self.complaint_days * DAY_S
