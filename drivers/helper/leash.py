"""Becomes the program that it is given, after asking Linux to end that program together with its station.

A file of its own, run as a script: between a fork and the program no other code of a process with threads is safe.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2): the signal that a process gets when its parent has died
NOT_STARTED = 127  # as shells say it


def main(parent: str, *command: str) -> int:
    """Never returns but when there is no such program, or no station any more."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(parent):
        return NOT_STARTED  # the station died before the question was asked
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return NOT_STARTED


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
