"""The hall that most tests of rules start from."""

import pytest

from tests.core.scene import Scene, scene


@pytest.fixture
def hall() -> Scene:
    """A configured hall whose day has just opened and where nobody waits."""
    return scene()
