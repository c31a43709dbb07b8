"""How often the tests that wait for an accident repeat it: a few times in CI, very often under ``make soak``."""

import os
from typing import Final

SOAK: Final = os.environ.get("HALLCALL_SOAK") == "1"


def rounds(in_ci: int, in_soak: int) -> int:
    """So many rounds here."""
    return in_soak if SOAK else in_ci
