"""The scripts and styles of the consoles, served at ``/static/web``."""

from flask import Blueprint


def assets_blueprint() -> Blueprint:
    return Blueprint("assets", __name__, static_folder="static", static_url_path="/static/web")
