"""Folds of what the hall tells its customers, and of how long each was shown."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hall_server.core.content import Played
from hall_server.core.facts.content import ContentAdded, ContentChanged, ContentPlayed, ContentRemoved
from hall_server.core.hall import Hall


def _said(hall: Hall, fact: ContentAdded | ContentChanged, at: float, actor: str) -> None:
    hall.content[fact.item.id] = replace(fact.item, by=actor)


def _removed(hall: Hall, fact: ContentRemoved, at: float, actor: str) -> None:
    del hall.content[fact.content]
    hall.played.pop(fact.content, None)


def _played(hall: Hall, fact: ContentPlayed, at: float, actor: str) -> None:
    for one in fact.shown:
        before = hall.played.get(one.content, Played(one.content, 0, at))
        hall.played[one.content] = Played(one.content, before.seconds + one.seconds, at)


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    ContentAdded: _said,
    ContentChanged: _said,
    ContentRemoved: _removed,
    ContentPlayed: _played,
}
