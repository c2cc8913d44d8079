"""Choosing a time: a new appointment, and another time for one."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.records import StaleRecord
from appointments.actions import DAY_VIEWED
from appointments.choices import InterpreterNeed
from appointments.forms.appointment import (
    IN_A_ROOM,
    USUAL_LENGTH,
    AppointmentForm,
    MoveForm,
    WhenMixin,
)
from appointments.forms.next_steps import NextWanted
from appointments.models import Appointment, Place
from appointments.planning import Plan, Planner, Slot, rooms_for
from appointments.services import appointments as services
from appointments.services.appointments import Busy, IllegalOutcome
from appointments.views.appointments import OneAppointment, busy_said, holders, latest_outcome
from appointments.wording import settled_text
from audit.recording import record
from clients.views.base import FileMixin, FileWriteView
from ui.dates import datetime_de
from ui.htmx import fragment_response, is_htmx
from ui.notes import notify


class PlanningView(FileWriteView, abstract=True):
    """A form that shows the wanted day and proposes free times; looking saves nothing and loses nothing."""

    permission = "appointment.edit"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "look" not in request.POST and "slot" not in request.POST:
            return super().post(request, *args, **kwargs)
        typed = request.POST.copy()
        slot = Slot.read(typed.get("slot", ""))
        for name, value in slot.items():
            typed[name] = value
        form = self.make_form(restored=typed)
        taken_over = {"taken_over": bool(slot)}
        if is_htmx(request):
            context = {"form": form, "plan": self.plan(form), **taken_over}
            return fragment_response(request, "appointments/_when.html", context)
        return self.show(form, **taken_over)

    def show(self, form: Any, **extra: Any) -> HttpResponse:
        return super().show(form, plan=self.plan(form), **extra)

    def plan(self, form: WhenMixin) -> Plan | None:
        """What the form shows about the wanted day; None for a calendar that is not hers to look at."""
        holder = self.holder(form)
        if holder.pk not in self.scope.caseloads:
            return None
        day, span, length = form.wanted()
        planner = Planner(self.request.user, self.scope, holder, self.now, self.leaves_out())
        return planner.look(day or self.today, span, length, self.room(form))

    def holder(self, form: WhenMixin) -> User:
        """In whose calendar it goes, as the form stands."""
        return form.calendars.chosen(str(form.so_far("holder") or "")) or self.request.user

    def leaves_out(self) -> Appointment | None:
        """An appointment that is not in its own way."""
        return None

    def room(self, form: Any) -> Place | None:
        """The place of the service it is to be in, as the form stands."""
        return form.so_far("room") if form.so_far("channel") in IN_A_ROOM else None

    def notify(self, text: str, form: Any) -> None:
        """Say what was done, and what speaks against the time."""
        plan = self.plan(form)
        notify(self.request, " ".join([text, *(plan.warnings if plan else ())]))


class AppointmentNewView(PlanningView):
    """Plan an appointment with a client."""

    form_class = AppointmentForm
    form_code = "appointment"
    title = gettext_lazy("New appointment")
    submit_label = gettext_lazy("Plan appointment")

    def form_kwargs(self) -> dict[str, Any]:
        start = self.next_full_hour()
        needed = InterpreterNeed.NEEDED if self.client.interpreter_needed else InterpreterNeed.NONE
        rooms = rooms_for(self.client)
        return {
            "client": self.client,
            "now": self.now,
            "holders": holders(self.client, self.request.user, self.acting_for),
            "rooms": rooms,
            "presets": {
                "begins": start.time(),
                "ends": (start + USUAL_LENGTH).time(),
                "interpreter": needed,
                "room": first_key(rooms),
            },
        }

    def next_full_hour(self) -> datetime.datetime:
        """A time to start from, within office hours."""
        local = timezone.localtime(self.now)
        hour = min(max(local.hour + 1, 8), 16)
        return local.replace(hour=hour, minute=0, second=0, microsecond=0)

    def form_valid(self, form: AppointmentForm) -> Appointment | None:
        try:
            appointment = services.plan_appointment(
                self.actor, form.appointment(), agreed=form.cleaned_data["agreed"], holder=form.holder()
            )
        except Busy as busy:
            form.add_busy(busy_said(busy, self.request.user, self.scope))
            return None
        self.notify(_("Appointment planned: %(at)s.") % {"at": datetime_de(appointment.starts_at)}, form)
        return appointment


class NextTimesView(FileMixin):
    """The wanted day and free times, for whoever plans the next appointment while logging a talk.

    It stands beside the person who was talked with, so it names nobody else.
    """

    permission = "appointment.edit"
    edits = True
    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_htmx(request):
            # It is part of a form; whoever comes by its address plans an appointment.
            return redirect("file_appointments:appointment_new", self.client.uuid)
        typed = NextWanted(request.GET, prefix=request.GET.get("prefix") or None)
        day, length, holder = typed.wanted(self.today)
        calendars = {str(one.pk): one for one in holders(self.client, self.request.user, self.acting_for)}
        whose = calendars.get(holder) or next(iter(calendars.values()))
        record(self.actor, DAY_VIEWED, client=self.client, kind="appointment")
        plan = Planner(self.request.user, self.scope, whose, self.now).look(day, None, length)
        return fragment_response(request, "appointments/_next_times_found.html", {"plan": plan})


def first_key(rooms: Sequence[Place]) -> int | None:
    """The place that is chosen beforehand."""
    return rooms[0].pk if rooms else None


class AppointmentMoveView(OneAppointment, PlanningView):
    """Give an appointment another time."""

    form_class = MoveForm
    form_code = "appointment_move"
    title = gettext_lazy("Move appointment")
    submit_label = gettext_lazy("Move")

    def object_key(self) -> str:
        return str(self.appointment.uuid)

    def form_kwargs(self) -> dict[str, Any]:
        return {"client": self.client, "now": self.now, "appointment": self.appointment}

    def holder(self, form: WhenMixin) -> User:
        return self.appointment.manager or self.request.user

    def leaves_out(self) -> Appointment:
        return self.appointment

    def room(self, form: Any) -> Place | None:
        return self.appointment.room

    def form_valid(self, form: MoveForm) -> Appointment | None:
        try:
            moved = services.move_appointment(
                self.actor,
                self.appointment,
                form.replacement(),
                expected_version=form.expected_version,
                agreed=form.cleaned_data["agreed"],
                reason=form.cleaned_data["reason"],
            )
        except Busy as busy:
            form.add_busy(busy_said(busy, self.request.user, self.scope))
            return None
        except StaleRecord:
            first = latest_outcome(self.appointment, self.request.user)
            form.settled = settled_text(first) if first else ""
            raise
        except IllegalOutcome:
            form.add_error(None, _("This appointment has an outcome already; plan a new one instead."))
            return None
        self.notify(_("Moved to %(at)s.") % {"at": datetime_de(moved.starts_at)}, form)
        return moved

    def cancel_url(self) -> str:
        return self.address()
