"""Logging a consultation: choosing the person, then the one form in their file."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import PageView
from accounts.permissions import may
from accounts.records import uuid_of
from appointments import attempts
from appointments.choices import ArrivalOutcome, Channel
from appointments.file_rows import LOG_TABLES
from appointments.forms.find import FindForm
from appointments.forms.log import LogForm
from appointments.forms.quick import buttons, quick_values
from appointments.models import Appointment, Contact
from appointments.rules.entry import fits, usual_result
from appointments.services import contacts as services
from appointments.services.appointments import Busy, IllegalOutcome
from appointments.services.undo import TooLate, undo_log
from appointments.views.appointments import busy_said, holders
from appointments.views.arrivals import ForArrival
from appointments.views.contacts import household_of
from clients import drafts
from clients.file_rows import rows_of
from clients.models import Client, Topic
from clients.services.files import reopen
from clients.services.search import search_clients
from clients.views.base import FileMixin, FileWriteView
from integration_plans.services.progress import progress_fields
from ui.htmx import fragment_response, hx_redirect, is_htmx, safe_next
from ui.links import reverse
from ui.notes import notify

RECENT = 8


class PersonChooseView(ForArrival, PageView):
    """ "Beratung erfassen" from anywhere: first the person, one tap or by search, then the form in the file."""

    permission = "contact.log"
    template_name = "appointments/person_choose.html"
    fragment_name = "appointments/_person_results.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render({"form": FindForm(), **self.likely()})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "reopen" in request.POST:
            return self.reopen(request)
        form = FindForm(request.POST)
        if not form.is_valid():
            return self.render({"form": form}, status=422)
        if not form.cleaned_data["q"]:
            return self.render({"form": form, **self.likely()})
        # Only a query sent on purpose announces a colleague's file; typing never does.
        result = search_clients(self.actor, form.cleaned_data["q"], announce=not is_htmx(request))
        open_files = [client for client in result.clients if not client.is_closed]
        if len(result.clients) == len(open_files) == 1 and not is_htmx(request):
            return hx_redirect(request, self.log_url(open_files[0]))
        return self.render(
            {
                "form": form,
                "searched": True,
                "q": form.cleaned_data["q"],
                "found": result.clients,
                "reopenable": [client.pk for client in result.clients if self.may_reopen(client)],
                "more": result.more,
                "announced": result.announced,
                "pause": result.pause,
                "file": self.open_file(),
            }
        )

    def may_reopen(self, client: Client) -> bool:
        """Whether a closed file is the user's own to open again."""
        as_stand_in = self.actor.acting_for(client) is not None
        return client.is_closed and may(self.request.user, "client.reopen", as_stand_in=as_stand_in)

    def reopen(self, request: HttpRequest) -> HttpResponse:
        """Open a closed file again, and on to its log."""
        rows = Client.objects.visible_to(self.request.user)
        key = uuid_of(request.POST["reopen"])
        client: Client | None = rows.filter(uuid=key).first() if key else None
        if client is None:
            raise Http404
        if client.is_closed:
            try:
                reopen(self.actor, client, on=self.today, reason=_("A consultation is logged."))
            except ValidationError as refused:
                messages.warning(request, " ".join(refused.messages))
                return hx_redirect(request, client.get_absolute_url())
            notify(request, _("The file is open again."))
        return hx_redirect(request, self.log_url(client))

    def log_url(self, client: Client) -> str:
        """The form in the file."""
        return reverse("file_appointments:contact_new", args=[client.uuid]) + self.arrival_query

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(hide_primary_action=True, arrival_query=self.arrival_query, **extra)

    def open_file(self) -> Client | None:
        """The file she comes from, named in the address."""
        key = uuid_of(self.request.GET.get("file", ""))
        rows = Client.objects.editable_by(self.request.user)
        found: Client | None = rows.filter(uuid=key).first() if key else None
        return found

    def likely(self) -> dict[str, Any]:
        """The open file and nobody else; without one the clients of today, then those logged last."""
        if "file" in self.request.GET and (client := self.open_file()) is not None:
            return {"file": client, "likely": [client]}
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
        return {"likely": list(people.values())[:RECENT]}


class ContactLogView(ForArrival, FileWriteView):
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
            "household": partial(household_of, self.client, self.request.user, self.now),
            "goals": progress_fields(self.client, self.request.user, self.now),
            "appointment": self.appointment,
            "holders": holders(self.client, self.request.user, self.acting_for),
            "presets": self.presets(),
            "asks_result": "channel" in self.request.GET,
        }

    def presets(self) -> dict[str, Any]:
        """What the link that led here already knows."""
        asked = self.request.GET
        if "quick" in asked:
            return quick_values(asked["quick"], self.client, self.topics)
        if asked.get("channel") not in Channel.values:
            return self.arrival_presets()
        channel, result = asked["channel"], asked.get("result", "")
        if not result or not fits(channel, result):
            result = usual_result(channel).value
        return {"channel": channel, "result": result}

    def topics(self) -> list[Topic]:
        """The topics offered, loaded with the rows of the file."""
        return list(rows_of(self.client, LOG_TABLES)[Topic])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "find_people" in request.POST:
            return self.find_people(request)
        if "show_goals" in request.POST:
            return self.show_goals(request)
        if "quick" in request.POST:
            return self.fill_in(request)
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

    def fill_in(self, request: HttpRequest) -> HttpResponse:
        """A quick entry: what is always the same is filled in, what was typed stays and is kept as a draft."""
        typed = request.POST.copy()
        for name, value in quick_values(str(typed["quick"]), self.client, self.topics).items():
            typed.setlist(name, value if isinstance(value, list) else ["" if value is None else str(value)])
        if typed.get("note", "").strip():
            self.keep(typed)
        return self.show(self.make_form(restored=typed))

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
                appointment=form.settled(),
            )
        except Busy as busy:
            form.add_error("next_at", busy_said(busy, self.request.user, self.scope))
            return None
        except IllegalOutcome:
            form.add_error(None, _("The appointment cannot have this outcome now. Please look at it first."))
            return None
        self.finish_arrival(ArrivalOutcome.OWN)
        if form.removed_notice:
            messages.info(self.request, form.removed_notice)
        remarks = attempts.remarks_on(self.client, contact, self.now)
        undo = ""
        if not form.goal_progress() and not self.arrival_query:
            address = reverse("file_appointments:contact_undo", args=[self.client.uuid, contact.uuid])
            undo = f"{address}?{urlencode({'next': self.request.get_full_path()})}"
        notify(self.request, " ".join([_("Saved."), *remarks]), undo_url=undo)
        return contact

    def saved(self, result: Any) -> HttpResponse:
        """What was typed is kept for as long as saving it can be undone."""
        answer = super().saved(result)
        key = drafts.read(self.request.POST.get("draft_key", ""))
        if key is not None and key.user == self.request.user.pk:
            drafts.keep_sent(key, self.request.POST, self.now)
        return answer

    def success_url(self, result: Any) -> str:
        return self.desk_url() or super().success_url(result)

    def cancel_url(self) -> str:
        return self.desk_url() or super().cancel_url()

    def other_person_url(self) -> str:
        """Choose somebody else; whoever sits at the desk of an office hour comes along."""
        address = f"{reverse('appointments:contact_new')}?file={self.client.uuid}"
        return f"{address}&arrival={self.arrival.uuid}" if self.arrival else address

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(
            appointment=self.appointment,
            quick=buttons(self.client),
            other_person_url=self.other_person_url(),
            hide_primary_action=True,
            **extra,
        )


class ContactUndoView(FileMixin):
    """Takes a log back and opens the form again, with everything that was typed."""

    permission = "contact.log"
    http_method_names = ["post"]
    edits = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = Contact.objects.editable_by(self.request.user).filter(client=self.client)
        contact: Contact = self.child_or_404(rows, uuid=kwargs["contact"])
        try:
            undo_log(self.actor, contact)
        except TooLate:
            messages.warning(request, _("This entry cannot be taken back any more. It can be corrected."))
            return hx_redirect(request, contact.get_absolute_url())
        drafts.bring_back(
            self.request.user, ContactLogView.form_code, str(self.client.uuid), contact.form_token
        )
        notify(request, _("Taken back. What you typed stands here again."))
        form = reverse("file_appointments:contact_new", args=[self.client.uuid])
        return hx_redirect(request, safe_next(request, form))
