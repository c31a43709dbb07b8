"""Commands about what the hall tells its customers."""

from dataclasses import dataclass

from hall_server.core.content import Item
from hall_server.core.facts.content import Shown


@dataclass(frozen=True, slots=True)
class AddContent:
    """Show something on its days."""

    item: Item


@dataclass(frozen=True, slots=True)
class ReviseContent:
    """Let the item with this id say something else."""

    item: Item


@dataclass(frozen=True, slots=True)
class PostNotice:
    """Show a line made of a template, unless one of the same template is shown already."""

    item: Item


@dataclass(frozen=True, slots=True)
class RemoveContent:
    """Show it no more."""

    content: str


@dataclass(frozen=True, slots=True)
class NotePlayed:
    """What TVs have said that they show, since then (Unix seconds)."""

    since: float
    shown: tuple[Shown, ...]


ContentCommand = AddContent | ReviseContent | PostNotice | RemoveContent | NotePlayed
