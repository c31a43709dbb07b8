"""What a driver, a station or the hall says of a device, in the reader's language as far as we know the sentence."""

import re
from collections.abc import Callable

# A sentence as it stands in the journal, and its text's key; the names of its parts are those of the text.
KNOWN: tuple[tuple[str, str], ...] = (
    (r"station (?P<station>\S+) is silent", "station_silent"),
    (r"(?P<tries>\d+) tries, (?P<junk>\d+) bytes not understood", "tries"),
    (r"(?P<tries>\d+) tries, (?P<junk>\d+) bytes not understood, answered (?P<said>[0-9A-F ]+)", "tries_said"),
    (r"(?P<junk>\d+) bytes not understood", "junk"),
    (r"(?P<sent>\d+) of (?P<all>\d+) bytes not taken", "not_taken"),
    (r"not open", "not_open"),
    (r"no address", "no_address"),
    (r"closed by the device", "closed"),
    (r"closed by the device, at once: perhaps another program is connected to it", "closed_at_once"),
    (r"(ping: )?no echo", "no_echo"),
    (r"no answer", "no_answer"),
    (r"refused|\[Errno 111\] Connection refused", "refused"),
    (r"timed out|\[Errno 110\] Connection timed out", "timed_out"),
    (r"\[Errno 113\] No route to host", "no_route"),
    (r"\[Errno 2\] .*: '(?P<path>[^']+)'", "no_port"),
    (r"\[Errno 13\] .*: '(?P<path>[^']+)'", "no_right"),
    (r"hung up", "hung_up"),
    (r"initialised, no answer since", "initialised"),
    (r"answers to older questions came late", "late_answers"),
    (r"no right to send echo requests, and no ping program", "no_ping"),
    (r"no printer is (?P<name>.+)", "no_printer_named"),
    (r"no such printer here", "not_here"),
    (r"last heard (?P<at>.+)", "last_heard"),
    (r"its driver hangs", "driver_hangs"),
    (r"its driver hangs in a call to the system", "driver_hangs_system"),
    (r"this worker was given up", "given_up"),
    (r"the worker has been stopped", "stopped"),
    (r"the worker crashed", "crashed"),
    (r"not released yet", "not_released"),
    (r"the station stopped while sending", "stopped_sending"),
    (r"the station stopped while it was being said", "stopped_saying"),
    (r"it did not say a text to its end", "not_said"),
    (r"the helper is not running", "no_helper"),
    (r"U\+(?P<sign>[0-9A-F]{4}) is not in (?P<set>\S+)", "not_in_set"),
    (r"crashed: (?P<error>.+)", "crashed_with"),
    (r"no confirmation", "unconfirmed"),
    (r"no such voice module here", "no_voice_here"),
    (r"no answer to (?P<order>\S+)", "no_answer_to"),
    (r"the helper cannot be started: (?P<error>.+)", "helper_unstarted"),
    (r"the helper ended (?P<times>\d+) times in a minute", "helper_ends"),
    (r"again in (?P<seconds>\d+) s", "again_in"),
    (r"it speaks protocol (?P<said>.+) for a (?P<kind>.+)", "other_protocol"),
    (r"a line of more than (?P<most>\d+) bytes", "long_line"),
    (r"the ping program does not end", "ping_hangs"),
    (r"ping: unreachable", "ping_unreachable"),
    (r"the look-up of (?P<host>\S+) does not end", "lookup_hangs"),
    (r"a control character", "control"),
    (r"control character U\+(?P<sign>[0-9A-F]{4})", "control_sign"),
    (r"it holds (?P<bytes>[0-9A-F ]+), which ends a frame", "ends_frame"),
    (r"not in (?P<set>\S+): (?P<text>.+)", "text_not_in_set"),
    (r"not begun within (?P<seconds>\d+) s", "not_begun"),
    (r"not begun within (?P<seconds>\d+) s: (?P<why>.+)", "not_begun_why"),
)  # fmt: skip
_KNOWN = tuple((re.compile(pattern), f"evidence.{key}") for pattern, key in KNOWN)


def told(t: Callable[..., str], evidence: str) -> str:
    """Sentence by sentence; one that nobody has worded stays as it was written: a trace is for whoever can read it."""
    return "; ".join(_sentence(t, one) for one in evidence.split("; "))


def _sentence(t: Callable[..., str], said: str) -> str:
    for pattern, key in _KNOWN:
        if found := pattern.fullmatch(said):
            return t(key, **{name: part for name, part in found.groupdict().items() if part is not None})
    return said
