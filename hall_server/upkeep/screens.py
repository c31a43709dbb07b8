"""``hallcall screen install``: what a computer needs that shows a TV or is a kiosk, written into its folders."""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import click

import display
from display.phrases import Phrases

Role = Literal["tv", "kiosk"]
KIT = files("hall_server.upkeep").joinpath("screen")
TEXTS = Phrases.load(Path(display.__file__).parent / "locale")
UNITS = "etc/systemd/system"
POLICY = "etc/chromium/policies/managed/hallcall.json"
LOADER = "usr/local/share/hallcall/loader.html"
LOOPBACK = "http://127.0.0.1"
PAGES: dict[Role, str] = {"tv": "/tv", "kiosk": "/"}
SCREEN_USER, SERVICE_USER = "hallcall-screen", "hallcall"
NAME = r"[A-Za-z0-9._-]{1,64}"


class AddressError(Exception):
    """The address of the hall or a sign-in link cannot be used; the message says how one looks."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A computer with a screen: a TV of the hall at ``hall``, or the kiosk ``kiosk`` with its own program."""

    hall: str
    kiosk: str
    port: int
    program: str
    server: bool
    code: str = ""

    @property
    def role(self) -> Role:
        return "kiosk" if self.kiosk else "tv"

    @property
    def origin(self) -> str:
        """Whom the browser talks to: a kiosk's page comes from its own computer."""
        return f"{LOOPBACK}:{self.port}" if self.kiosk else self.hall

    def files(self) -> Iterator[tuple[str, str]]:
        """Each file by its path below the root."""
        yield f"{UNITS}/hallcall-screen@.service", self._filled("hallcall-screen@.service", SCREEN_USER)
        if self.kiosk:
            yield f"{UNITS}/hallcall-kiosk.service", self._filled("hallcall-kiosk.service", SERVICE_USER)
        if self.server:
            yield f"{UNITS}/hallcall.service", self._filled("hallcall.service", SERVICE_USER)
        yield POLICY, json.dumps(policy(self.origin), indent=2) + "\n"
        yield LOADER, self._filled("loader.html", SCREEN_USER)

    def _filled(self, name: str, user: str) -> str:
        values = {
            "ORIGIN": self.origin, "PAGE": PAGES[self.role], "LOADER": f"/{LOADER}", "USER": user,
            "HALL": self.hall, "ID": self.kiosk, "PORT": str(self.port), "PROGRAM": self.program,
            "CODE": self.code, "ZH": TEXTS.text("screen.connecting", "zh"), "EN": TEXTS.text("screen.connecting", "en"),
        }  # fmt: skip
        return re.sub(r"\{\{ ([A-Z]+) \}\}", lambda found: values[found[1]], KIT.joinpath(name).read_text("utf-8"))

    def units(self) -> list[str]:
        """What systemd starts at each boot."""
        mine = [f"hallcall-screen@{self.role}.service"]
        return [
            *(["hallcall.service"] if self.server else []),
            *(["hallcall-kiosk.service"] if self.kiosk else []),
            *mine,
        ]


def policy(origin: str) -> dict[str, object]:
    """What a screen's browser may do: show its hall."""
    refused = ("PrintingEnabled", "AllowFileSelectionDialogs", "PasswordManagerEnabled", "TranslateEnabled")
    return {
        "URLBlocklist": ["*"],
        "URLAllowlist": [origin, LOOPBACK, f"file:///{LOADER}"],
        "AutoplayAllowlist": [origin],
        "DefaultNotificationsSetting": 2,
        "DefaultPopupsSetting": 2,
        "DeveloperToolsAvailability": 2,
        "DownloadRestrictions": 3,
        "ExtensionInstallBlocklist": ["*"],
        "IncognitoModeAvailability": 1,
        **dict.fromkeys(refused, False),
    }


def origin_of(address: str) -> str:
    """The address without what does not belong to it."""
    told = f"{address!r} is no address of a hall: write it like http://192.0.2.10:8800, without a page or a name."
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError as wrong:
        raise AddressError(told) from wrong
    alone = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not host or not re.fullmatch(r"[a-z0-9.:-]+", host) or not alone:
        raise AddressError(told)
    written = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{written}" + (f":{port}" if port else "")


def code_of(link: str, hall: str) -> str:
    """What a link to sign in brings, which opens once and within minutes."""
    found = re.fullmatch(rf"{re.escape(hall)}/login#([A-Za-z0-9_-]+)", link)
    if link and not found:
        raise AddressError(f"{link!r} does not sign in to {hall}: take what hallcall link create --role tv says.")
    return found[1] if found else ""


def write(root: Path, screen: Screen) -> list[tuple[Path, bool]]:
    """Write what is not there as it should be; each path, and whether it changed."""
    done = []
    for name, text in screen.files():
        path = root / name
        old = path.read_text("utf-8") if path.exists() else None
        if old != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        done.append((path, old != text))
    return done


@click.group("screen")
def screen() -> None:
    """Computers that show a TV or are a kiosk."""


@screen.command("install")
@click.option("--hall", required=True, help="Where the hall's server answers: http://192.0.2.10:8800.")
@click.option("--kiosk", default="", help="This computer is the kiosk with this id; without it, it shows a TV.")
@click.option("--port", type=click.IntRange(1, 65535), default=8801, show_default=True, help="Of a kiosk's own page.")
@click.option("--sign-in", default="", help="The link of hallcall link create --role tv, for this screen.")
@click.option("--with-server", is_flag=True, help="The hall's server runs on this computer, too.")
@click.option("--program", help="The hallcall command that services start; usually the one that runs now.")
@click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=Path("/"), show_default=True,
              help="Write below this folder, for an image of a disk.")  # fmt: skip
def install(
    hall: str, kiosk: str, port: int, sign_in: str, *, with_server: bool, program: str | None, root: Path
) -> None:
    """Write the services, the browser's policy and its first page, and say what a person still has to do."""
    if kiosk and not re.fullmatch(NAME, kiosk):
        raise click.ClickException(f"{kiosk!r} is no id of a kiosk: letters, digits and . _ - without blanks.")
    try:
        origin, started = origin_of(hall), program or str(Path(sys.argv[0]).absolute())
        wanted = Screen(origin, kiosk, port, started, with_server, code_of(sign_in, origin))
        written = write(root, wanted)
    except AddressError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    except OSError as trouble:
        raise click.ClickException(f"{trouble.filename} cannot be written: {trouble.strerror}.") from trouble
    for path, changed in written:
        click.echo(f"{'written' if changed else 'as it was'}  {path}")
    click.echo("\n".join(["", "What a person still does, once:", *(f"  {step}" for step in _steps(wanted))]))


def _steps(screen: Screen) -> Iterator[str]:
    yield "apt install cage chromium fonts-noto-cjk"
    yield f"useradd --create-home --groups video,render,input,audio {SCREEN_USER}: an account that nobody signs in to"
    if screen.kiosk or screen.server:
        yield f"useradd --system {SERVICE_USER}: the account of the services"
    if screen.kiosk:
        make = f"hallcall token create --role kiosk --for {screen.kiosk}"
        kept = f"/var/lib/hallcall-kiosk/kiosk.token, mode 0600, owner {SERVICE_USER}"
        yield f"on the server: {make}; its answer goes into {kept}"
    elif not screen.code:
        yield "on the server: hallcall link create --role tv --for ID; then here once more, with --sign-in LINK"
    yield f"systemctl daemon-reload && systemctl enable --now {' '.join(screen.units())}"
    yield "a password for the BIOS, no start from USB, no USB storage; put the keyboard away"
