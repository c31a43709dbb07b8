"""``review`` of a [[service]]: that others look at what was done, that they exist, and that it comes to an end."""

from collections.abc import Iterator

from hall_server.settings.checks import Raw, Where, rows


def review_checks(raw: Raw) -> list[tuple[Where, str]]:
    """Reviews that nobody gives, that lead in a circle, or in which a window would look at its own work."""
    known = {str(row.get("id")) for _, row in rows(raw, "service")}
    reviews = {str(row.get("id")): str(row["review"]) for _, row in rows(raw, "service") if row.get("review") in known}
    wrong: list[tuple[Where, str]] = []
    for number, row in rows(raw, "service"):
        name = str(row.get("id"))
        where = ("service", number, "review")
        if name not in reviews:
            continue
        if name in (chain := list(_chain(reviews, name))):
            said = "a service cannot review itself" if chain == [name] else f"reviews go round: {' → '.join(chain)}"
            wrong.append((where, f"{name}: {said}."))
        else:
            wrong += [(where, f"{name}: {why}.") for why in _windows(raw, name, reviews[name])]
    return wrong


def _chain(reviews: dict[str, str], name: str) -> Iterator[str]:
    """The services through whose queues a customer goes, up to one that comes a second time."""
    seen: set[str] = set()
    while name in reviews and name not in seen:
        seen.add(name)
        name = reviews[name]
        yield name


def _windows(raw: Raw, service: str, review: str) -> Iterator[str]:
    given = [(row.get("id"), row.get("services")) for _, row in rows(raw, "window")]
    lists = [(window, services) for window, services in given if isinstance(services, list)]
    if not any(review in services for _, services in lists):
        yield f"no window gives {review!r}, so nobody would review it"
    for window, services in lists:
        if service in services and review in services:
            yield f"window {window} gives {review!r} too, and would review its own work"
