"""The devices of a running hall, asked over its API, and how they read in a terminal."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

import display
from display.phrases import Language, Phrases
from hall_server.contract import DeviceRow
from hall_server.local import ask_server

NO_SERVER = 3  # exit code: it cannot be answered on this computer now
HOME = click.option("--home", type=click.Path(path_type=Path), default=Path("var"), show_default=True,
                    help="Folder of settings and data.")  # fmt: skip
LANG = click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True,
                    help="Language of names and states.")  # fmt: skip
OUTCOMES = {
    "printed": "works: the slip was printed",
    "shown": "works: the sign took the pattern",
    "sent": "cannot say whether it shows the pattern: look at it",
    "spoken": "says that it spoke: whether it was heard, only who stands there knows",
    "unconfirmed": "unconfirmed: look whether the paper came",
    "failed": "does not work",
    "no_answer": "does not work: no answer",
}


def ask_devices(home: Path) -> tuple[DeviceRow, ...] | None:
    """All devices as the running server sees them; None when none runs here."""
    answer = ask_server(home, "GET", "/api/v1/devices")
    return None if answer is None else tuple(DeviceRow.model_validate(row) for row in answer["devices"])


def need(answer: Any, home: Path) -> Any:
    """The answer of a server, or leave with the sentence that none runs."""
    if answer is None:
        click.echo(f"No server runs on {home}: start it first.", err=True)
        sys.exit(NO_SERVER)
    return answer


class Words:
    """Devices in the words of the screens, in one language."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language
        self._phrases = Phrases.load(Path(display.__file__).parent / "locale")

    def name(self, device: DeviceRow) -> str:
        return device.name.zh if self._language == "zh" else device.name.en

    def state(self, device: DeviceRow) -> str:
        """State and faults. What nobody watches is never called fine."""
        state = "unknown" if not device.monitored and device.state == "ok" else device.state
        return ": ".join((self._word("state", state), *self._faults(device)))

    def _faults(self, device: DeviceRow) -> Iterator[str]:
        if device.faults:
            yield "; ".join(self._word("fault", code) for code in device.faults)

    def repair(self, device: DeviceRow) -> str:
        """The open order, by its step."""
        return "" if device.repair is None else f"{device.repair.order or device.repair.id} {device.repair.state}"

    def _word(self, family: str, code: str) -> str:
        try:
            return self._phrases.text(f"{family}.{code}", self._language)
        except KeyError:
            return code


def place(device: DeviceRow) -> str:
    """Where it stands."""
    return f"{device.place} {device.at}".rstrip()


def local(moment: str | None) -> str:
    """A time of the server in this computer's time zone."""
    return "" if moment is None else datetime.fromisoformat(moment).astimezone().strftime("%m-%d %H:%M:%S")
