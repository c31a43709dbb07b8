"""What can have happened to what the hall tells its customers: put up, changed, taken away, and how long shown."""

from dataclasses import dataclass

from hall_server.core.content import Item


@dataclass(frozen=True, slots=True)
class ContentAdded:
    """Something may be shown on its days."""

    item: Item


@dataclass(frozen=True, slots=True)
class ContentChanged:
    """The item with this id says something else, or on other days."""

    item: Item


@dataclass(frozen=True, slots=True)
class ContentRemoved:
    """Somebody took it away."""

    content: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A TV (``device``) said for so many seconds that it shows this."""

    content: str
    device: str
    seconds: int


@dataclass(frozen=True, slots=True)
class ContentPlayed:
    """What TVs have shown since then (Unix seconds): the proof of play, some minutes at a time."""

    since: float
    shown: tuple[Shown, ...]


ContentFact = ContentAdded | ContentChanged | ContentRemoved | ContentPlayed
