"""Which sign families there are: the ``family`` option of a sign to its codec and the manners of its line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, partial
from pathlib import Path

from drivers.led import a0_90, alpha, modbus, profiles, register_map
from drivers.ports import SignCodec

Reading = Callable[[bytes, int], tuple[bool | None, int]]
Told = bool | str | None  # yes | no | the fault that the answer proves | nothing yet


class Proof(StrEnum):
    """What a family proves: that it took a text, only that it is alive, that it shows the text, or nothing."""

    ACK = "ack"
    POLL = "poll"
    READBACK = "readback"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A question by address that changes nothing on the sign, and how its answer is read (as ``SignCodec.reply``)."""

    ask: Callable[[int], bytes]
    alive: Reading


@dataclass(frozen=True, slots=True)
class Memory:
    """A question by address what a sign holds; its answer is compared with the frame that painted it.

    ``shows`` is given what was heard, the address and that frame: True the same, ``stuck`` another, False refused.
    """

    ask: Callable[[int], bytes]
    shows: Callable[[bytes, int, bytes], tuple[Told, int]]
    reply_bytes: int


@dataclass(frozen=True, slots=True)
class Family:
    """A codec and what its boards need: legal addresses, the silence between frames, how long a reply is.

    ``codec`` is given the columns of a sign, ``calls`` also its window's number, where frames name that. ``ack_s`` is
    the least patience with an answer, ``bauds`` and ``format`` are what the boards speak (none: whatever the URL says),
    ``charset`` is what a sign can show, ``widest`` how many columns it can have; ``addressed``: each answer names its
    board. Frames of ``prepare`` must be acknowledged before the first text; the first of them alone is repeated after a
    silence, all after a refusal.
    """

    codec: Callable[[int], SignCodec]
    addresses: range
    columns: int
    reply_bytes: int
    gap_s: float
    proof: Proof = Proof.ACK
    heartbeat: Heartbeat | None = None
    ack_s: float = 0.0
    bauds: tuple[int, ...] = ()
    format: str = "8N1"
    charset: str = "gbk"
    memory: Memory | None = None
    prepare: Callable[[int], tuple[bytes, ...]] | None = None
    widest: int = 64  # a window sign of 32 hanzi
    addressed: bool = False
    calls: Callable[[int, int], SignCodec] | None = None

    def codec_of(self, options: Mapping[str, str]) -> SignCodec:
        """The codec of a sign with these options."""
        columns, window = int(options.get("columns", self.columns)), options.get("window")
        return self.codec(columns) if self.calls is None or window is None else self.calls(columns, int(window))


def from_profile(profile: profiles.Profile) -> Family:
    """A family whose frames are templates; what its boards prove follows from what they answer."""
    answer = profile.ack or profile.alive
    return Family(
        codec=partial(profiles.ProfileCodec, profile),
        addresses=profile.addresses,
        columns=profile.columns,
        reply_bytes=(answer.size if answer else None) or 0,
        gap_s=profile.gap_s,
        proof=Proof.ACK if profile.ack else Proof.POLL if profile.poll else Proof.NONE,
        heartbeat=Heartbeat(partial(profiles.ask, profile), partial(profiles.alive, profile)) if profile.poll else None,
        ack_s=profile.ack_s,
        bauds=profile.bauds,
        format=profile.format,
        charset=profile.charset,
        widest=profile.widest,
        addressed=answer is not None and "addr" in answer.fields,
        calls=partial(profiles.ProfileCodec, profile) if profile.names_window else None,
    )


def from_map(registers: register_map.RegisterMap) -> Family:
    """A family of Modbus signs: registers that are written, and read back."""
    codec = partial(modbus.Modbus, registers)
    one = codec(registers.characters)
    return Family(
        codec=codec,
        addresses=modbus.ADDRESSES,
        columns=registers.characters,
        reply_bytes=modbus.REPLY_BYTES,
        gap_s=0.00175,  # the standard's least silence at any speed
        proof=Proof.READBACK,
        format="",  # the standard wants 8E1, most signs are sold with 8N1
        charset="digits" if registers.digits_only else "ascii",
        memory=Memory(one.question, one.shows, one.answer_bytes),
        widest=registers.characters,
        addressed=True,
    )


def _shipped(name: str) -> str:
    return (Path(__file__).parent / "profiles" / f"{name}.toml").read_text("utf-8")


def shipped(name: str) -> profiles.Profile:
    """A profile of templates that comes with the program."""
    return profiles.read(_shipped(name))


def shipped_map(name: str) -> register_map.RegisterMap:
    """A register map that comes with the program."""
    return register_map.parse(_shipped(name))


def family_of(options: Mapping[str, str]) -> Family:
    """The family that a sign's options choose: the text of a technician's own ``profile``, or a name."""
    text = options.get("profile")
    return FAMILIES[options.get("family", DEFAULT_FAMILY)] if text is None else own(text)


@cache
def own(text: str) -> Family:
    """The family of a technician's profile: a register map or templates. Raises ``ProfileError`` with all mistakes.

    One text is one family: its boards need their maker's pause also between a frame to one and a frame to another.
    """
    return from_map(register_map.parse(text)) if register_map.is_map(text) else from_profile(profiles.read(text))


ALPHA = Family(
    codec=alpha.Alpha,
    addresses=alpha.ADDRESSES,
    columns=alpha.DEFAULT_COLUMNS,
    reply_bytes=0,  # its answers are too short to tell two that overlap from noise
    gap_s=0.1,  # the least that its encoders leave between packets
    ack_s=0.25,  # memory is given out before the answer
    format=alpha.FORMAT,
    charset="ascii",
    prepare=alpha.Alpha().prepare,
)
MAPPED = ("dm56a04", "dm56a04_number", "dm36b06", "embeddedart")
PROFILED = ("lihe_v2", "ruize", "qsystem", "yongtai", "imm9013", "am03127", "ed400", "cd5220")
DEFAULT_FAMILY = "a0_90"
FAMILIES = {
    "a0_90": Family(
        codec=a0_90.A090,
        addresses=a0_90.ADDRESSES,
        columns=a0_90.DEFAULT_COLUMNS,
        reply_bytes=a0_90.REPLY_BYTES,
        gap_s=0.005,  # 3.5 characters at 9600 Bd are 4 ms; boards tell frames apart by such a pause
        addressed=True,
    ),
    **{name: from_profile(shipped(name)) for name in PROFILED},
    **{name: from_map(shipped_map(name)) for name in MAPPED},
    "alpha": ALPHA,
    "alpha_readback": replace(
        ALPHA,
        proof=Proof.READBACK,
        memory=Memory(alpha.Alpha().question, alpha.Alpha().shows, alpha.MAX_ANSWER_BYTES),
    ),
}
