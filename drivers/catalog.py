"""Which device URLs there are, and every way in which a list of devices can be wrong, before a port is opened."""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from urllib.parse import parse_qsl, urlsplit

from drivers import simulated
from drivers.escpos.profile import Profile
from drivers.helper import words as helper
from drivers.led.families import DEFAULT_FAMILY, FAMILIES, Family, Proof, family_of, own
from drivers.led.profile_keys import ProfileError
from drivers.led.profile_keys import why_no_toml as why_no_toml
from drivers.pad import site
from drivers.pad.families import DEFAULT_PAD_FAMILY, PAD_FAMILIES
from drivers.ports import Colour, DeviceError, DeviceSpec
from drivers.queues import SPOOLERS, command, profile_of
from drivers.reach import ASSETS
from drivers.reach import wrong as wrong_probe
from drivers.reach_ask import PROBES
from drivers.speech.frames import DEFAULT_MODULE, MODULES, Module
from drivers.transport import SCHEMES, open_transport

KINDS = ("printer", "sign", "bus", "pad", "rating", "voice", *ASSETS)
ADDRESSES = (*SCHEMES, *SPOOLERS, helper.SCHEME, simulated.SCHEME)
FOR_PRINTERS = ("usb", *SPOOLERS)
SYSTEMS = {"usb": ("linux",), "cups": ("linux", "darwin"), "win32": ("win32",)}  # the others run everywhere
SIGN_OPTIONS = ("family", "profile", "columns", "window")
WINDOWS = range(1, 1000)  # the numbers that windows have
VOICE_OPTIONS = ("family", "volume", "english")
PAD_OPTIONS = {"pad": ("family", "site", "idle"), "rating": ("site",)}
_WAYS: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(SPOOLERS, command),
    helper.SCHEME: helper.name_of,
    simulated.SCHEME: simulated.parse,
}
COLUMNS = range(4, 65)  # four half-width characters hold "A012"; no window sign is wider than 32 hanzi


def owner_key(url: str) -> str:
    """What only one worker may own: the port or host of a URL, without line settings and unit address."""
    parts = urlsplit(url)
    named = (*SPOOLERS, helper.SCHEME, simulated.SCHEME, "ping")
    kind = f"{parts.scheme}:" if parts.scheme in named else ""  # a queue or a program may be called like a computer
    return kind + parts.netloc.lower() + parts.path


def not_here(url: str) -> str | None:
    """Why no program on this computer can open ``url``; None when one can."""
    scheme = urlsplit(url).scheme
    systems = SYSTEMS.get(scheme, (sys.platform,))
    if sys.platform in systems:
        return None
    return f"{scheme}:// needs a station on {' or '.join(systems)}, and this is {sys.platform}"


def profile_mistakes(text: str) -> tuple[tuple[int, str], ...]:
    """What is wrong with the text of a sign's profile, each with its line."""
    try:
        own(text)
    except ProfileError as wrong:
        return wrong.mistakes
    return ()


def sign_options(url: object, options: object, window: str | None) -> dict[str, str]:
    """What a sign's driver has to know beside its own options: how wide the boards of its family usually are, and the
    number of its window where their frames name that. Of settings that nobody has checked nothing may be known.
    """
    if not isinstance(options, Mapping) or not all(isinstance(one, str) for one in options.values()):
        return {}
    try:
        family = helper.sign_family(DeviceSpec("", "sign", str(url or ""), tuple(options.items())))
    except (KeyError, ProfileError):
        return {}
    named = {"window": window} if family.calls and window else {}
    return {"columns": str(family.columns), **named}


def never_answers(spec: DeviceSpec) -> bool:
    """Whether a sign, pad or rating unit that ``check`` has passed is of a family that cannot say how it is."""
    if spec.kind in PAD_OPTIONS:
        options = dict(spec.options)
        return not PAD_FAMILIES[options.get("family", DEFAULT_PAD_FAMILY)].polled or options.get("idle") == "silent"
    return spec.kind == "sign" and helper.sign_family(spec).proof is Proof.NONE


def charset(spec: DeviceSpec) -> str:
    """What a sign that ``check`` has passed can show."""
    return helper.sign_family(spec).charset


def refused(spec: DeviceSpec, text: str) -> str | None:
    """Why a sign that ``check`` has passed cannot show ``text``, if it cannot."""
    family = helper.sign_family(spec)
    try:
        family.codec(family.columns).show(family.addresses[0], text, Colour.RED)
    except DeviceError as error:
        return f"cannot show {text!r}: {error.evidence}"
    return None


def unheard(url: str) -> bool:
    """Whether a device behind ``url`` can never say how it is."""
    return urlsplit(url).scheme in SPOOLERS


def check(spec: DeviceSpec) -> list[str]:
    """Say everything that is wrong with one device; an empty list is a device that can be opened."""
    problems: list[str] = []
    if spec.kind not in KINDS:
        problems.append(f"{spec.id}: unknown kind {spec.kind!r}{_did_you_mean(spec.kind, KINDS)}")
    if spec.kind in ASSETS or spec.url.partition("://")[0] in PROBES:
        return [*problems, *(f"{spec.id}: {problem}" for problem in wrong_probe(spec))]
    problems += [f"{spec.id}: {problem}" for problem in _url_problems(spec.url)]
    if not problems:
        problems += [f"{spec.id}: {problem}" for problem in _kind_problems(spec)]
    return problems


def check_all(specs: Iterable[DeviceSpec]) -> list[str]:
    """Say everything that is wrong with a list of devices, with each and between them."""
    listed = tuple(specs)
    problems = [problem for spec in listed for problem in check(spec)]
    if problems:
        return problems
    by_id, by_place, by_key = (defaultdict[str, list[DeviceSpec]](list) for _ in range(3))
    for spec in listed:
        by_id[spec.id].append(spec)
        # A sign, a pad and a rating unit of one window often have one number: their frames cannot be confused.
        kind = ASSETS[0] if spec.kind in ASSETS else spec.kind
        by_place[f"{kind} {owner_key(spec.url)}#{urlsplit(spec.url).fragment}"].append(spec)
        by_key[owner_key(spec.url)].append(spec)
    problems += [f"{name}: this id is used {len(same)} times" for name, same in by_id.items() if len(same) > 1]
    for place, same in by_place.items():
        if len(same) > 1 and len({spec.id for spec in same}) > 1:
            problems.append(f"{_names(same)}: all claim {place.partition(' ')[2].rstrip('#')}")
    for key, same in by_key.items():
        if len({urlsplit(spec.url)[0::3] for spec in same}) > 1:
            problems.append(f"{_names(same)}: different line settings for {key}")
        if len({spec.kind == "printer" for spec in same}) > 1:
            problems.append(f"{_names(same)}: a printer cannot share {key} with signs")
        if len({spec.kind == "voice" for spec in same}) > 1:
            problems.append(f"{_names(same)}: a voice module answers without an address, so {key} must be its own")
        problems += _signs_together(key, same)
    return problems


def _signs_together(key: str, same: list[DeviceSpec]) -> list[str]:
    signs = [spec for spec in same if spec.kind == "sign"]
    own_profiles = {dict(spec.options).get("profile") for spec in signs}
    if len(own_profiles) > 1 and simulated.is_simulated(signs[0].url):
        return [
            f"{_names(signs)}: the signs of one simulated line have one profile; sim://bus/profile/2 is another line"
        ]
    loners = [spec for spec in signs if len(helper.sign_family(spec).addresses) == 1]
    if loners and sum(spec.kind != "bus" for spec in same) > 1:
        return [f"{_names(loners)}: such a sign has no address, so {key} must be its own"]
    return []


def _url_problems(url: str) -> list[str]:
    scheme = urlsplit(url).scheme
    if scheme not in ADDRESSES:
        wanted = ", ".join(f"{name}://" for name in ADDRESSES)
        return [f"unknown address {url!r}{_did_you_mean(scheme, ADDRESSES)}; known are {wanted}"]
    try:
        _WAYS.get(scheme, open_transport)(url)
    except ValueError as error:
        return [str(error)]
    return []


def _kind_problems(spec: DeviceSpec) -> list[str]:
    fragment = urlsplit(spec.url).fragment
    if helper.is_helper(spec.url):
        return _helper_problems(spec, fragment)
    if simulated.is_simulated(spec.url) and (wrong := simulated.problems(spec)):
        return wrong
    if spec.kind == "printer":
        return _printer_problems(spec, fragment)
    if spec.kind in PAD_OPTIONS:
        return _pad_problems(spec, fragment)
    if (scheme := urlsplit(spec.url).scheme) in FOR_PRINTERS:
        return [f"{scheme}:// is for printers, and this is a {spec.kind}"]
    if spec.kind == "voice":
        return [*_address_problems(spec, fragment), *_voice_problems(spec)]
    return _sign_problems(spec, fragment) if spec.kind == "sign" else _address_problems(spec, fragment)


def _helper_problems(spec: DeviceSpec, fragment: str) -> list[str]:
    """A program of a maker is asked for signs or a printer; what else it needs to know, its own command says."""
    if spec.kind in (*PAD_OPTIONS, "voice"):
        return [f"{helper.SCHEME}:// is for signs and printers, and this is a {spec.kind}"]
    known, options = helper.OPTIONS if spec.kind == "sign" else (), dict(spec.options)
    problems = [f"unknown option {name!r}{_did_you_mean(name, known)}" for name in options if name not in known]
    if spec.kind != "sign":
        return [*problems, *_address_problems(spec, fragment)]
    if options.get("answers", helper.ANSWERS[0]) not in helper.ANSWERS:
        problems.append(f"answers {options['answers']!r} is none of {', '.join(helper.ANSWERS)}")
    return [*problems, *_place_problems(spec, helper.HELPER, fragment)]


def _sign_problems(spec: DeviceSpec, fragment: str) -> list[str]:
    options = dict(spec.options)
    problems = [
        f"unknown option {name!r}{_did_you_mean(name, SIGN_OPTIONS)}" for name in options if name not in SIGN_OPTIONS
    ]
    named = options.get("family", DEFAULT_FAMILY)
    if named not in FAMILIES:
        return [*problems, f"unknown family {named!r}{_did_you_mean(named, FAMILIES)}"]
    if "family" in options and "profile" in options:
        return [*problems, "family and profile: a sign has one of them"]
    if mistakes := profile_mistakes(options["profile"]) if "profile" in options else ():
        return [*problems, *(f"profile, line {line}: {what}" for line, what in mistakes)]
    family = family_of(options)
    window = options.get("window", "1")
    if not (window.isdecimal() and int(window) in WINDOWS):
        problems.append(f"window {window!r} is no number from {WINDOWS[0]} to {WINDOWS[-1]}")
    return [*problems, *_line_problems(spec, family), *_place_problems(spec, family, fragment)]


def _place_problems(spec: DeviceSpec, family: Family, fragment: str) -> list[str]:
    addresses, problems = family.addresses, []
    if not fragment:
        problems.append(f"a sign needs its unit address, e.g. {spec.url}#1")
    elif not (fragment.isdecimal() and int(fragment) in addresses):
        problems.append(f"unit address {fragment!r} is not between {addresses[0]} and {addresses[-1]}")
    columns, widest = dict(spec.options).get("columns", str(family.columns)), min(family.widest, COLUMNS[-1])
    if not (columns.isdecimal() and COLUMNS[0] <= int(columns) <= widest):
        most = ", which is all that its boards have" if widest < COLUMNS[-1] else ""
        problems.append(f"columns {columns!r} is not between {COLUMNS[0]} and {widest}{most}")
    return problems


def _line_problems(spec: DeviceSpec, family: Family | Module) -> list[str]:
    """A line that is spoken to at another speed or in another form is silent, and looks like a dead one."""
    parts = urlsplit(spec.url)
    given = dict(parse_qsl(parts.query))
    if parts.scheme in ("serial", "rfc2217"):
        given = {"baud": "9600", "format": "8N1", **given}
    baud, form = given.get("baud"), given.get("format", family.format).upper()  # a bridge has its own: nothing is said
    problems = []
    if family.bauds and baud is not None and int(baud) not in family.bauds:
        problems.append(f"its boards speak at {' or '.join(map(str, family.bauds))} baud, and the address says {baud}")
    if family.format and form != family.format:
        problems.append(f"its boards speak {family.format}, and the address says {form}: add format={family.format}")
    return problems


def _voice_problems(spec: DeviceSpec) -> list[str]:
    options = dict(spec.options)
    problems = [
        f"unknown option {name!r}{_did_you_mean(name, VOICE_OPTIONS)}" for name in options if name not in VOICE_OPTIONS
    ]
    module = MODULES.get(options.get("family", DEFAULT_MODULE))
    if module is None:
        return [*problems, f"unknown family {options['family']!r}{_did_you_mean(options['family'], MODULES)}"]
    volume, english = options.get("volume", "0"), options.get("english", "no")
    if not (volume.isdecimal() and int(volume) <= module.loudest):
        problems.append(f"volume {volume!r} is not between 0 and {module.loudest}")
    if english not in ("yes", "no"):
        problems.append(f"english {english!r} is none of yes, no")
    elif english == "yes" and not module.english:
        problems.append(f"english: {module.title} reads no English words, only letters")
    return [*problems, *_line_problems(spec, module)]


def _pad_problems(spec: DeviceSpec, fragment: str) -> list[str]:
    options, known = dict(spec.options), PAD_OPTIONS[spec.kind]
    problems = [f"unknown option {name!r}{_did_you_mean(name, known)}" for name in options if name not in known]
    family = PAD_FAMILIES.get(options.get("family", DEFAULT_PAD_FAMILY))
    if family is None:
        return [*problems, f"unknown family {options['family']!r}{_did_you_mean(options['family'], PAD_FAMILIES)}"]
    addresses = family.addresses
    if not (fragment.isdecimal() and int(fragment) in addresses):
        problems.append(f"unit address {fragment!r} is not between {addresses[0]} and {addresses[-1]}")
    if options.get("idle", site.IDLE[0]) not in site.IDLE:
        problems.append(f"idle {options['idle']!r} is none of {', '.join(site.IDLE)}")
    if "site" in options:
        problems += site.load(options["site"], family)[1]
    return problems


def _address_problems(spec: DeviceSpec, fragment: str) -> list[str]:
    return [f"a {spec.kind} has no unit address, remove #{fragment}"] if fragment else []


def _printer_problems(spec: DeviceSpec, fragment: str) -> list[str]:
    problems = _address_problems(spec, fragment)
    try:
        options = dict(spec.options)
        profile_of(options) if unheard(spec.url) else Profile.parse(options)
    except ValueError as error:
        problems.append(str(error))
    return problems


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f", did you mean {close[0]!r}?" if close else ""


def _names(specs: Iterable[DeviceSpec]) -> str:
    return ", ".join(spec.id for spec in specs)
