"""The session cookie: its name, how it is read, set and taken away."""

from flask import Request, Response, current_app

SESSION_S = 12 * 3600  # a working day with its hand-over
SCREEN_S = 400 * 24 * 3600  # of what hangs on a wall, where nobody signs in each morning: the most that browsers allow


def life_s(role: str) -> int:
    """How long a session lasts; the server ends it itself, the cookie only tidies browsers."""
    return SCREEN_S if role == "tv" else SESSION_S


def cookie_name(encrypted: bool) -> str:
    """Browsers accept the ``__Host-`` prefix only over TLS; there it ties the cookie to this very host.

    They do not tell ports apart, so that a hall which shares its host with others has its id in the name.
    """
    hall = current_app.config.get("HALL", "main")
    name = "hallcall" if hall == "main" else f"hallcall-{hall}"
    return f"__Host-{name}" if encrypted else name


def session_secret(request: Request) -> str | None:
    return request.cookies.get(cookie_name(request.is_secure))


def give_session(request: Request, response: Response, secret: str, role: str) -> None:
    response.set_cookie(
        cookie_name(request.is_secure),
        secret,
        max_age=life_s(role),
        path="/",
        secure=request.is_secure,
        httponly=True,
        samesite="Strict",
    )


def end_session(request: Request, response: Response) -> None:
    response.delete_cookie(
        cookie_name(request.is_secure), path="/", secure=request.is_secure, httponly=True, samesite="Strict"
    )
