"""The session cookie: its name, how it is read, set and taken away."""

from flask import Request, Response, current_app

# Twelve hours: a working day with its hand-over; the server ends the session itself, this only tidies browsers.
_LIFE_S = 12 * 3600


def cookie_name(encrypted: bool) -> str:
    """Browsers accept the ``__Host-`` prefix only over TLS; there it ties the cookie to this very host.

    They do not tell ports apart, so that a hall which shares its host with others has its id in the name.
    """
    hall = current_app.config.get("HALL", "main")
    name = "hallcall" if hall == "main" else f"hallcall-{hall}"
    return f"__Host-{name}" if encrypted else name


def session_secret(request: Request) -> str | None:
    return request.cookies.get(cookie_name(request.is_secure))


def give_session(request: Request, response: Response, secret: str) -> None:
    response.set_cookie(
        cookie_name(request.is_secure),
        secret,
        max_age=_LIFE_S,
        path="/",
        secure=request.is_secure,
        httponly=True,
        samesite="Strict",
    )


def end_session(request: Request, response: Response) -> None:
    response.delete_cookie(
        cookie_name(request.is_secure), path="/", secure=request.is_secure, httponly=True, samesite="Strict"
    )
