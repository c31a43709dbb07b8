"""Problems on the wire: every code, its HTTP status and title, in one table (RFC 9457)."""

from pydantic import ValidationError

from hall_server.contract import Problem
from hall_server.core.refusal import Refused
from hall_server.writer import Answer

MEDIA_TYPE = "application/problem+json"

CODES: dict[str, tuple[int, str]] = {
    "invalid": (400, "The request is not valid"),
    "key_required": (400, "An Idempotency-Key is needed"),
    "unauthenticated": (401, "Sign in first"),
    "forbidden": (403, "Not allowed"),
    "csrf": (403, "The page is out of date"),
    "origin": (403, "Foreign origin"),
    "not_found": (404, "There is no such thing"),
    "method_not_allowed": (405, "Not possible here"),
    "unknown_service": (404, "Unknown service"),
    "unknown_window": (404, "Unknown window"),
    "unknown_ticket": (404, "Unknown ticket"),
    "unknown_device": (404, "Unknown device"),
    "unknown_kiosk": (404, "Unknown kiosk"),
    "unknown_day": (404, "Unknown business day"),
    "unknown_help": (404, "Nobody asked for this help"),
    "not_asked": (409, "That customer is not asked here"),
    "unknown_webhook": (404, "Unknown webhook"),
    "unknown_token": (404, "Unknown token"),
    "unknown_class": (404, "Unknown class of customers"),
    "key_reused": (409, "The request key was used before"),
    "illegal_move": (409, "Not possible from this state"),
    "previous_needed": (409, "Served or absent?"),
    "recall_too_soon": (409, "Announced a moment ago"),
    "recalls_needed": (409, "Recall first"),
    "window_redirected": (409, "The window is redirected"),
    "window_paused": (409, "The window is paused"),
    "already_paused": (409, "Paused already"),
    "not_paused": (409, "Not paused"),
    "ambiguous_number": (409, "Several tickets have this number"),
    "not_waiting": (409, "The ticket does not wait"),
    "other_service": (409, "Another window's service"),
    "nothing_to_review": (409, "Not here for a review"),
    "same_place": (409, "There already"),
    "pad_behind": (409, "The pad showed something else"),
    "no_such_key": (409, "This key does nothing"),
    "no_other_window": (409, "No other window"),
    "no_proposal": (409, "Nothing to answer"),
    "nobody_held": (409, "Nobody is set aside"),
    "other_pool": (409, "Kept for another window"),
    "hold_not_yet": (409, "Comes back later"),
    "nothing_to_undo": (409, "Nothing to take back"),
    "undo_too_late": (409, "Too late to take back"),
    "moved_since": (409, "Moved on since"),
    "reason_needed": (409, "Say why"),
    "settings_changed": (409, "The settings were changed meanwhile"),
    "settings_refused": (400, "The settings would have mistakes"),
    "settings_broken": (409, "The settings file has mistakes"),
    "settings_behind": (409, "Another server's settings are newer"),
    "settings_by_hand": (409, "Only a person can change this file"),
    "settings_unreadable": (409, "The settings file cannot be read"),
    "settings_unwritable": (409, "The settings file cannot be written"),
    "service_in_use": (409, "Needed today"),
    "window_in_use": (409, "Needed today"),
    "service_closed": (409, "The service is closed"),
    "day_closed": (409, "The hall is closed"),
    "outside_hours": (409, "No tickets at this hour"),
    "last_ticket": (409, "No more tickets before closing"),
    "media_type": (400, "No picture or film that can be shown"),
    "media_broken": (400, "The file is damaged"),
    "media_large": (413, "The file is too large"),
    "upload_lost": (409, "The file is not here"),
    "upload_busy": (429, "Too many files at once"),
    "content_full": (409, "Too many items"),
    "content_over": (409, "Over already"),
    "unknown_complaint": (404, "Unknown complaint"),
    "complaint_closed": (409, "Closed already"),
    "complaint_not_taken": (409, "Nobody sees to it"),
    "complaint_due": (409, "That day is over"),
    "complaint_limit": (429, "Too many complaints at once"),
    "notice_stands": (409, "Shown already"),
    "unknown_content": (404, "Unknown item"),
    "emergency": (409, "An alarm stands"),
    "emergency_stands": (409, "Raised already"),
    "no_emergency": (409, "No alarm stands"),
    "crowded": (409, "The hall is too full"),
    "tickets_left": (409, "Customers are still to be served"),
    "already_draining": (409, "Takes nobody new already"),
    "not_draining": (409, "Not about to close"),
    "cover_needed": (409, "Say who stands in"),
    "already_asked": (409, "Asked already"),
    "no_question": (409, "Nothing to answer"),
    "not_helping": (409, "Does not help out there"),
    "no_handover": (409, "Nothing to sign"),
    "same_person": (409, "Somebody else has to sign"),
    "handover_unread": (409, "Read the hand-over first"),
    "taken_over": (409, "Somebody else has this window"),
    "window_unattended": (409, "Nobody is at the window"),
    "already_signed": (409, "Signed off already"),
    "day_open": (409, "The day is open already"),
    "not_configured": (409, "The hall is not configured"),
    "already_reported": (409, "Reported already"),
    "no_repair": (409, "No open repair"),
    "still_failing": (409, "The device still reports a fault"),
    "no_check": (409, "No opening check is being made"),
    "not_by_hand": (409, "The device says itself how it is"),
    "unknown_plan": (404, "Unknown plan"),
    "other_checklist": (409, "The list has changed"),
    "not_ready": (409, "The hall is not ready"),
    "no_test": (409, "Cannot be tested from here"),
    "test_running": (409, "Being tested already"),
    "not_replaceable": (400, "The new unit cannot be taken so"),
    "not_written": (409, "The settings could not be written"),
    "no_address": (409, "The device has no cable"),
    "no_printer": (409, "This takes no paper"),
    "trial_running": (409, "Another address is being tried"),
    "not_tried": (409, "Not tried at its address"),
    "not_leased": (409, "These numbers are not leased to this kiosk"),
    "unknown_roll": (404, "Unknown paper roll"),
    "not_on_roll": (409, "Not on this roll"),
    "already_entered": (409, "Entered already"),
    "not_entered": (409, "Not entered yet"),
    "future_time": (409, "Not yet"),
    "before_day": (409, "Before the day"),
    "not_in_order": (409, "Not in their order"),
    "slip_moved": (409, "The slip moved on"),
    "slip_claimed": (409, "The slip was started"),
    "nothing_missing": (409, "Nothing was ticked"),
    "unknown_slip": (404, "Unknown slip"),
    "no_printer_works": (409, "No printer works"),
    "no_pickup": (409, "Nothing is fetched later"),
    "unknown_pickup": (404, "Unknown pick-up slip"),
    "pickup_over": (409, "Fetched already"),
    "pickup_not_ready": (409, "Not ready yet"),
    "code_used": (409, "The code was used"),
    "code_expired": (409, "The code is no longer good"),
    "no_slot": (409, "No appointments then"),
    "slot_full": (409, "No place left"),
    "slot_away": (409, "Not at this time"),
    "sheet_refused": (409, "The sheet has mistakes"),
    "unknown_appointment": (404, "Unknown appointment"),
    "appointment_over": (409, "The appointment is over"),
    "checked_in": (409, "Checked in already"),
    "too_early": (409, "Too early to check in"),
    "too_late": (409, "Too late for the appointment"),
    "which_time": (409, "Several appointments fit"),
    "guessed_too_often": (429, "Too many tries"),
    "link_used": (409, "The link was used"),
    "too_large": (413, "The request is too large"),
    "rate_limited": (429, "Too many requests"),
    "broken": (500, "A mistake of this program"),
    "unavailable": (503, "The hall cannot write now"),
}

# Why, and where the database is, stands in the server's log: it is nobody else's business.
AWAY = "The hall's database does not answer. Ask again with the same key: nothing is done twice."


def problem(code: str, detail: str, fields: list[dict[str, str]] | None = None) -> Answer:
    """A problem as an answer."""
    status, title = CODES[code]
    body = Problem(
        type=f"/problems/{code}", title=title, status=status, code=code, detail=detail, fields=fields
    ).model_dump_json(exclude_none=True)
    return Answer(status, body)


def refusal(refused: Refused) -> Answer:
    """A rule's refusal as an answer."""
    fields = [{"field": name, "message": said} for name, said in refused.about.items()]
    return problem(refused.code, refused.detail, fields or None)


def invalid(error: ValidationError) -> Answer:
    """Everything that is wrong with a body, field by field."""
    fields = [{"field": ".".join(str(part) for part in e["loc"]), "message": e["msg"]} for e in error.errors()]
    names = ", ".join(one["field"] or "body" for one in fields)
    return problem("invalid", f"Correct these and send it again: {names}.", fields)
