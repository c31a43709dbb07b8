"""The table of all calls: method, path, action, models and what to say about them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hall_server import contract as c
from hall_server.contract import admin as am
from hall_server.contract import complaints as pm
from hall_server.contract import content as cm
from hall_server.contract import help as hm
from hall_server.contract import life as lm
from hall_server.contract import replacing as m
from hall_server.contract import rolls as rm
from hall_server.contract.day import TakeOverRequest
from hall_server.contract.emergency import AlarmView, EmergencyRequest
from hall_server.contract.hooks import HookRow, Hooks, HookTried, ReplayRequest
from hall_server.contract.lobby import LobbyView
from hall_server.contract.ratings import RatingRequest
from hall_server.contract.reports import DeviceReport, Repairs
from hall_server.contract.slips import MissingRequest, MissingRow, PickUpRow, PickUps, ReadyRequest
from hall_server.contract.windows import SendBackRequest
from hall_server.detour import Detour
from hall_server.web.api import (
    admin_calls,
    appointment_calls,
    away_calls,
    calls,
    check_calls,
    complaint_calls,
    content_calls,
    day_calls,
    emergency_calls,
    hall_calls,
    help_calls,
    life_calls,
    material_calls,
    notice_calls,
    pickup_calls,
    rating_calls,
    replace_calls,
    report_calls,
    roll_calls,
    window_calls,
)
from hall_server.web.api.ask import Ask
from hall_server.writer import Answer

BASE = "/api/v1"


@dataclass(frozen=True, slots=True)
class Route:
    """One call. ``body`` is None for reads; ``answers`` maps a status to its model (None: no body)."""

    method: str
    path: str
    action: str
    handle: Callable[[Ask], Answer]
    summary: str
    body: type[c.Message] | None = None
    answers: dict[int, Any] = field(default_factory=dict)
    query: tuple[str, ...] = ()


_W = "/windows/<window>"
_D = "/devices/<device>"
_T = {200: c.Ticket}
_ROW = {200: c.DeviceRow}
_ROWS = {200: dict[str, Any]}
_DAY = {200: c.DayView}
_R = "/rolls/<roll>"
_P = "/complaints/<complaint>"
_ADOPTED = {200: am.Adopted}
_ROLLS = {200: rm.RollsView}

ROUTES: tuple[Route, ...] = (
    Route("POST", "/tickets", "issue", calls.issue, "Issue a ticket", c.TicketRequest, {201: c.Ticket}),
    Route("POST", "/kiosks/<kiosk>/lease", "away", away_calls.lease, "Lease numbers to a kiosk", c.LeaseRequest,
          {200: dict[str, Any]}),
    Route("GET", "/kiosks/<kiosk>/waiting", "away", away_calls.waiting, "Who waits, to be called by hand", None,
          {200: c.WaitingList}),
    Route("POST", "/kiosks/<kiosk>/tickets", "away", away_calls.tell, "Take what a kiosk gave out alone",
          c.AwayReport, {200: c.AwayAnswer}),
    Route("GET", "/rolls", "roll", roll_calls.read_rolls, "What was entered of paper rolls", None, _ROLLS),
    Route("POST", f"{_R}/handed-out", "roll", roll_calls.hand_out, "Numbers of a roll were handed out",
          rm.HandedOutRequest, _ROLLS),
    Route("POST", f"{_R}/served", "roll", roll_calls.serve, "Numbers of a roll were served", rm.ServedRequest, _ROLLS),
    Route("POST", f"{_R}/left", "roll", roll_calls.leave, "Their customers went away", rm.LeftRequest, _ROLLS),
    Route("POST", f"{_R}/spoiled", "roll", roll_calls.spoil, "Nobody has these numbers", rm.SpoiledRequest, _ROLLS),
    Route("GET", "/tickets/<ticket>", "read_ticket", calls.read_ticket, "Read a ticket", None, _T),
    Route("POST", "/tickets/<ticket>/cancel", "cancel", calls.cancel, "Give a ticket up", c.CancelRequest, _T),
    Route("POST", "/tickets/<ticket>/slip", "answer_slip", calls.answer_slip, "Did the paper come?", c.SlipAnswer, _T),
    Route("GET", "/appointments", "appointments", appointment_calls.read_appointments, "A day's appointments and slots",
          None, {200: c.AppointmentsView}, ("day",)),
    Route("POST", "/appointments", "appointments", appointment_calls.book, "Make an appointment", c.BookRequest,
          {201: c.Booked}),
    Route("POST", "/appointments/import", "appointments", appointment_calls.book_sheet, "Make all of a sheet",
          c.SheetRequest, {201: c.BookedMany}),
    Route("POST", "/appointments/<appointment>/confirm", "appointments", appointment_calls.confirm,
          "The customer will come", c.Empty, {200: c.Booked}),
    Route("POST", "/appointments/<appointment>/cancel", "appointments", appointment_calls.cancel,
          "Nobody will come", c.Empty, {200: c.Booked}),
    Route("POST", "/checkins", "check_in", appointment_calls.check_in, "A customer with an appointment is here",
          c.CheckInRequest, {201: c.Ticket}),
    Route("POST", "/purge", "purge", appointment_calls.forget, "Delete personal data kept for too long", c.Empty,
          {200: c.Forgotten}),
    Route("GET", "/lobby", "read_lobby", life_calls.read_lobby, "The concierge's screen", None, {200: LobbyView}),
    Route("GET", "/tickets", "find_ticket", life_calls.find, "Find a ticket by its number", None, {200: lm.Found},
          ("label",)),
    Route("POST", "/tickets/<ticket>/reinstate", "reinstate", life_calls.reinstate, "Let somebody wait again",
          lm.ReinstateRequest, _T),
    Route("POST", "/tickets/<ticket>/urgent", "mark", life_calls.mark_urgent, "Before everybody, or no longer",
          lm.UrgentRequest, _T),
    Route("POST", "/tickets/<ticket>/need", "mark", life_calls.note_need, "Note a special need", lm.NeedRequest, _T),
    Route("POST", "/tickets/<ticket>/care", "mark", life_calls.take_care, "Note a word to somebody who waits long",
          lm.CareRequest, _T),
    Route("POST", "/undo", "undo", life_calls.undo, "Take one's own last move back", c.Empty, {200: lm.Undone}),
    Route("POST", f"{_W}/hold", "hold", life_calls.hold, "Set the customer aside", lm.HoldRequest, _T),
    Route("POST", f"{_W}/take-up", "hold", life_calls.take_up, "Take up who was set aside", lm.TakeUpRequest, _T),
    Route("POST", "/helps", "ask_help", help_calls.ask_help, "Somebody at a kiosk wants help", hm.HelpRequest,
          {201: hm.HelpAsked}),
    Route("POST", "/helps/<help>/done", "mark", help_calls.give_help, "Somebody was there to help", c.Empty,
          {200: hm.HelpDone}),
    Route("POST", f"{_W}/missing", "call", material_calls.tell, "Tell the customer what is missing", MissingRequest,
          {200: MissingRow}),
    Route("POST", f"{_W}/missing/<slip>/print", "call", material_calls.print_again, "Print that once more", c.Empty,
          {200: c.SlipState}),
    Route("POST", f"{_W}/pickup", "call", pickup_calls.promise, "Finish: something is fetched later", c.Empty,
          {200: MissingRow}),
    Route("GET", "/pickups", "pickup", pickup_calls.read_pickups, "What customers fetch", None, {200: PickUps}),
    Route("POST", "/pickups/<slip>/ready", "pickup", pickup_calls.mark_ready, "It can be fetched, or not after all",
          ReadyRequest, {200: PickUpRow}),
    Route("GET", _W, "read_window", calls.read_window, "Read a clerk's screen", None, {200: c.ClerkView}),
    Route(
        "POST", f"{_W}/next", "call", calls.call_next, "Call the next customer", c.NextRequest, {**_T, 204: None}
    ),
    Route("POST", f"{_W}/call", "call_chosen", window_calls.call_ticket, "Call a certain customer", c.CallRequest, _T),
    Route("POST", f"{_W}/transfer", "transfer", window_calls.transfer, "Send the customer on", c.TransferRequest, _T),
    Route("POST", f"{_W}/send-back", "transfer", window_calls.send_back, "Back to whose work it was",
          SendBackRequest, _T),
    Route("POST", f"{_W}/pause", "pause", day_calls.pause, "Pause a window", c.PauseRequest, _ROWS),
    Route("POST", f"{_W}/resume", "pause", day_calls.resume, "End a window's pause", c.Empty, _ROWS),
    Route("POST", f"{_W}/recall", "call", calls.recall, "Announce the call again", c.Empty, _T),
    Route("POST", f"{_W}/start", "call", calls.start, "The customer is here", c.Empty, _T),
    Route("POST", f"{_W}/finish", "call", calls.finish, "The service is over", c.Empty, _T),
    Route("POST", f"{_W}/absent", "call", calls.absent, "The customer did not come", c.AbsentRequest, _T),
    Route("POST", f"{_W}/rating", "rate", rating_calls.rate, "The customer says how it was, at the window's display",
          RatingRequest, {204: None}),
    Route("POST", f"{_W}/redirect", "redirect", calls.redirect, "Redirect a window, or undo it", c.RedirectRequest,
          {200: dict[str, Any]}),
    Route("POST", f"{_W}/redirect/answer", "answer_proposal", calls.answer_proposal, "Answer a proposed redirect",
          c.RedirectRequest, {200: dict[str, Any]}),
    Route("GET", f"{_W}/redirect/preview", "preview_redirect", calls.preview_redirect, "What a redirect does to waits",
          None, {200: Detour}),
    Route("GET", "/devices", "read_devices", calls.read_devices, "All devices", None,
          {200: dict[str, tuple[c.DeviceRow, ...]]}),
    Route("GET", f"{_D}/figures", "repair", calls.read_figures, "Downtime, failures, repairs, customers, paper", None,
          {200: c.DeviceFigures}, ("from", "to")),
    Route("POST", f"{_D}/fault", "declare_fault", calls.declare_fault, "Declare a device faulty", c.FaultRequest, _ROW),
    Route("POST", f"{_D}/repair", "repair", calls.repair, "A repair makes progress", c.RepairRequest, _ROW),
    Route("POST", f"{_D}/test", "repair", calls.test_device, "Print a test slip, show a pattern", c.Empty, _ROW),
    Route("POST", f"{_D}/verify", "repair", calls.verify, "Verify a repair", c.VerifyRequest, _ROW),
    Route("GET", "/devices/report", "repair", replace_calls.read_report, "Repair or replace: all devices", None,
          {200: DeviceReport}),
    Route("GET", "/repairs", "repair", replace_calls.read_repairs, "The repairs of a year", None,
          {200: Repairs}, ("device",)),
    Route("POST", f"{_D}/trial", "replace", replace_calls.try_unit, "Try a unit before it takes the device's place",
          m.TrialRequest, _ROW),
    Route("POST", f"{_D}/replace", "replace", replace_calls.replace, "Put another unit in a device's place",
          m.ReplaceRequest, _ROW),
    Route("POST", f"{_D}/roll", "repair", replace_calls.roll, "A new roll of paper, or the stock", m.RollRequest, _ROW),
    Route("POST", "/stations/<station>/reports", "report", calls.report, "A station's report", c.Report,
          {200: c.ReportAnswer}),
    Route("GET", "/ratings", "read_floor", calls.read_ratings, "What customers said of each window", None,
          {200: c.RatingFigures}, ("from", "to")),
    Route("GET", "/figures", "read_floor", hall_calls.read_day, "The figures of a business day", None,
          {200: dict[str, Any]}, ("day", "within")),
    Route("GET", "/fairness", "read_floor", report_calls.read_fairness, "Who was overtaken on a business day", None,
          {200: dict[str, Any]}, ("day",)),
    Route("GET", "/promises", "read_floor", report_calls.read_promises, "What the estimates of a month were worth",
          None, {200: dict[str, Any]}),
    Route("GET", "/forecast", "read_floor", report_calls.read_forecast, "Expected demand and windows of a date", None,
          {200: dict[str, Any]}, ("day",)),
    Route("GET", "/floor", "read_floor", hall_calls.read_floor, "The manager's floor view", None, {200: c.FloorView}),
    Route("POST", "/day/open", "day", hall_calls.open_day, "Open the business day", c.OpenDayRequest,
          {200: dict[str, Any]}),
    Route("POST", f"{_W}/pause/answer", "supervise", day_calls.answer_leave, "Let a clerk leave, or not",
          c.LeaveAnswer, _DAY),
    Route("POST", f"{_W}/drain", "supervise", day_calls.drain, "A window takes nobody new and closes", c.DrainRequest,
          _DAY),
    Route("POST", f"{_W}/reopen", "supervise", day_calls.keep_open, "A draining window goes on calling", c.Empty, _DAY),
    Route("POST", f"{_W}/substitute", "supervise", day_calls.substitute, "A window helps another service",
          c.SubstituteRequest, _DAY),
    Route("POST", f"{_W}/handover", "pause", day_calls.hand_over, "Write what the next clerk has to know",
          c.HandoverRequest, {200: c.HandoverRow}),
    Route("POST", f"{_W}/session", "take_over", day_calls.take_over, "Have a window that another clerk had",
          TakeOverRequest, {200: c.WindowDay}),
    Route("POST", f"{_W}/handover/sign", "pause", day_calls.sign_handover, "The next clerk has read it", c.Empty,
          {200: c.HandoverRow}),
    Route("GET", "/day", "read_floor", day_calls.read_day, "The hall's day", None, _DAY),
    Route("POST", "/day/close", "day", day_calls.close_day, "Close the business day", c.CloseDayRequest, _ROWS),
    Route("POST", "/day/sign-off", "day", day_calls.sign_off, "Sign the closing check off", c.SignOffRequest, _DAY),
    Route("POST", "/day/check", "check", check_calls.start_check, "Check all devices before opening", c.Empty,
          {200: c.ChecksView}),
    Route("GET", "/checks", "check", check_calls.read_checks, "Opening check and inspections", None,
          {200: c.ChecksView}),
    Route("POST", f"{_D}/confirm", "check", check_calls.confirm, "Say that a device was looked at", c.ConfirmRequest,
          {200: c.ChecksView}),
    Route("POST", f"{_D}/inspect", "check", check_calls.inspect, "Carry out an inspection", c.InspectRequest,
          {200: c.ChecksView}),
    Route("POST", f"{_D}/fixed", "declare_fault", check_calls.fixed, "A device was helped at once", c.FixedRequest,
          _ROW),
    Route("GET", "/content", "content", content_calls.read_content, "What the hall tells its customers", None,
          {200: cm.ContentView}),
    Route("POST", "/content/parts", "content", content_calls.send_part, "Send a part of a picture or film",
          cm.PartRequest, {200: cm.PartAnswer}),
    Route("POST", "/content", "content", content_calls.add, "Put something up for its days", cm.ContentRequest,
          {201: cm.ContentRow}),
    Route("POST", "/content/<content>/revise", "content", content_calls.revise, "Let it say something else",
          cm.ReviseRequest, {200: cm.ContentRow}),
    Route("POST", "/notices/<notice>", "notice", notice_calls.post, "Put a notice on the TV for today", c.Empty,
          notice_calls.ANSWERS),
    Route("POST", "/notices/<notice>/lift", "notice", notice_calls.lift, "Take it away", c.Empty, {204: None}),
    Route("GET", "/guide", "read_guide", content_calls.read_guide, "What customers can look up", None,
          {200: cm.GuideView}),
    Route("POST", "/content/<content>/remove", "content", content_calls.remove, "Take it away", c.Empty, {204: None}),
    Route("POST", "/complaints", "complain", complaint_calls.complain, "A customer complains", pm.ComplaintRequest,
          {201: pm.ComplaintMade}),
    Route("GET", "/complaints", "complaints", complaint_calls.read_complaints, "All complaints", None,
          {200: pm.ComplaintsView}),
    Route("POST", f"{_P}/take", "complaints", complaint_calls.take, "Somebody sees to it until a day", pm.TakeRequest,
          {200: pm.ComplaintRow}),
    Route("POST", f"{_P}/note", "complaints", complaint_calls.note, "Something was done about it", pm.NoteRequest,
          {200: pm.ComplaintRow}),
    Route("POST", f"{_P}/close", "complaints", complaint_calls.close, "What came of it", pm.CloseRequest,
          {200: pm.ComplaintRow}),
    Route("GET", "/emergency", "find_ticket", emergency_calls.read, "Whether an alarm stands", None, {200: AlarmView}),
    Route("POST", "/emergency", "emergency", emergency_calls.start, "Raise the alarm: call nobody, tell everybody",
          EmergencyRequest, {200: AlarmView}),
    Route("POST", "/emergency/lift", "emergency", emergency_calls.lift, "The danger is over", c.Empty,
          {200: AlarmView}),
    Route("GET", "/journal", "read_journal", hall_calls.read_journal, "The journal after a row number", None,
          {200: dict[str, Any]}, ("after",)),
    Route("POST", "/config/apply", "config", hall_calls.apply_config, "Take the settings file into force", c.Empty,
          {200: dict[str, Any]}),
    Route("GET", "/admin/settings", "config", admin_calls.read, "The settings as they stand in the file", None,
          {200: am.AdminView}),
    Route("POST", "/admin/services", "config", admin_calls.add_service, "Add a service", am.NewServiceRequest,
          _ADOPTED),
    Route("POST", "/admin/services/<service>", "config", admin_calls.put_service, "Change a service",
          am.ServiceRequest, _ADOPTED),
    Route("POST", "/admin/services/<service>/remove", "config", admin_calls.drop_service, "Take a service away",
          am.VersionRequest, _ADOPTED),
    Route("POST", "/admin/windows", "config", admin_calls.add_window, "Add a window", am.NewWindowRequest, _ADOPTED),
    Route("POST", "/admin/windows/<window>", "config", admin_calls.put_window, "Change a window", am.WindowRequest,
          _ADOPTED),
    Route("POST", "/admin/windows/<window>/remove", "config", admin_calls.drop_window, "Take a window away",
          am.VersionRequest, _ADOPTED),
    Route("POST", "/admin/kiosks/<kiosk>", "config", admin_calls.put_kiosk, "Change a kiosk", am.KioskRequest,
          _ADOPTED),
    Route("POST", "/admin/calendar", "config", admin_calls.put_calendar, "Change the calendar", am.CalendarRequest,
          _ADOPTED),
    Route("POST", "/admin/policy", "config", admin_calls.put_policy, "Change who is next, and the rules of the day",
          am.PolicyRequest, _ADOPTED),
    Route("POST", "/admin/calendar/preview", "config", admin_calls.preview, "What screens would say by a calendar",
          am.PreviewRequest, {200: am.Preview}),
    Route("GET", "/webhooks", "read_hooks", report_calls.read_hooks, "How all webhooks do", None, {200: Hooks}),
    Route("POST", "/webhooks/<webhook>/test", "config", report_calls.test_hook, "Send a test to a webhook", c.Empty,
          {200: HookTried}),
    Route("POST", "/webhooks/<webhook>/replay", "config", report_calls.replay_hook,
          "Send everything from a row of the journal on once more", ReplayRequest, {200: HookRow}),
    Route("GET", "/me", "public", hall_calls.who_am_i, "Whom this token stands for", None, {200: dict[str, Any]}),
    Route("POST", "/tokens", "tokens", hall_calls.create_token, "Create a bearer token", c.TokenRequest,
          {201: c.Secret}),
    Route("GET", "/tokens", "tokens", hall_calls.read_tokens, "Who holds a token or session", None,
          {200: dict[str, Any]}),
    Route("POST", "/tokens/<token>/revoke", "tokens", hall_calls.revoke_token, "End a token or session", c.Empty,
          {204: None}),
    Route("POST", "/links", "tokens", hall_calls.create_link, "Create a sign-in link", c.TokenRequest, {201: c.Secret}),
)  # fmt: skip
