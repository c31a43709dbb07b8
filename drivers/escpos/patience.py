"""How long a printer may take for each thing that it is asked, before its silence is an answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds of waiting, without the time that bytes need on a slow line."""

    status_s: float = 0.8  # four questions; a healthy printer needs milliseconds, one on a serial line 20
    prepare_s: float = 2.0  # the repair may have to cut a stub off first
    release_s: float = 1.2  # leaves a status call within 2.5 s
    fence_s: float = 6.0  # 2 KB are 28 rows: even 20 mm/s needs a fifth of a second
    clear_s: float = 1.0  # per try
    job_s: float = 12.0  # with asking and clearing 15: a customer waits no longer for the truth about a slip


USUAL = Patience()
