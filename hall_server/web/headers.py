"""The security headers that every answer of the server carries."""

from flask import Response

# Scripts, styles, fonts and sockets come from this server only; nothing inline runs; no page may frame ours.
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

# Addresses go to no other site; to our own they must: without one a browser says that a form comes from nowhere, and
# what comes from nowhere is refused.
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()",
}


def secure(response: Response) -> Response:
    """Whoever wants an answer kept by the browser (files, the board) says so; everything else is not stored."""
    response.headers.update(ALWAYS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
