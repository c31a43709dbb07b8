"""What can be wrong between the tables of hallcall.toml, and on which line a mistake stands.

The checks read the file's plain values, not checked models, so that all mistakes are told at once.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from drivers import catalog
from drivers.ports import DeviceSpec

DATABASES = "sqlite:///FILE or postgresql://USER@HOST/DATABASE"
LATIN = ("ascii", "cp1251", "digits")  # charsets without Chinese characters
Raw = dict[str, Any]
Where = tuple[str | int, ...]


def line_numbers(text: str) -> dict[Where, int]:
    """Where each table and key of a TOML file stands, so that a mistake can name its line."""
    found: dict[Where, int] = {}
    counts: Counter[str] = Counter()
    table: Where = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*(\[\[?)\s*([\w.-]+)\s*\]", line):
            key = header[2]
            table = (key, counts[key]) if header[1] == "[[" else (key,)
            counts[key] += 1
            found[table] = number
        elif key_line := re.match(r"\s*([\w-]+)\s*=", line):
            found[(*table, key_line[1])] = number
    return found


def line_of(lines: dict[Where, int], where: Where) -> int:
    """The line of a setting, or of the table that lacks it."""
    while where and where not in lines:
        where = where[:-1]
    return lines.get(where, 1)


def meant(word: str, known: Iterable[str]) -> str:
    """The known word nearest to a wrong one, as the end of a sentence."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" Did you mean {near[0]!r}?" if near else ""


def rows(raw: Raw, table: str) -> Iterator[tuple[int, Raw]]:
    """The rows of a [[table]] with their numbers; what is no table is left out (the models name it)."""
    found = raw.get(table)
    for number, row in enumerate(found if isinstance(found, list) else []):
        if isinstance(row, dict):
            yield number, row


def _texts(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


OWN_STATION = "hall"  # the one that starts with the server
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound

# kinds that belong to one window, in words: whichever asks customers how it was, only one does
AT_DESKS = {"pad": "pad", "rating": "rating unit", "tablet": "rating unit"}

# table, key, what it names, in which table that stands, and of which kind it must be
REFERENCES = (
    ("window", "services", "service", "service", None),
    ("appointment", "service", "service", "service", None),
    ("checklist", "service", "service", "service", None),
    ("service", "pickup", "service", "service", None),
    ("service", "review", "service", "service", None),
    ("service", "group", "group", "group", None),
    ("window", "printers", "printer", "device", "printer"),
    ("kiosk", "printer", "printer", "device", "printer"),
    ("kiosk", "backups", "printer", "device", "printer"),
    ("device", "window", "window", "window", None),
    ("device", "kiosk", "kiosk", "kiosk", None),
)


def cross_checks(raw: Raw, specs: Sequence[DeviceSpec]) -> list[tuple[Where, str]]:
    """Mistakes between tables, with the place of each; ``specs`` are the devices that are right in themselves."""
    wrong: list[tuple[Where, str]] = []
    for table, key, what, other, kind in REFERENCES:
        fitting = (row for _, row in rows(raw, other) if kind in (None, row.get("kind")))
        known = {name for row in fitting for name in _texts(row.get("id"))}
        for number, row in rows(raw, table):
            for word in _texts(row.get(key)):
                if word not in known:
                    wrong.append(((table, number, key), f"there is no {what} {word!r}.{meant(word, known)}"))
    return [
        *wrong,
        *_reachable(raw),
        *_database(raw),
        *_zone(raw),
        *_doubles(raw),
        *_desks(raw),
        *_voices(raw),
        *_signs(raw, specs),
        *_redirects(raw),
        *_warranties(raw),
        *_elsewhere(raw),
        *_helpers(raw),
        *_devices(raw, specs),
    ]


def _reachable(raw: Raw) -> list[tuple[Where, str]]:
    """A server for everybody has to know what it is called: requests for other names are refused, slips carry one."""
    server = raw.get("server")
    if not isinstance(server, dict) or server.get("host") not in EVERYWHERE or server.get("hosts"):
        return []
    return [(("server", "host"), 'name the addresses of this computer too, like hosts = ["192.168.1.10"].')]


def is_database(url: str) -> bool:
    """Whether this names a kind of database that we know."""
    return url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://"))


def _database(raw: Raw) -> list[tuple[Where, str]]:
    """What stands there is not repeated: it may hold a password."""
    server = raw.get("server")
    url = server.get("database") if isinstance(server, dict) else None
    if not isinstance(url, str) or not url or is_database(url):
        return []
    return [(("server", "database"), f"database is no address of a database: write {DATABASES}.")]


def _zone(raw: Raw) -> list[tuple[Where, str]]:
    hall = raw.get("hall")
    name = hall.get("timezone") if isinstance(hall, dict) else None
    if not isinstance(name, str):
        return []
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return [(("hall", "timezone"), f"there is no time zone {name!r}.{meant(name, available_timezones())}")]
    return []


def _redirects(raw: Raw) -> list[tuple[Where, str]]:
    """What is said twice, or would count for nothing."""
    hall, redirect = ({} if not isinstance(raw.get(name), dict) else raw[name] for name in ("hall", "redirect"))
    wrong: list[tuple[Where, str]] = []
    if "on_sign_failure" in hall and "sign" in redirect:
        wrong.append((("hall", "on_sign_failure"), "redirect.sign says the same: keep only that."))
    chosen = [redirect.get("sign"), redirect.get("window"), *(row.get("on_fault") for _, row in rows(raw, "device"))]
    if redirect.get("apply_after_s") and "ask" not in chosen:
        wrong.append((("redirect", "apply_after_s"), 'nothing says "ask", so there is never a question to answer.'))
    for number, row in rows(raw, "device"):
        where: Where = ("device", number, "on_fault")
        if "on_fault" in row and "window" not in row:
            wrong.append((where, "on_fault counts for the devices of a window only."))
        elif row.get("on_fault") == "cover" and row.get("kind") != "sign":
            wrong.append((where, f"nothing stands in for {row.get('kind')!r}: only for a sign does the TV."))
    return wrong


def _warranties(raw: Raw) -> list[tuple[Where, str]]:
    """ISO days compare as texts."""
    return [
        (("device", number, "warranty_until"), "the warranty ends before the device was bought.")
        for number, row in rows(raw, "device")
        if str(row.get("bought", "")) > str(row.get("warranty_until", "9999"))
    ]


NAMED = ("service", "window", "kiosk", "device", "inspection", "helper", "party", "clerk", "class", "webhook")


def _doubles(raw: Raw) -> list[tuple[Where, str]]:
    wrong: list[tuple[Where, str]] = []
    for table in NAMED:
        seen: set[str] = set()
        for number, row in rows(raw, table):
            for name in _texts(row.get("id")):
                if name in seen:
                    wrong.append(((table, number, "id"), f"the {table} {name!r} stands here a second time."))
                seen.add(name)
    return wrong


def _desks(raw: Raw) -> list[tuple[Where, str]]:
    """A key has to mean one window's next customer, and a rating one ticket: so each stands at a window, alone."""
    wrong: list[tuple[Where, str]] = []
    taken: dict[tuple[str, str], str] = {}
    for number, row in rows(raw, "device"):
        kind, name = str(row.get("kind")), str(row.get("id"))
        if kind not in AT_DESKS:
            continue
        if "window" not in row:
            wrong.append((("device", number, "kind"), f"{name}: a {AT_DESKS[kind]} needs its window."))
        if kind == "tablet" and "url" in row:
            wrong.append(
                (("device", number, "url"), f"{name}: a tablet has no url: it opens a page, and says how it is.")
            )
        for window in _texts(row.get("window")):
            first = taken.setdefault((AT_DESKS[kind], window), name)
            if first != name:
                wrong.append(
                    (("device", number, "window"), f"{first}, {name}: window {window} has one {AT_DESKS[kind]}.")
                )
    return wrong


def _voices(raw: Raw) -> list[tuple[Where, str]]:
    """A kiosk calls nobody."""
    return [
        (("device", number, "kiosk"), f"{row.get('id')}: a voice module speaks for the hall or for a window.")
        for number, row in rows(raw, "device")
        if row.get("kind") == "voice" and "kiosk" in row
    ]


def can_be_asked(spec: DeviceSpec) -> bool:
    """Whether a device can say how it is."""
    return not (catalog.unheard(spec.url) or catalog.never_answers(spec))


def charset_of(spec: DeviceSpec) -> str:
    """What a sign shows: of all that have Chinese characters the set that every one of them holds."""
    charset = catalog.charset(spec) if spec.kind == "sign" else "gbk"
    return charset if charset in LATIN else "gb2312"


def _characters(row: Raw, spec: DeviceSpec) -> int:
    """How many a board with several lines is filled with; other signs need no filling."""
    lines = row.get("lines", 1)
    return lines * int(dict(spec.options)["columns"]) if isinstance(lines, int) and lines > 1 else 1


def _digits(row: Raw) -> int:
    digits = row.get("digits")
    return digits if isinstance(digits, int) and 0 < digits < 10 else 3


def _signs(raw: Raw, specs: Sequence[DeviceSpec]) -> list[tuple[Where, str]]:
    """A sign must be able to show every ticket of the hall, and only a board for all windows has several lines."""
    numbers = {name: number for number, row in rows(raw, "device") for name in _texts(row.get("id"))}
    series = [row for table in ("service", "series") for _, row in rows(raw, table)]
    labels = [f"{prefix}{12:0{_digits(row)}d}" for row in series for prefix in _texts(row.get("prefix"))]
    wrong: list[tuple[Where, str]] = []
    for spec in specs:
        if spec.kind == "sign" and not catalog.check(spec):
            full = "8" * _characters(raw["device"][numbers.get(spec.id, 0)], spec)
            why = next((why for text in (*labels, full) if (why := catalog.refused(spec, text))), None)
            if why:
                wrong.append((("device", numbers.get(spec.id, 0), "options"), f"{spec.id} {why}."))
    for number, row in rows(raw, "device"):
        if row.get("lines", 1) != 1 and (row.get("kind") != "sign" or "window" in row or "kiosk" in row):
            wrong.append((("device", number, "lines"), "lines are for a sign that belongs to no window and no kiosk."))
    return wrong


def _elsewhere(raw: Raw) -> list[tuple[Where, str]]:
    """What the server's own station can never open; other stations may run on other systems."""
    mine = ((n, row) for n, row in rows(raw, "device") if row.get("station", OWN_STATION) == OWN_STATION)
    found = [(n, url, catalog.not_here(url)) for n, row in mine for url in _texts(row.get("url"))]
    return [(("device", n, "url"), f"{url}: {why}; name the station on that computer.") for n, url, why in found if why]


def _helpers(raw: Raw) -> list[tuple[Where, str]]:
    """Programs that the server's own station shall run; a station elsewhere has a file of its own."""
    known = {name for _, row in rows(raw, "helper") for name in _texts(row.get("id"))}
    return [
        (("device", number, "url"), f"there is no [[helper]] {url.netloc!r}.{meant(url.netloc, known)}")
        for number, row in rows(raw, "device")
        for url in map(urlsplit, _texts(row.get("url")))
        if url.scheme == "helper" and url.netloc not in known and row.get("station", OWN_STATION) == OWN_STATION
    ]


def _devices(raw: Raw, specs: Sequence[DeviceSpec]) -> list[tuple[Where, str]]:
    numbers = {name: number for number, row in rows(raw, "device") for name in _texts(row.get("id"))}
    wrong: list[tuple[Where, str]] = []
    for mistake in catalog.check_all(specs):
        first = mistake.partition(":")[0].partition(",")[0]
        key = "columns" if ": columns " in mistake else "url"
        wrong.append((("device", numbers.get(first, 0), key), mistake))
    return wrong
