"""Who may do what: one table of actions and roles, and whose window, kiosk or station it must be."""

from hall_server.contract.messages import ROLES
from hall_server.web.ports import Principal

_STAFF = frozenset({"clerk", "manager", "maintenance", "admin"})
_DESK = frozenset({"clerk", "manager", "admin", "concierge"})  # who helps customers, at a window or in the hall
_CALLERS = frozenset({"clerk", "manager", "admin"})
_REPAIRERS = frozenset({"maintenance", "manager", "admin"})

ALLOWED: dict[str, frozenset[str]] = {
    "issue": frozenset({"kiosk"}) | _DESK,
    "away": frozenset({"kiosk"}),
    "ask_help": frozenset({"kiosk"}),
    "read_ticket": frozenset({"kiosk", "concierge"}) | _STAFF,
    "cancel": frozenset({"kiosk"}) | _DESK,
    "answer_slip": frozenset({"kiosk", "manager", "admin"}),
    "appointments": frozenset({"concierge", "manager", "admin"}),
    "check_in": frozenset({"kiosk", "concierge", "manager", "admin"}),
    "purge": frozenset({"admin"}),
    "call": _CALLERS,
    "hold": _CALLERS,
    "find_ticket": _DESK,
    "read_lobby": frozenset({"concierge", "manager", "admin"}),
    "mark": _DESK,
    "roll": _DESK,
    "pickup": _DESK,
    "reinstate": _DESK,
    "undo": _DESK,
    "call_chosen": _CALLERS,
    "pause": _CALLERS,
    "take_over": frozenset({"clerk"}),
    "supervise": frozenset({"manager", "admin"}),
    "transfer": _CALLERS,
    "redirect": _REPAIRERS,
    "answer_proposal": _STAFF,
    "preview_redirect": _STAFF,
    "declare_fault": _STAFF,
    "repair": _REPAIRERS,
    "check": _REPAIRERS,
    "replace": frozenset({"maintenance", "admin"}),
    "report": frozenset({"station", "kiosk"}),
    "read_devices": _STAFF,
    "read_window": _CALLERS,
    "read_floor": frozenset({"manager", "admin"}),
    "read_journal": frozenset({"manager", "admin"}),
    "content": frozenset({"manager", "admin"}),
    "complain": frozenset({"kiosk"}) | _DESK,
    "complaints": frozenset({"manager", "admin"}),
    "notice": frozenset({"concierge", "manager", "admin"}),
    "read_guide": frozenset({"kiosk", "tv"}) | _DESK,
    "emergency": frozenset({"concierge", "manager", "admin"}),
    "day": frozenset({"manager", "admin"}),
    "tokens": frozenset({"admin"}),
    "read_hooks": _REPAIRERS,
    "config": frozenset({"admin"}),
    "rate": frozenset({"tv"}),
    "public": frozenset(ROLES),
}


def may(principal: Principal, action: str) -> bool:
    """Whether a role may do an action at all."""
    return principal.role in ALLOWED[action]


def own(
    principal: Principal, *, window: str | None = None, kiosk: str | None = None, station: str | None = None
) -> bool:
    """Whether it is their own: clerks and displays act at their window, kiosks and stations for themselves."""
    if window is not None and principal.role in ("clerk", "tv"):
        return principal.window == window
    if kiosk is not None and principal.role == "kiosk":
        return principal.subject == kiosk
    if station is not None:
        return principal.subject == station
    return True
