"""Visits inside one file: recording what came of one, asking a colleague, saying by when one is back."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.staff import colleagues, managers_serving
from appointments.choices import Channel
from appointments.models import Appointment
from appointments.services.appointments import Busy
from appointments.views.appointments import busy_said, holders
from clients.models import Client
from clients.views.base import FileMixin, FileWriteView
from clients.views.edit import FileActionView
from outreach.forms.visits import BackByForm, CompanionForm, VisitForm
from outreach.models import VisitCompanion
from outreach.rounds import Stop, round_of
from outreach.rules import current
from outreach.rules.visit import VisitResult
from outreach.services import companions, going_out
from outreach.services import ladders as ladder_services
from outreach.services import rounds as round_services
from outreach.services.addresses import address_of, safety_notes
from outreach.services.visits import NextSteps, last_topic, log_visit, people_at
from outreach.views.rounds import day_of, round_url
from ui.dates import date_de, datetime_de
from ui.htmx import hx_redirect
from ui.notes import notify


class VisitPage(FileWriteView, abstract=True):
    """A form about a visit: what whoever goes there must know stands above it.

    ``?round=`` names the round it was opened from, and leads back to it.
    """

    template_name = "outreach/visit_form.html"

    @cached_property
    def round_day(self) -> datetime.date | None:
        """The day of the round this form was opened from."""
        text = self.request.GET.get("round", "")
        return day_of(text, self.today) if text else None

    @cached_property
    def people(self) -> list[Client]:
        """The client first, then everybody else of the caseload the visit may be about."""
        editable = Client.objects.editable_by(self.request.user)
        together = people_at(self.client, editable, self.round_day or self.today, self.actor)
        stop = self.stop
        on_the_round = stop.people if stop is not None else []
        found = {person.pk: person for person in (self.client, *on_the_round, *together)}
        return [person for person in found.values() if not person.is_closed]

    @cached_property
    def stop(self) -> Stop | None:
        """Where the client stands on the round the form was opened from."""
        if self.round_day is None:
            return None
        found = round_of(self.request.user, self.scope.caseloads, self.round_day, self.now)
        return next((stop for stop in found.stops if self.client in stop.people), None)

    def success_url(self, result: Any) -> str:
        return round_url(self.round_day) if self.round_day is not None else super().success_url(result)

    def cancel_url(self) -> str:
        return round_url(self.round_day) if self.round_day is not None else super().cancel_url()

    def context(self, **extra: Any) -> dict[str, Any]:
        day = self.round_day or self.today
        notes = safety_notes(self.people, day)
        return super().context(
            safety=notes, address=address_of(self.client, day), hide_primary_action=True, **extra
        )


class VisitRecordView(VisitPage):
    """Log a visit: one stop, one result per person."""

    permission = "ladder.act"
    form_class = VisitForm
    form_code = "ladder_visit"
    template_name = "outreach/visit_record.html"
    title = gettext_lazy("Log home visit")
    submit_label = gettext_lazy("Save")

    def form_kwargs(self) -> dict[str, Any]:
        return {
            "people": self.people,
            "now": self.now,
            "holders": holders(self.client, self.request.user, self.acting_for),
            "presets": self.presets(),
        }

    def presets(self) -> dict[str, Any]:
        """What the tap on the round said: nobody was met by a whole family, but who was met is asked of each."""
        found: dict[str, Any] = {}
        if self.round_day is not None and self.round_day < self.today:
            # Whatever the clock says now, it was not then.
            found |= {"date": self.round_day, "time": None}
        result = self.request.GET.get("result", "")
        if result not in VisitResult.values:
            return found
        visits = self.stop.visits if self.stop is not None else []
        due = [visit.client for visit in visits if not visit.result and visit.client.pk != self.client.pk]
        if result == VisitResult.MET:
            found["main_topic"] = last_topic(self.client)
        if result != VisitResult.MET or not due:
            found[VisitForm.name_of(self.client)] = result
        for person in due:
            found[VisitForm.name_of(person)] = "" if result == VisitResult.MET else result
        return found

    def form_valid(self, form: VisitForm) -> models.Model | None:
        steps = NextSteps(
            form.further_topics(), form.follow_up(), form.next_appointment(), self.appointments_on(form)
        )
        try:
            contact = log_visit(
                self.actor, form.contact(), form.results(), note=form.cleaned_data["note"], steps=steps
            )
        except Busy as busy:
            form.add_error("next_at", busy_said(busy, self.request.user, self.scope))
            return None
        why_not = ladder_services.no_step_reason(self.client, contact, self.now)
        notify(self.request, " ".join(filter(None, [_("The visit is logged."), why_not])))
        return contact

    def appointments_on(self, form: VisitForm) -> dict[int, Appointment]:
        """The appointments at home of that day, whose outcome this visit is."""
        rows = Appointment.objects.editable_by(self.request.user).filter(client__in=self.people)
        at_home = rows.planned().filter(channel=Channel.HOME_VISIT).on(form.cleaned_data["date"])
        return {row.client_id: row for row in at_home.order_by("-starts_at", "-pk")}


class CompanionAskView(VisitPage):
    """Ask a colleague of the municipality to come along."""

    permission = "visit.plan"
    form_class = CompanionForm
    form_code = "visit_companion"
    title = gettext_lazy("Ask a colleague to come along")
    submit_label = gettext_lazy("Ask")
    lead = gettext_lazy("Your colleague is told time and address, and nothing else.")

    def why_no_form(self) -> str:
        if self.choices.exists():
            return ""
        return _("Nobody else works in this municipality.")

    @property
    def choices(self) -> models.QuerySet[Any]:
        others = managers_serving([self.client.municipality_id], self.today)
        return others.exclude(pk=self.request.user.pk)

    def form_kwargs(self) -> dict[str, Any]:
        return {"client": self.client, "choices": self.choices, "now": self.now, "presets": self.presets()}

    def presets(self) -> dict[str, Any]:
        """The appointment at home, else the day the visit was announced for."""
        rows = Appointment.objects.visible_to(self.request.user).of(self.client).upcoming(self.now)
        at_home = rows.filter(channel=Channel.HOME_VISIT)
        if self.round_day is not None:
            at_home = at_home.on(self.round_day)
        visit = at_home.order_by("starts_at").first()
        if visit is not None:
            return CompanionForm.presets_of(visit.starts_at, visit.ends_at)
        view = current(ladder_services.ladders_of([self.client], self.now)[self.client.pk])
        return {"date": self.round_day or (view.visit_on if view is not None else None)}

    def form_valid(self, form: CompanionForm) -> object:
        companion = companions.ask_companion(self.actor, form.companion())
        words = {"name": companion.colleague, "at": datetime_de(companion.starts_at)}
        notify(self.request, _("%(name)s is asked for %(at)s.") % words)
        return companion


class CompanionWithdrawView(FileActionView):
    """Call off a visit in pairs."""

    permission = "visit.plan"
    model = VisitCompanion
    done = gettext_lazy("Called off; your colleague's time is free again.")
    edits: ClassVar[bool] = True

    def act(self) -> None:
        companions.withdraw_companion(self.actor, self.row())

    def back(self) -> str:
        day = self.request.POST.get("on", "")
        return round_url(day_of(day, self.today)) if day else self.client.get_absolute_url()


class TakeAlongView(FileMixin):
    """Put a second visit on the round of a day, or take it off."""

    permission = "visit.plan"
    edits = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        day = day_of(request.POST.get("on", ""), self.today)
        on = request.POST.get("take") != "off"
        round_services.take_along(self.actor, self.client, day, on=on)
        said = _("On the round of %(day)s.") if on else _("Off the round of %(day)s.")
        notify(request, said % {"day": date_de(day)})
        return hx_redirect(request, round_url(day))


class BackByView(VisitPage):
    """Say by when one is back, and which colleague is told if one is not."""

    permission = "visit.plan"
    form_class = BackByForm
    form_code = "visit_back_by"
    title = gettext_lazy("Back by")
    submit_label = gettext_lazy("Set off")
    lead = gettext_lazy(
        "When this time passes and you have not noted your return, a line with your name, the time and the address "
        "stands in the day of your colleague. This replaces no emergency call: in danger call 110 or 112."
    )

    def why_no_form(self) -> str:
        if self.choices.exists():
            return ""
        return _("Nobody else works in your municipality.")

    @property
    def choices(self) -> models.QuerySet[Any]:
        return colleagues(self.request.user, self.today)

    def form_kwargs(self) -> dict[str, Any]:
        return {"client": self.client, "choices": self.choices, "now": self.now}

    def form_valid(self, form: BackByForm) -> object | None:
        try:
            out = going_out.go_out(self.actor, form.out())
        except ValidationError as refused:
            form.add_refusal(refused)
            return None
        words = {"name": out.colleague, "at": datetime_de(out.by_at)}
        notify(self.request, _("Back by %(at)s; otherwise %(name)s is told.") % words)
        return out

    def success_url(self, result: Any) -> str:
        return round_url(self.round_day or self.today)
