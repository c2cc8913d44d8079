"""Dates as the screens say them: heute, morgen, Mo 18.03., 14.03.2018."""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Moment = date | datetime


def local_day(value: Moment) -> date:
    """The calendar day of a date or an instant, in local time."""
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def local_time(value: datetime) -> time:
    """The clock time of an instant, in local time."""
    return (timezone.localtime(value) if timezone.is_aware(value) else value).time()


def date_de(value: Moment | None) -> str:
    """14.03.2018; an empty string for no date."""
    return "" if value is None else local_day(value).strftime("%d.%m.%Y")


def time_de(value: datetime | time | None) -> str:
    """14:32; an empty string for no time."""
    if value is None:
        return ""
    return (local_time(value) if isinstance(value, datetime) else value).strftime("%H:%M")


def datetime_de(value: datetime | None) -> str:
    """14.03.2018, 14:32; an empty string for no instant."""
    return "" if value is None else f"{date_de(value)}, {time_de(value)}"


def short_date(value: Moment, today: date) -> str:
    """15.03. within the year of ``today``, otherwise 15.03.2020."""
    day = local_day(value)
    return day.strftime("%d.%m." if day.year == today.year else "%d.%m.%Y")


def span(first: date, last: date, today: date) -> str:
    """03.–07.12., 28.11.–03.12. or 28.12.–04.01.2020; one day is 03.12."""
    end = short_date(last, today)
    if first == last:
        return end
    if first.year != last.year:
        return f"{short_date(first, today)}–{end}"
    return f"{first:%d.}–{end}" if first.month == last.month else f"{first:%d.%m.}–{end}"


def day_word(value: Moment, today: date) -> str:
    """heute, morgen or gestern; otherwise weekday and date: Mo 18.03."""
    day = local_day(value)
    word = near_word(day, today)
    return word or f"{date_format(day, 'D')} {short_date(day, today)}"


def near_word(value: Moment, today: date) -> str:
    """heute, morgen or gestern, otherwise an empty string."""
    match (local_day(value) - today).days:
        case 0:
            return _("today")
        case 1:
            return _("tomorrow")
        case -1:
            return _("yesterday")
    return ""


def distance(value: Moment, today: date) -> str:
    """in 4 Tagen, vor 3 Tagen; heute, morgen or gestern when that near."""
    day = local_day(value)
    days = (day - today).days
    if near := near_word(day, today):
        return near
    if days > 0:
        return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
    return ngettext("%(days)s day ago", "%(days)s days ago", -days) % {"days": -days}


def long_day(value: Moment) -> str:
    """Donnerstag, 14. März."""
    return date_format(local_day(value), "l, j. F")


def month_name(value: Moment) -> str:
    """März 2019."""
    return date_format(local_day(value), "F Y")
