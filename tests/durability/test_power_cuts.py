"""P1, F08: a number that somebody has was on disk, whatever a power cut leaves of what was not synced."""

import json
import random
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.durability.clients import Client, call_next, tickets_of, wait_for_answers
from tests.durability.disk import CUTS
from tests.durability.ledger import Ledger, issued, lost, sound
from tests.durability.lossy import PROJECT, LossyDisk, disk_with_a_hall
from tests.server.program import Program, free_port
from tests.soak import rounds

CUTS_OF_ISSUERS, CUTS_OF_SERVERS, WEAK_CUTS = rounds(10, 90), rounds(2, 10), rounds(2, 10)
LIVES = 10  # so many cuts a hall lives through; a fresh one keeps the checks quick
MOST_ANSWERS = 1000  # in one life; the database's log is folded into the file after some two hundred commits
MOST_ANSWERS_OF_SERVERS = 100  # they answer one by one
HANDS = 4
PATIENCE_S = 240.0  # a machine with other things to do may need minutes; who has died is noticed at once

pytestmark = pytest.mark.needs("fuse")


class Issuer:
    """The issuing process on a disk; what it says goes into a ledger."""

    def __init__(self, disk: LossyDisk, ledger: Ledger, again: set[str], synchronous: str = "") -> None:
        asked_again = disk.kept.with_suffix(".again")
        asked_again.write_text("\n".join(sorted(again)), "ascii")
        self.ready = threading.Event()
        self.answers = 0
        self._ledger = ledger
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.durability.issuer", str(disk.at), str(asked_again), synchronous],
            cwd=PROJECT, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._ears = threading.Thread(target=self._listen)
        self._ears.start()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            words = json.loads(line)
            if words == ["ready"]:
                self.ready.set()
                continue
            self._ledger.hear(*words)
            self.answers += words[0] == "answered"

    def wait_for(self, answers: int) -> None:
        give_up_at = time.monotonic() + PATIENCE_S
        while not self.ready.is_set() or self.answers < answers:
            assert time.monotonic() < give_up_at, "the issuer gives no answers"
            assert self._ears.is_alive(), "a repeated request got another answer, or the issuer ended"
            time.sleep(0.002)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._ears.join()
        if self._process.stdout is not None:
            self._process.stdout.close()


def one_life(disk: LossyDisk, ledger: Ledger, chance: random.Random, how: str, synchronous: str = "") -> None:
    """From power to power cut: ask again what the last life asked, issue, lose power at any moment."""
    disk.mount()
    again, ledger.asked = ledger.asked, set()
    running = Issuer(disk, ledger, again, synchronous)
    try:
        running.wait_for(chance.randint(20, MOST_ANSWERS))
        disk.cut(how, chance.getrandbits(32))
    finally:
        running.kill()
        disk.unmount()


def copy_of(disk: LossyDisk) -> Path:
    """What is left, to be looked at: opening a database changes it."""
    return Path(shutil.copytree(disk.kept, disk.kept.with_suffix(".seen")))


def test_no_answer_is_lost_in_any_power_cut(tmp_path: Path, tally: Counter[str]) -> None:
    seed = secrets.randbits(32)
    chance = random.Random(seed)
    for hall in range(CUTS_OF_ISSUERS // LIVES):
        ledger = Ledger()
        with disk_with_a_hall(tmp_path / f"hall-{hall}") as disk:
            for life in range(LIVES):
                how = CUTS[life % len(CUTS)]
                one_life(disk, ledger, chance, how)
                left = copy_of(disk)
                assert lost(left, ledger.answered) == set(), f"seed {seed}, hall {hall}, cut {life} ({how})"
                tickets = {key: f"{fact.ticket} {fact.label}" for key, fact in issued(sound(left)).items() if key}
                in_hands = {key: answer for key, answer in ledger.answered.items() if key.endswith("issue")}
                assert in_hands.items() <= tickets.items(), f"seed {seed}, hall {hall}, cut {life} ({how})"
                tally["power cuts while issuing"] += 1
            tally["answers checked after power cuts"] += len(ledger.answered)


def test_the_faster_setting_loses_answers_so_this_test_can_fail(tmp_path: Path, tally: Counter[str]) -> None:
    seed = secrets.randbits(32)
    chance, gone, given = random.Random(seed), 0, 0
    for hall in range(WEAK_CUTS):
        ledger = Ledger()
        with disk_with_a_hall(tmp_path / f"hall-{hall}") as disk:
            one_life(disk, ledger, chance, "drop", "NORMAL")
            gone += len(lost(copy_of(disk), ledger.answered))
            given += len(ledger.answered)
    tally["answers given with synchronous=NORMAL"] += given
    tally["answers lost with synchronous=NORMAL"] += gone
    assert gone > 0, f"seed {seed}: {given} answers came through a disk that forgets"


def test_the_server_itself_comes_back_from_power_cuts_with_every_ticket(tmp_path: Path, tally: Counter[str]) -> None:
    seed = secrets.randbits(32)
    chance, stop = random.Random(seed), threading.Event()
    clients: list[Client] = []
    with disk_with_a_hall(tmp_path / "hall") as disk:
        disk.mount()
        program = Program(disk.at, free_port())
        program.start()
        try:
            program.post("/day/open")
            token = program.admin
            clients = [Client(program, n, token, stop) for n in range(HANDS)]
            for client in clients:
                client.start()
            for life in range(CUTS_OF_SERVERS):
                wait_for_answers(clients, chance.randint(20, MOST_ANSWERS_OF_SERVERS))
                disk.cut(CUTS[(life + 1) % len(CUTS)], chance.getrandbits(32))
                program.kill()
                disk.unmount()
                sound(copy_of(disk))
                disk.mount()
                program.start()
                call_next(program, life, token)
                tally["power cuts of the whole server"] += 1
            stop.set()
            for client in clients:
                client.join()
            assert program.stop() == 0
            tickets = {key: (fact.ticket, fact.label) for key, fact in issued(sound(disk.at)).items()}
            assert tickets == tickets_of(clients), f"seed {seed}"
        finally:
            stop.set()
            program.kill()
    tally["answers checked after power cuts"] += len(tickets)
