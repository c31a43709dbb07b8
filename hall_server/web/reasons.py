"""Why somebody was called, as one sentence in either language."""

from collections.abc import Callable

from hall_server.contract import Reason

Words = Callable[..., str]


def sentence(t: Words, say: Callable[..., str], reason: Reason) -> str:
    """What chose this ticket, and before whom; ``say`` reads a name in the language of ``t``."""
    who = say(reason.customer_class) if reason.customer_class else ""
    said = t(f"why.{reason.why}", who=who, n=reason.number, said=reason.said)
    if not reason.overtaken:
        return said
    labels, more = t("why.and").join(reason.labels), reason.overtaken - len(reason.labels)
    key = "why.over_more" if more > 0 else "why.over"
    return t(key, reason=said, labels=labels, more=more)
