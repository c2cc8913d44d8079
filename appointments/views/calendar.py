"""The calendar: a day, a week, the agenda, and what a manager keeps about it."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.generic import PageView
from accounts.rules.calendar import add_days
from appointments import actions
from appointments.calendar import Calendar
from appointments.forms.working_hours import WorkingHoursForm
from appointments.models import WorkingHours
from appointments.services.working_hours import set_working_hours
from audit.recording import record
from clients.views.base import WriteView
from ui.due import through_the_day
from ui.links import reverse
from ui.notes import notify

WEEK = 7
VIEWS = {
    "day": pgettext_lazy("calendar", "Day"),
    "week": pgettext_lazy("calendar", "Week"),
    "agenda": pgettext_lazy("calendar", "List"),
}
EARLIEST, LATEST = datetime.date(1900, 1, 8), datetime.date(2200, 1, 1)
"""A week before and after every day must exist."""


def day_asked_for(text: str, otherwise: datetime.date) -> datetime.date:
    """The day an address names; another one for none or for nonsense."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return otherwise
    return day if EARLIEST <= day <= LATEST else otherwise


class CalendarView(PageView):
    """One's own calendar and those one stands in for, as a day, as a week, or as a list for the phone."""

    permission = "appointment.list"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("view", "")
        view = asked if asked in VIEWS else "day"
        day = day_asked_for(request.GET.get("on", ""), self.today)
        calendar = Calendar(self.request.user, self.scope, self.today, self.now)
        return self.render(
            {
                "view": view,
                "day": day,
                "stand_ins": self.scope.stand_ins,
                "views": [
                    {"label": label, "url": self.address(code, day), "current": code == view}
                    for code, label in VIEWS.items()
                ],
                **getattr(self, f"show_{view}")(calendar, day),
            }
        )

    def show_day(self, calendar: Calendar, day: datetime.date) -> dict[str, Any]:
        """The rows of one day, with the week around it."""
        self.template_name = "appointments/day.html"
        (shown,) = calendar.agenda(day, 1, self.address("day", day))
        monday = day - datetime.timedelta(days=day.weekday())
        per_day = calendar.rows.planned_per_day(monday, WEEK)
        record(self.actor, actions.DAY_VIEWED, kind="appointment", count=shown.number)
        return {
            "shown": shown,
            "lines": through_the_day(shown.lines, self.now) if shown.is_today else shown.lines,
            "number": shown.number,
            "week": [
                {
                    "day": of,
                    "url": self.address("day", of),
                    "number": per_day.get(of, 0),
                    "current": of == day,
                }
                for of in (add_days(monday, index) for index in range(WEEK))
            ],
            **self.ways("day", day, 1),
        }

    def show_week(self, calendar: Calendar, day: datetime.date) -> dict[str, Any]:
        """Monday to Sunday, beside each other where there is room."""
        self.template_name = "appointments/week.html"
        monday = day - datetime.timedelta(days=day.weekday())
        days = calendar.week(monday, WEEK)
        number = sum(of.number for of in days)
        record(self.actor, actions.DAY_VIEWED, kind="appointment", count=number)
        return {
            "number": number,
            "last": add_days(monday, WEEK - 1),
            "monday": monday,
            "days": [{"shown": of, "url": self.address("day", of.day)} for of in days],
            **self.ways("week", day, WEEK),
        }

    def show_agenda(self, calendar: Calendar, day: datetime.date) -> dict[str, Any]:
        """The rows of seven days, below the heading of each; days on which nothing is are left out."""
        self.template_name = "appointments/agenda.html"
        days = calendar.agenda(day, WEEK, self.address("agenda", day))
        number = sum(of.number for of in days)
        record(self.actor, actions.DAY_VIEWED, kind="appointment", count=number)
        return {
            "number": number,
            "last": add_days(day, WEEK - 1),
            "days": [of for of in days if of.lines or of.holiday or of.away],
            **self.ways("agenda", day, WEEK),
        }

    def ways(self, view: str, day: datetime.date, step: int) -> dict[str, str]:
        """Addresses before and after, and of today."""
        return {
            "before_url": self.address(view, add_days(day, -step)),
            "today_url": self.address(view, self.today),
            "after_url": self.address(view, add_days(day, step)),
        }

    def address(self, view: str, day: datetime.date) -> str:
        """The address of a day in one of the views."""
        named = {} if view == "day" else {"view": view}
        return f"{reverse('appointments:day')}?{urlencode({**named, 'on': day.isoformat()})}"


class WorkingHoursView(WriteView):
    """A manager says on which weekdays she works from when to when."""

    permission = "calendar.own"
    form_class = WorkingHoursForm
    form_code = "working_hours"
    title = gettext_lazy("Working hours")
    submit_label = gettext_lazy("Save")
    lead = gettext_lazy(
        "Free times are proposed within these hours, and planning outside them is pointed out. "
        "You alone see them, and whoever stands in for you."
    )

    def form_kwargs(self) -> dict[str, Any]:
        kept = WorkingHours.objects.visible_to(self.request.user).filter(valid_until__isnull=True)
        return {"kept": kept, "today": self.today}

    def form_valid(self, form: WorkingHoursForm) -> object:
        return set_working_hours(self.actor, form.week, valid_from=form.cleaned_data["valid_from"])

    def success_url(self, result: object) -> str:
        notify(self.request, _("Your working hours are saved."))
        return reverse("appointments:day")

    def cancel_url(self) -> str:
        return reverse("appointments:day")
