"""Logging a consultation: choosing the person, then the one form in their file."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import PageView
from accounts.records import uuid_of
from appointments import attempts
from appointments.choices import Channel
from appointments.file_rows import LOG_TABLES
from appointments.forms.find import FindForm, PersonForm
from appointments.forms.log import LogForm
from appointments.models import Appointment, Contact
from appointments.rules.entry import usual_result
from appointments.services import contacts as services
from appointments.services.appointments import Busy, IllegalOutcome
from appointments.views.appointments import busy_said, holders
from appointments.views.contacts import household_of
from clients.file_rows import rows_of
from clients.models import Client
from clients.services.search import search_clients
from clients.views.base import FileWriteView
from integration_plans.services.progress import progress_fields
from ui.htmx import fragment_response, hx_redirect, is_htmx
from ui.notes import notify

RECENT = 8


class PersonChooseView(PageView):
    """ "Beratung erfassen" from anywhere: first the person, by search, then the form in the file."""

    permission = "contact.log"
    template_name = "appointments/person_choose.html"
    fragment_name = "appointments/_person_results.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render({"form": FindForm(), **self.recent()})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # A choice from the list of an earlier query is no choice.
        is_chosen = "client" in request.POST and request.POST.get("q", "") == request.POST.get("for_q", "")
        if is_chosen and not is_htmx(request):
            return self.go_on(request)
        form = FindForm(request.POST)
        if not form.is_valid():
            return self.render({"form": form}, status=422)
        if not form.cleaned_data["q"]:
            return self.render({"form": form, **self.recent()})
        # Only a query sent on purpose announces a colleague's file; typing never does.
        result = search_clients(self.actor, form.cleaned_data["q"], announce=not is_htmx(request))
        open_files = [client for client in result.clients if not client.is_closed]
        if len(open_files) == 1 and not is_htmx(request):
            return hx_redirect(request, self.log_url(open_files[0]))
        return self.render(
            {
                "form": form,
                "searched": True,
                "q": form.cleaned_data["q"],
                "found": open_files,
                "only_one": len(open_files) == 1 and not result.more,
                "more": result.more,
                "announced": result.announced,
                "pause": result.pause,
            }
        )

    def go_on(self, request: HttpRequest) -> HttpResponse:
        form = PersonForm(request.POST, user=self.request.user)
        if not form.is_valid():
            context = {"form": FindForm(), "choose_error": True, **self.recent()}
            return self.render(context, status=422)
        return hx_redirect(request, self.log_url(form.cleaned_data["client"]))

    def log_url(self, client: Client) -> str:
        """The form in the file."""
        return reverse("file_appointments:contact_new", args=[client.uuid])

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(hide_primary_action=True, **extra)

    def recent(self) -> dict[str, Any]:
        """The most likely clients: today's appointments first, then the clients logged last."""
        user = self.request.user
        today = (
            Appointment.objects.visible_to(user)
            .in_calendars(self.scope.caseloads)
            .on(self.today)
            .select_related("client")
            .order_by("starts_at")[:RECENT]
        )
        last = (
            Contact.objects.editable_by(user)
            .filter(recorded_by=user)
            .select_related("client")
            .order_by("-recorded_at")[:RECENT]
        )
        people = {row.client_id: row.client for row in (*today, *last) if not row.client.is_closed}
        return {"recent": list(people.values())[:RECENT]}


class ContactLogView(FileWriteView):
    """The log of one file: one form for every kind of contact."""

    permission = "contact.log"
    template_name = "appointments/contact_log.html"
    form_class = LogForm
    form_code = "contact_log"
    title = gettext_lazy("Log consultation")
    submit_label = gettext_lazy("Save")

    @property
    def appointment(self) -> Appointment | None:
        """The appointment this contact is the outcome of, named in the address."""
        if not hasattr(self, "_appointment"):
            self._appointment: Appointment | None = None
            key = self.request.GET.get("appointment", "")
            if key:
                rows = Appointment.objects.editable_by(self.request.user).of(self.client)
                self._appointment = rows.filter(uuid=uuid_of(key)).first()
                if self._appointment is None:
                    raise Http404
        return self._appointment

    def form_kwargs(self) -> dict[str, Any]:
        rows_of(self.client, LOG_TABLES)
        return {
            "client": self.client,
            "now": self.now,
            "household": partial(household_of, self.client, self.request.user),
            "goals": progress_fields(self.client, self.request.user, self.now),
            "appointment": self.appointment,
            "holders": holders(self.client, self.request.user, self.acting_for),
            "presets": self.presets(),
        }

    def presets(self) -> dict[str, Any]:
        """What the link that led here already knows."""
        channel = self.request.GET.get("channel", "")
        if channel not in Channel.values:
            return {}
        return {"channel": channel, "result": usual_result(channel).value}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "find_people" in request.POST:
            return self.find_people(request)
        if "show_goals" in request.POST:
            return self.show_goals(request)
        return super().post(request, *args, **kwargs)

    def find_people(self, request: HttpRequest) -> HttpResponse:
        """Search further participants in one's own caseload; the rest of the form is ignored."""
        found = FindForm({"q": request.POST.get("people_q", "")})
        people: list[Client] = []
        if found.is_valid() and found.cleaned_data["q"]:
            result = search_clients(self.actor, found.cleaned_data["q"])
            people = [row for row in result.clients if row.pk != self.client.pk and not row.is_closed][
                :RECENT
            ]
        form = self.form_class(
            None, user=request.user, restored=request.POST, found=people, **self.form_kwargs()
        )
        if is_htmx(request):
            context = {"form": form, "people_searched": True, "people_found": people}
            return fragment_response(request, "appointments/_people.html", context)
        return self.show(form, people_searched=True, people_found=people)

    def show_goals(self, request: HttpRequest) -> HttpResponse:
        """Write the goals into their fold; what was typed so far stays."""
        typed = request.POST.copy()
        if "goals_were" not in typed:
            typed.update(self.make_form().goals_as_stored())
        form = self.make_form(restored=typed)
        if is_htmx(request):
            return fragment_response(request, "appointments/_goals.html", {"form": form})
        return self.show(form)

    def form_valid(self, form: LogForm) -> Contact | None:
        contact = form.contact()
        try:
            services.log_contact(
                self.actor,
                contact,
                participants=form.participants(),
                notes={self.client: form.cleaned_data["note"]},
                topics=form.further_topics(),
                follow_up=form.follow_up(),
                next_appointment=form.next_appointment(),
                goal_progress=form.goal_progress(),
                appointment=self.appointment,
            )
        except Busy as busy:
            form.add_error("next_at", busy_said(busy, self.request.user, self.scope))
            return None
        except IllegalOutcome:
            form.add_error(None, _("The appointment cannot have this outcome now. Please look at it first."))
            return None
        if form.removed_notice:
            messages.info(self.request, form.removed_notice)
        remarks = attempts.remarks_on(self.client, contact, self.now)
        notify(self.request, " ".join([_("Saved."), *remarks]))
        return contact

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(appointment=self.appointment, hide_primary_action=True, **extra)
