"""The explanation that a call has stored, as a message: which words fit, and the numbers in them."""

from display.board import Name
from hall_server.contract.tickets import Reason
from hall_server.core.policy.because import Because
from hall_server.core.policy.classes import NEED_S, Policy

# What a policy of this kind goes by; the others need no number.
_NUMBERS = {"head_start": "head_start_s", "accumulating": "rate"}


def reason_of(policy: Policy, why: str, overtaken: int, because: Because | None, said: str = "") -> Reason | None:
    """Why a ticket was called, under the policy that was in force then; None of a journal that does not say."""
    if not why:
        return None
    if because is None or (why == because.policy and not overtaken):
        return Reason(why=_plain(why, said) if because is None or why != because.policy else "first", said=said)
    own = policy.of(because.klass)
    number: int | None = getattr(own, _NUMBERS.get(why, ""), None)
    word = _plain(why, said)
    if because.need and why == because.policy:
        word, number = "need", round(NEED_S / 60)
    if because.guarantee:
        number = round(policy.guarantee_s / 60)
    return Reason(
        why=word, overtaken=overtaken, labels=tuple(one.label for one in because.overtaken),
        customer_class=Name(own.zh, own.en) if own.en else None, need=because.need, number=number, said=said,
        left_out={one.label: one.why for one in because.left_out},
    )  # fmt: skip


def _plain(why: str, said: str) -> str:
    """First in line needs no rule; a clerk's choice is told with its reason if there was one."""
    return {"fifo": "first", "chosen": "chosen_because" if said else "chosen"}.get(why, why)
