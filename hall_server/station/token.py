"""The bearer token of a station or kiosk, kept in a file of its own."""

from pathlib import Path

import click


def read_token(path: Path) -> str:
    """The bearer token in a file of its own; an empty file is a mistake worth a sentence."""
    token = path.read_text(encoding="ascii").strip()
    if not token:
        raise click.ClickException(f"the token file {path} is empty")
    return token
