"""[complaints] of hallcall.toml: where customers can complain besides kiosk, page and window."""

from typing import Annotated

from pydantic import StringConstraints

from hall_server.core.complaints import Contacts
from hall_server.settings.tables import Table

Short = Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$")]


class ComplaintSettings(Table):
    """A phone number, a mail address, and where the box hangs, in both languages."""

    phone: Short = ""
    mail: Short = ""
    box_zh: Short = ""
    box_en: Short = ""

    def known(self) -> Contacts:
        """What screens and slips say of it."""
        return Contacts(self.phone, self.mail, self.box_zh, self.box_en or self.box_zh)
