"""The gate that every console stands behind."""

from collections.abc import Callable

from flask import Response, request

from hall_server.web.access import current, pages_of
from hall_server.web.screens import Screens


def gate(page: str, screens: Screens, *others: str) -> Callable[[], Response | None]:
    """Let in whoever may open ``page``, or one of the ``others``; strangers go to sign in, who may not is told so."""

    def admit() -> Response | None:
        principal = current()
        if {page, *others} & {*pages_of(principal)}:
            return None
        if principal is not None:
            return screens.page("web/home.html", 403, links=(), refused=True)
        if "HX-Request" in request.headers:  # a fragment: the whole page has to leave, not its middle
            return Response(status=401, headers={"HX-Redirect": "/login"})
        return Response(status=303, headers={"Location": "/login"})

    return admit
