"""A hall of a hundred windows: ten services, three at each window, a sign over it, and twenty kiosks with printers."""

from tests.two_servers.pair import KIOSKS

SERVICES = tuple("ABCDEFGHJK")  # their letters; I is none, for it is read as a one
AT_EACH = 3  # services of a window
_HALL = """
[hall]
id = "main"
zh = "政务中心"
en = "Civic Centre"

[server]
database = "{database}"
public_url = "http://hall.invalid"

[limits]
connections_per_address = 1000
issue_every_s = 0
issue_burst = 100000
issue_per_s = 100000
"""
_SERVICE = '[[service]]\nid = "{0}"\nprefix = "{0}"\nzh = "业务{0}"\nen = "Service {0}"\n'
_WINDOW = '[[window]]\nid = "{}"\nservices = [{}]\n'
_SIGN = '[[device]]\nid = "sign{0}"\nkind = "sign"\nzh = "{0}号屏"\nen = "Sign {0}"\nwindow = "{0}"\nurl = "{1}"\n'
_KIOSK = '[[kiosk]]\nid = "K{0}"\nzh = "{0}号机"\nen = "Kiosk {0}"\nprinter = "P{0}"\n'
_PRINTER = (
    '[[device]]\nid = "P{0}"\nkind = "printer"\nzh = "{0}号打印机"\nen = "Printer {0}"\n'
    'kiosk = "K{0}"\nstation = "K{0}"\nurl = "tcp://127.0.0.1:{1}"\n'
)
SIGNS_ON_A_LINE = 20
_PORT = 60  # of devices, from there on; nothing listens


def services_at(window: int) -> tuple[str, ...]:
    """Three neighbours: each service is given at three windows in ten."""
    return tuple(SERVICES[(window + place) % len(SERVICES)] for place in range(AT_EACH))


def settings(database: str, windows: int) -> str:
    """Its ``hallcall.toml``; no device answers, for this is about people."""
    numbers, kiosks = range(1, windows + 1), range(1, KIOSKS + 1)
    return "\n".join(
        [
            _HALL.format(database=database),
            *(_SERVICE.format(letter) for letter in SERVICES),
            *(_WINDOW.format(n, ", ".join(f'"{service}"' for service in services_at(n))) for n in numbers),
            *(_SIGN.format(n, _line(n)) for n in numbers),
            *(_KIOSK.format(n) for n in kiosks),
            *(_PRINTER.format(n, _PORT + n) for n in kiosks),
        ]
    )


def _line(window: int) -> str:
    line, place = divmod(window - 1, SIGNS_ON_A_LINE)
    return f"socket://127.0.0.1:{_PORT - line}#{place + 1}"
