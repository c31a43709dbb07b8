"""Programs that some tests need and a machine may lack: where they are, or how to get them."""

import shutil
from collections.abc import Callable
from pathlib import Path


def chromium() -> str | None:
    """The browser, under the names that Debian, Ubuntu and Google give it."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def headless() -> str | None:
    """The same engine without windows, where it is packed apart (Debian): half the work; else the browser itself."""
    return shutil.which("chromium-headless-shell") or chromium()


def postgres() -> str | None:
    """The folder of ``initdb`` and ``pg_ctl``; Debian keeps them off the path, the newest release wins."""
    found = shutil.which("initdb")
    if found:
        return str(Path(found).resolve().parent)
    debian = Path("/usr/lib/postgresql")
    releases = [path.parent for path in debian.glob("*/bin/initdb")] if debian.is_dir() else []
    return str(max(releases, key=lambda folder: int(folder.parent.name))) if releases else None


def zbar() -> str | None:
    """``zbarimg``, which reads a QR code the way a phone would."""
    return shutil.which("zbarimg")


def fuse() -> str | None:
    """The device behind file systems of programs, when also the tool that mounts them is there."""
    device = Path("/dev/fuse")
    return str(device) if device.exists() and shutil.which("fusermount3") else None


def ser2net() -> str | None:
    """A serial port server as serial bridges have inside; Debian keeps it where users do not look."""
    return shutil.which("ser2net") or shutil.which("ser2net", path="/usr/sbin")


def xvfb() -> str | None:
    """A display without a screen, for programs that open windows."""
    return shutil.which("Xvfb")


def mbpoll() -> str | None:
    """A Modbus master that is not ours."""
    return shutil.which("mbpoll")


# name in ``@pytest.mark.needs(name)`` -> (where it is, what Debian calls the package)
PROGRAMS: dict[str, tuple[Callable[[], str | None], str]] = {
    "chromium": (chromium, "chromium"),
    "mbpoll": (mbpoll, "mbpoll"),
    "postgres": (postgres, "postgresql"),
    "fuse": (fuse, "fuse3"),
    "ser2net": (ser2net, "ser2net"),
    "xvfb": (xvfb, "xvfb"),
    "zbar": (zbar, "zbar-tools"),
}


def missing(name: str) -> str | None:
    """Why a test that needs this program cannot run here, or None when it can."""
    where, package = PROGRAMS[name]
    return None if where() else f"needs {name}, which this machine lacks (Debian: apt install {package})"
