"""What a form offers for a device's options: the drivers know it."""

from drivers.choices import choices as choices
