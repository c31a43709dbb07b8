"""A helper that goes wrong on demand: ``misbehaving.py HOW FOLDER``; each start leaves a line in ``starts``."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

FOREVER_S = 600.0


def say(**line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def hang() -> None:
    """Blocks for ever, and will not be asked to end."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(FOREVER_S)


def segfault() -> None:
    signal.signal(signal.SIGSEGV, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGSEGV)


def babble() -> None:
    """Without an end, and without an end of line."""
    while True:
        sys.stdout.write("{" * 4096)


def chatter() -> None:
    """Lines without an end, none of them an answer."""
    while True:
        sys.stdout.write("connected\n" * 100)


def wrong_id() -> None:
    say(id=10**6, ok=True)


def children() -> None:
    """Leaves somebody behind who holds its output open."""
    left = subprocess.Popen(["/bin/sleep", str(FOREVER_S)])
    Path("left").write_text(str(left.pid))
    os._exit(3)


def late() -> None:
    time.sleep(3.0)


HOW: dict[str, Callable[[], object]] = {
    "hang": hang,
    "segfault": segfault,
    "babble": babble,
    "chatter": chatter,
    "wrong_id": wrong_id,
    "children": children,
    "late": late,
}


def main(how: str, folder: str) -> None:
    """Well-behaved until somebody writes into ``FOLDER/now``; with ``…_at_once`` not even hello is said."""
    os.chdir(folder)
    place = Path()
    with (place / "starts").open("a") as starts:
        starts.write(f"{os.getpid()}\n")
    sys.stderr.write(f"I am going to {how}\n")
    if how.endswith("_at_once"):
        HOW[how.removesuffix("_at_once")]()
    say(hello=1, kind="printer" if (place / "printer").exists() else "sign")
    for line in sys.stdin:
        asked = json.loads(line)
        if (place / "now").exists() and how in HOW:
            HOW[how]()
            if how == "wrong_id":
                continue
        say(id=asked["id"], ok=True, verdict="printed")


if __name__ == "__main__":
    main(*sys.argv[1:])
