"""Rules look: (hall, command, now) -> facts, or a named refusal. One table finds the rule of a command."""

from collections.abc import Callable
from typing import Any

from hall_server.core import commands
from hall_server.core.commands import Command
from hall_server.core.commands import appointments as appointment_commands
from hall_server.core.commands import away as away_commands
from hall_server.core.commands import checks as check_commands
from hall_server.core.commands import complaints as complaint_commands
from hall_server.core.commands import content as content_commands
from hall_server.core.commands import emergency as emergency_commands
from hall_server.core.commands import help as help_commands
from hall_server.core.commands import life as life_commands
from hall_server.core.commands import materials as material_commands
from hall_server.core.commands import pickups as pickup_commands
from hall_server.core.commands import rolls as roll_commands
from hall_server.core.facts import Fact
from hall_server.core.hall import Hall
from hall_server.core.rules import (
    adopting,
    appointments,
    away,
    checks,
    clock,
    complaints,
    content,
    days,
    devices,
    emergency,
    evenings,
    helping,
    leaving,
    life,
    materials,
    pads,
    paper,
    pickups,
    proofs,
    rated,
    ratings,
    redirects,
    replacing,
    rolls,
    seats,
    speech,
    tickets,
    transfers,
    windows,
)
from hall_server.core.rules import help as help_rules

RULES: dict[type[Any], Callable[[Hall, Any, float], list[Fact]]] = {
    commands.Configure: days.configure,
    commands.Adopt: adopting.adopt,
    commands.OpenDay: days.open_day,
    commands.CloseDay: days.close_day,
    commands.Issue: tickets.issue,
    commands.Cancel: tickets.cancel,
    commands.AnswerSlip: tickets.answer_slip,
    commands.CallNext: windows.call_next,
    commands.CallTicket: windows.call_ticket,
    commands.Pause: leaving.pause,
    commands.Resume: leaving.resume,
    commands.AnswerLeave: leaving.answer,
    commands.HandOver: leaving.hand_over,
    commands.SignHandover: leaving.sign,
    commands.Drain: evenings.drain,
    commands.KeepOpen: evenings.keep_open,
    commands.SignOffDay: evenings.sign_off,
    commands.Substitute: helping.substitute,
    commands.PressKey: pads.press,
    commands.Rate: ratings.rate,
    commands.RateBecause: rated.rate_because,
    commands.Transfer: transfers.transfer,
    commands.Recall: windows.recall,
    commands.Start: windows.start,
    commands.Finish: windows.finish,
    commands.Absent: windows.absent,
    commands.Redirect: redirects.redirect,
    commands.AnswerProposal: redirects.answer,
    commands.DeclareFault: devices.declare,
    commands.AdvanceRepair: devices.advance,
    commands.AskTest: proofs.ask,
    commands.AskTrial: replacing.ask,
    commands.ReportTrial: replacing.report,
    commands.ReplaceDevice: replacing.replace,
    commands.LoadRoll: paper.load,
    commands.CountRolls: paper.count,
    commands.VerifyRepair: devices.verify,
    commands.ReportHealth: devices.report_health,
    commands.ReportSlip: proofs.report_slip,
    commands.ReportShown: proofs.report_shown,
    commands.ReportSpoken: speech.report,
    commands.StationSeen: devices.station_seen,
    check_commands.StartDayCheck: checks.start,
    check_commands.ConfirmDevice: checks.confirm,
    check_commands.Inspect: checks.inspect,
    check_commands.FixByMyself: checks.fix,
    appointment_commands.Book: appointments.book,
    appointment_commands.BookMany: appointments.book_many,
    appointment_commands.ConfirmAppointment: appointments.confirm,
    appointment_commands.CancelAppointment: appointments.cancel,
    appointment_commands.CheckIn: appointments.check_in,
    appointment_commands.ForgetPersons: appointments.forget,
    help_commands.AskHelp: help_rules.ask,
    help_commands.GiveHelp: help_rules.give,
    life_commands.Hold: life.hold,
    life_commands.TakeUp: life.take_up,
    life_commands.Reinstate: life.reinstate,
    life_commands.MarkUrgent: life.mark_urgent,
    life_commands.NoteNeed: life.note_need,
    life_commands.TakeCare: life.take_care,
    life_commands.SendBack: transfers.send_back,
    life_commands.Undo: life.undo,
    material_commands.TellMissing: materials.tell,
    material_commands.PrintMissing: materials.print_again,
    material_commands.ComeBack: materials.come_back,
    pickup_commands.PromisePickUp: pickups.promise,
    pickup_commands.MarkReady: pickups.mark_ready,
    pickup_commands.ComeForPickUp: pickups.come,
    content_commands.AddContent: content.add,
    content_commands.ReviseContent: content.revise,
    content_commands.PostNotice: content.post,
    content_commands.RemoveContent: content.remove,
    content_commands.NotePlayed: content.note_played,
    complaint_commands.Complain: complaints.make,
    complaint_commands.TakeComplaint: complaints.take,
    complaint_commands.NoteComplaint: complaints.note,
    complaint_commands.CloseComplaint: complaints.close,
    emergency_commands.StartEmergency: emergency.start,
    emergency_commands.LiftEmergency: emergency.lift,
    away_commands.Lease: away.lease,
    away_commands.IssueAway: away.issue,
    roll_commands.EnterHandedOut: rolls.hand_out,
    roll_commands.EnterServed: rolls.serve,
    roll_commands.EnterLeft: rolls.leave,
    roll_commands.SpoilNumbers: rolls.spoil,
    commands.Attend: seats.attend,
    commands.FallSilent: seats.fall_silent,
    commands.Tick: clock.tick,
    commands.Grant: days.grant,
    commands.Revoke: days.revoke,
}


def decide(hall: Hall, command: Command, now: float) -> list[Fact]:
    """The facts that a command makes at ``now`` (Unix seconds); raises ``Refused`` and changes nothing."""
    if isinstance(command, commands.AtDesk):
        seats.need_seat(hall, command)
        made = decide(hall, command.command, now)
        seats.need_read(hall, command)
        return made
    return RULES[type(command)](hall, command, now)
