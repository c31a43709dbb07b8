"""Which role may open which page, as one table."""

from flask import g

from hall_server.web.ports import Principal

_ALL_CONSOLES = ("/floor", "/clerk", "/concierge", "/maintenance")

# The first page of a role is where signing in leads.
PAGES_OF: dict[str, tuple[str, ...]] = {
    "tv": ("/tv",),
    "concierge": ("/concierge",),
    "clerk": ("/clerk",),
    "maintenance": ("/maintenance",),
    "manager": _ALL_CONSOLES,
    "admin": (*_ALL_CONSOLES, "/admin"),
}


def current() -> Principal | None:
    """Who is asking; the application puts it there before each request."""
    principal: Principal | None = g.get("principal")
    return principal


def pages_of(principal: Principal | None) -> tuple[str, ...]:
    return PAGES_OF.get(principal.role, ()) if principal else ()


def landing(principal: Principal) -> str:
    """A screen that belongs to a window shows that window."""
    if principal.role == "tv" and principal.window:
        return f"/tablet/{principal.window}"
    return next(iter(pages_of(principal)), "/")
