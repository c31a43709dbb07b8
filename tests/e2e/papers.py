"""Reads the paper of a whole hall as people do: the code with a reader, the COPY bar with the eye."""

import io
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from tests.e2e.hall import PRINTERS, Hall
from tests.found import zbar

COPY_BAR_DOTS = 120  # a longer black run at the top of a slip than any letter has

DECIDED = ("printed", "unconfirmed", "failed")  # the last words about a paper


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished slip: where it came out, whose it is, whether it says that it is a copy."""

    printer: str
    url: str
    copy: bool


@dataclass(slots=True)
class Basket:
    """Finished slips, taken from the printers now and then: the simulators' page shows only the newest few."""

    taken: dict[tuple[str, int], Paper] = field(default_factory=dict)

    def gather(self, hall: Hall) -> list[Paper]:
        """Every finished slip so far whose code can be read, over all printers."""
        for printer in PRINTERS:
            for piece in hall.pieces(printer):
                key = (printer, int(piece["number"]))
                if piece["complete"] and key not in self.taken:
                    png = hall.picture(piece)
                    self.taken[key] = Paper(printer, code_of(png), is_copy(png))
        return [paper for paper in self.taken.values() if paper.url]


def papers(hall: Hall) -> list[Paper]:
    """Every finished slip that lies at the printers and whose code can be read."""
    return Basket().gather(hall)


def of_ticket(found: list[Paper], ticket: str) -> list[Paper]:
    """The papers of one ticket, named by the secret code in its address."""
    return [paper for paper in found if paper.url.endswith(f"/t/{ticket}")]


def codes(hall: Hall) -> dict[str, str]:
    """By label, the secret code of each ticket of the day."""
    return {row["body"]["label"]: row["body"]["code"] for row in hall.journal() if row["kind"] == "TicketIssued"}


def slips(hall: Hall) -> dict[str, str]:
    """By label, the last word of the journal about each ticket's paper."""
    words = {"SlipOwed": "owed", "SlipClaimed": "printing"}
    words |= {"SlipPrinted": "printed", "SlipUnconfirmed": "unconfirmed", "SlipFailed": "failed"}
    label_of: dict[str, str] = {}
    found: dict[str, str] = {}
    for row in hall.journal():
        body = row["body"]
        if row["kind"] == "TicketIssued":
            label_of[f"s-{body['ticket']}"] = body["label"]
        if row["kind"] in words:
            found[label_of[body["slip"]]] = words[row["kind"]]
    return found


def code_of(png: bytes) -> str:
    """What a phone reads on a slip; empty when there is no code to read."""
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "slip.png"
        picture.write_bytes(png)
        command = [str(zbar()), "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", str(picture)]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30).stdout.strip()


def is_copy(png: bytes) -> bool:
    """Whether the first ink of a slip is the black bar in which the COPY mark stands."""
    picture = Image.open(io.BytesIO(png)).convert("L")
    for y in range(picture.height):
        row = picture.crop((0, y, picture.width, y + 1)).tobytes()
        if min(row) == 0:
            return max(len(run) for run in bytes(255 * (v > 0) for v in row).split(b"\xff")) >= COPY_BAR_DOTS
    return False
