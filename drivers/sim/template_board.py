"""A simulated board of a family that is written as a profile: it shares the profile's lines, not the driver."""

from drivers.led.frames import Found, Miss, Template
from drivers.led.profiles import NUMBER, Profile, label
from drivers.sim.signs import BOOT_TEXT, Order

OTHER_FIELDS = 0xA1  # what a board says of its own model: one of the values that such boards use


class TemplateBoard:
    """A sign that reads texts and questions as the templates have them; without a template it is silent."""

    def __init__(self, profile: Profile) -> None:
        self.text, self.colour = "", "red"
        self._profile = profile

    def take(self, buffer: bytes) -> Order | None | int:
        """Read a text, a call or a question whether the board lives."""
        profile = self._profile
        frames = (profile.show, profile.call, profile.poll)
        read = [(template, template.parse(buffer)) for template in frames if template is not None]
        for template, found in read:
            if isinstance(found, Found):
                return self._order(found, template is not profile.poll)
        return None if any(found is Miss.MORE for _, found in read) else 1

    def boot(self) -> None:
        """Only the picture is lost."""
        self.text, self.colour = BOOT_TEXT, "yellow"

    def _order(self, found: Found, shows: bool) -> Order:
        profile = self._profile
        address = found.numbers.get("addr", profile.addresses[0])
        colours = {code: colour.value for colour, code in profile.colours.items()}
        text = label(found.text, found.numbers[NUMBER]) if NUMBER in found.numbers else found.text

        def obey() -> None:
            if shows:
                self.text, self.colour = text, colours.get(found.numbers.get("colour", -1), self.colour)

        def answer(speaker: int) -> bytes:
            return _built(profile.ack if shows else profile.alive, speaker)

        return Order(address, found.used, text, obey, answer, _built(profile.nak, address))


def _built(template: Template | None, address: int) -> bytes:
    if template is None:
        return b""
    return template.build({**dict.fromkeys(template.fields, OTHER_FIELDS), "addr": address})
