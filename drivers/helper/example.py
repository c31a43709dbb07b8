"""A helper to copy and to change: signs, or a printer, as files in a folder. Standard library only.

``example.py sign FOLDER`` keeps the text of sign 3 in ``FOLDER/3.txt``; ``example.py printer FOLDER`` writes each slip
into a file. Put the maker's library where the files are written. What goes wrong is answered, not raised:
``FOLDER/3.fault`` holds the fault that sign 3 shall have, ``FOLDER/printer.fault`` that of the printer.
"""

import json
import sys
from pathlib import Path
from typing import Any


def fault(place: Path) -> str:
    """What is wrong with a device, as a code; here whoever tries this out says it."""
    return place.read_text("utf-8").strip() if place.exists() else ""


def sign(asked: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Show a text, or say how the sign is. Never wait longer than a second for the sign itself."""
    wrong = fault(folder / f"{asked['address']}.fault")
    if wrong:
        return {"ok": False, "faults": [wrong], "detail": "the fault file says so"}
    if asked["do"] == "show":
        (folder / f"{asked['address']}.txt").write_text(asked["text"], "utf-8")
    return {"ok": True}


def printer(asked: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Print a slip, or say how the printer is. ``printed`` only when the printer itself has proved it."""
    wrong = fault(folder / "printer.fault")
    if asked["do"] == "health":
        return {"ok": not wrong, "faults": [wrong] if wrong else []}
    if wrong:
        return {"verdict": "not_sent", "faults": [wrong]}
    number = len(list(folder.glob("slip-*.json"))) + 1
    (folder / f"slip-{number}.json").write_text(json.dumps(asked["slip"], ensure_ascii=False), "utf-8")
    return {"verdict": "printed"}


def say(line: dict[str, Any]) -> None:
    """One object, one line, at once."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main(kind: str, folder: str) -> None:
    """Say hello, then answer each question with its number, until the station closes our input."""
    answer = {"sign": sign, "printer": printer}[kind]
    say({"hello": 1, "kind": kind})
    for line in sys.stdin:
        asked = json.loads(line)
        say({"id": asked["id"], **answer(asked, Path(folder))})


if __name__ == "__main__":
    main(*sys.argv[1:])
