"""Times and days as people in the hall read them: its own time zone, both languages."""

from datetime import UTC, datetime, timedelta
from datetime import date as Day
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton

from display.board import Name

DAYS_PER_WEEK = 7


def moment(at: str) -> datetime:
    """A Board's time; one without a zone is UTC."""
    read = datetime.fromisoformat(at)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def clock(at: datetime, timezone: str) -> str:
    return at.astimezone(ZoneInfo(timezone)).strftime("%H:%M")


def date(at: datetime, timezone: str) -> Name:
    """11月21日 星期六 · Sat 21 Nov"""
    return day_name(at.astimezone(ZoneInfo(timezone)).date())


def day_name(day: Day) -> Name:
    """The same of a day that is known by its date."""
    zh = format_skeleton("MMMd", day, locale="zh_CN"), format_date(day, "EEEE", locale="zh_CN")
    return Name(" ".join(zh), format_date(day, "EEE d MMM", locale="en"))


def when(at: str, timezone: str, now: datetime) -> Name:
    """The time of day, with its date unless that is today's."""
    then, time = moment(at), clock(moment(at), timezone)
    if date(then, timezone) == date(now, timezone):
        return Name(time, time)
    day = date(then, timezone)
    return Name(f"{day.zh} {time}", f"{day.en} {time}")


def when_short(at: str, timezone: str, now: datetime) -> tuple[Name, bool]:
    """The time of day, with the weekday or (a week away) the date unless that is today's; and whether it is."""
    then, time = local_day(moment(at), timezone), clock(moment(at), timezone)
    away = (then - local_day(now, timezone)).days
    if away == 0:
        return Name(time, time), True
    if away < DAYS_PER_WEEK:
        day = Name(format_date(then, "EEE", locale="zh_CN"), format_date(then, "EEE", locale="en"))
    else:
        day = Name(format_skeleton("MMMd", then, locale="zh_CN"), format_date(then, "d MMM", locale="en"))
    return Name(f"{day.zh} {time}", f"{day.en} {time}"), False


def local_day(now: datetime, timezone: str, after_days: int = 0) -> Day:
    """The date where the hall stands."""
    return now.astimezone(ZoneInfo(timezone)).date() + timedelta(days=after_days)
