"""Addresses of devices that the station itself simulates: what `sim://` may say, and all that can be wrong in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from drivers.led.families import DEFAULT_FAMILY, FAMILIES, Family, own
from drivers.led.profile_keys import ProfileError
from drivers.ports import DeviceSpec

SCHEME = "sim"
PRINTER, LINE = "printer", "bus"
OWN = "profile"  # in the place of a family: the signs are what their own profile says
SIGNS = 16  # on a simulated line; each hears every frame, as real ones do
# The names are those of drivers.sim, which what checks settings must not load; a test holds them against each other.
PRINTER_FAULTS = frozenset(
    "cover_open cutter cutter_jam denies_at_paper_end drawer drop_overflow feed head_hot late mechanical mute "
    "negative_id never_reads no_asb no_clear no_gsh no_gsr no_near_sensor offline_panel paper_end paper_low refuse "
    "slow_reads split unplugged unrecoverable waiting wrong_http wrong_junk wrong_pjl".split()
)
LINE_FAULTS = frozenset("unplugged dead echo noise corrupt lost babble blocked".split())
SIGN_FAULTS = frozenset(
    "unplugged off nak nak_once garbage broken late foreign frozen split double clash".split()
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Simulated:
    """What is to be simulated: a printer, or a line of signs of one family or of one profile of somebody's own
    (``family`` is ``OWN``); faults of the whole, and of signs.
    """

    place: str
    family: str
    faults: tuple[str, ...]
    sign_faults: tuple[tuple[int, str], ...]

    def addresses(self, profile: str) -> range:
        """Where the signs of the line are. Raises ``ProfileError``."""
        return _family(self.family, profile).addresses[:SIGNS]


def is_simulated(url: str) -> bool:
    """Whether the station is to play this device itself."""
    return urlsplit(url).scheme == SCHEME


def parse(url: str) -> Simulated:
    """Read ``sim://printer/2?fault=paper_end`` or ``sim://bus/a0_90?fault=dead,off@3#3``. Raises ``ValueError``."""
    parts = urlsplit(url)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    faults = tuple(one for one in given.pop("fault", "").split(",") if one)
    if given:
        raise ValueError(f"unknown setting {sorted(given)[0]!r} of a simulated device; known is fault")
    if parts.netloc == PRINTER:
        return Simulated(PRINTER, "", _known(faults, PRINTER_FAULTS, "a printer"), ())
    if parts.netloc != LINE:
        raise ValueError(f"{url!r} names nothing that can be simulated: sim://printer or sim://bus/FAMILY#ADDRESS")
    family = parts.path.strip("/").partition("/")[0] or DEFAULT_FAMILY
    if family not in (*FAMILIES, OWN):
        known = ", ".join((*FAMILIES, OWN))
        raise ValueError(f"no signs of a family {family!r} can be simulated; known are {known}")
    whole = _known(tuple(one for one in faults if "@" not in one), LINE_FAULTS, "a line")
    found = Simulated(LINE, family, whole, tuple(_at(one) for one in faults if "@" in one))
    if family != OWN and (wrong := _beyond(found, found.addresses(""))):
        raise ValueError(wrong)
    return found


def problems(spec: DeviceSpec) -> list[str]:
    """What is wrong with a simulated device whose URL ``parse`` has read."""
    found, parts, options = parse(spec.url), urlsplit(spec.url), dict(spec.options)
    kinds = (PRINTER,) if found.place == PRINTER else ("sign", LINE)
    if spec.kind not in kinds:
        return [f"sim://{found.place} simulates a {kinds[0]}, and this is a {spec.kind}"]
    return _sign_problems(found, parts.fragment, options) if spec.kind == "sign" else []


def _sign_problems(found: Simulated, fragment: str, options: Mapping[str, str]) -> list[str]:
    profile = options.get("profile", "")
    if found.family == OWN and not profile:
        return [f"the signs of this line are of their own profile, and the options name none: sim://{LINE}/FAMILY"]
    if found.family != OWN and (options.get("family", DEFAULT_FAMILY) != found.family or profile):
        hint = f": a profile of one's own is played by sim://{LINE}/{OWN}" if profile else ""
        return [f"the signs of this line are {found.family}, and this one is to be another{hint}"]
    try:
        at = found.addresses(profile)
    except ProfileError:
        return []  # told with its lines by whoever reads profiles
    if wrong := _beyond(found, at):
        return [wrong]
    if fragment.isdecimal() and int(fragment) not in at:
        return [f"a simulated line has signs {at[0]} to {at[-1]}, none at {fragment}"]
    return []


def _family(name: str, profile: str) -> Family:
    return own(profile) if name == OWN else FAMILIES[name]


def _beyond(found: Simulated, addresses: range) -> str | None:
    """Which fault is one of a sign that is not there."""
    for address, fault in found.sign_faults:
        if address not in addresses:
            said = f"signs of this line have the addresses {addresses[0]} to {addresses[-1]}"
            return f"'{fault}@{address}': {said}"
    return None


def _known(faults: tuple[str, ...], known: frozenset[str], of: str) -> tuple[str, ...]:
    for fault in faults:
        if fault not in known:
            raise ValueError(f"no fault {fault!r} of {of}; known are {', '.join(sorted(known))}")
    return faults


def _at(fault: str) -> tuple[int, str]:
    name, _, address = fault.partition("@")
    _known((name,), SIGN_FAULTS, "a sign")
    if not address.isdecimal():
        raise ValueError(f"{fault!r}: behind @ stands the address of a sign")
    return int(address), name
