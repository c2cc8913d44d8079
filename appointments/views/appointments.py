"""The appointments of a file."""

from abc import abstractmethod
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Scope
from accounts.models import User
from accounts.records import StaleRecord
from appointments import actions, wording
from appointments.choices import AppointmentState, Excuse, InterpreterNeed
from appointments.due import outcome_buttons
from appointments.forms.appointment import DetailsForm, busy_text, closed_calendar_text
from appointments.models import Appointment, AppointmentOutcome, Contact
from appointments.planning import closed_texts, rooms_for
from appointments.reminders import reminder_of
from appointments.rules.appointment import is_undecided, legal_outcomes
from appointments.services import appointments as services
from appointments.services.appointments import Busy, IllegalOutcome
from appointments.views import posted_version
from clients.models import Client
from clients.views.base import FileMixin, FilePage, FileWriteView
from ui.htmx import hx_redirect, is_htmx, pressed, safe_next
from ui.notes import notify

EXCUSES = {"excused": Excuse.EXCUSED, "unexcused": Excuse.UNEXCUSED, "undecided": Excuse.UNDECIDED}


def holders(client: Client, user: User, acting_for: int | None) -> list[Any]:
    """In whose calendar an appointment of this file may go: one's own, or that of whom one stands in for."""
    if acting_for is None:
        return [user]
    return [user, get_user_model()._default_manager.get(pk=acting_for)]


def is_visible(appointment: Appointment, user: User) -> bool:
    """Whether the user may see the file of an appointment that is in the way."""
    return Appointment.objects.visible_to(user).filter(pk=appointment.pk).exists()


def busy_said(busy: Busy, user: User, scope: Scope) -> str:
    """What is in the way: of a calendar that is not the user's to look at, only that it is not free then."""
    if busy.other.manager_id != user.pk and busy.other.manager_id not in scope.caseloads:
        return closed_calendar_text(busy)
    visible = isinstance(busy.other, Appointment) and is_visible(busy.other, user)
    return busy_text(busy, visible=visible)


class OneAppointment(FileMixin, abstract=True):
    """Finds the appointment of the address in the file let into."""

    @property
    def appointment(self) -> Appointment:
        if not hasattr(self, "_found"):
            rows = Appointment.objects.visible_to(self.request.user).of(self.client)
            rows = rows.select_related("client", "manager", "recorded_by", "moved_to", "invited_by", "room")
            self._found: Appointment = self.child_or_404(rows, uuid=self.kwargs["appointment"])
        return self._found

    def address(self, name: str = "appointment") -> str:
        """The address of a page of this appointment."""
        return reverse(f"file_appointments:{name}", args=[self.client.uuid, self.appointment.uuid])


def latest_outcome(appointment: Appointment, user: User) -> AppointmentOutcome | None:
    """The outcome that stands."""
    rows = AppointmentOutcome.objects.visible_to(user).filter(appointment=appointment).select_related("by")
    found: AppointmentOutcome | None = rows.last()
    return found


class AppointmentView(OneAppointment, FilePage):
    """One appointment: what is planned, its outcomes so far, and what can be done about it."""

    permission = "appointment.list"
    read_action = actions.APPOINTMENT_VIEWED
    template_name = "appointments/appointment_detail.html"

    def page(self) -> dict[str, Any]:
        appointment = self.appointment
        planned = appointment.state == AppointmentState.PLANNED
        legal = legal_outcomes(appointment.channel, appointment.starts_at, self.now)
        moved = appointment.state == AppointmentState.MOVED
        choices = (
            [] if moved else [state for state in AppointmentState if state in legal and state != "moved"]
        )
        return {
            "appointment": appointment,
            "text": wording.appointment_text(appointment),
            "state_text": wording.outcome_text(appointment.state, appointment.excuse),
            "is_planned": planned,
            "is_undecided": is_undecided(
                appointment.state, appointment.excuse, appointment.starts_at, self.now
            ),
            "is_no_show": appointment.state == AppointmentState.NO_SHOW,
            "outcomes": [state for state in choices if state != appointment.state],
            "quick": outcome_buttons(appointment),
            "may_move": planned,
            "may_confirm": planned and not appointment.agreed_with_client,
            "may_take_over": planned and appointment.manager_id is None,
            "may_take_back": not planned and not moved,
            "interpreter_open": planned
            and appointment.interpreter in (InterpreterNeed.NEEDED, InterpreterNeed.BOOKED),
            "reminder": reminder_of(self.file.facts, appointment, self.now),
            "history": AppointmentOutcome.objects.visible_to(self.request.user)
            .filter(appointment=appointment)
            .select_related("by"),
            "contact": Contact.objects.visible_to(self.request.user).filter(appointment=appointment).first(),
            "log_url": f"{reverse('file_appointments:contact_new', args=[self.client.uuid])}"
            f"?appointment={appointment.uuid}",
        }


class AppointmentEditView(OneAppointment, FileWriteView):
    """Change place, channel, matter or interpreter."""

    permission = "appointment.edit"
    form_class = DetailsForm
    form_code = "appointment_details"
    title = gettext_lazy("Change appointment")
    submit_label = gettext_lazy("Save")

    def object_key(self) -> str:
        return str(self.appointment.uuid)

    def form_kwargs(self) -> dict[str, Any]:
        return {"appointment": self.appointment, "rooms": rooms_for(self.client)}

    def form_valid(self, form: DetailsForm) -> Appointment:
        changed = services.change_details(self.actor, form.changed(), expected_version=form.expected_version)
        span = changed.starts_at, changed.ends_at
        notify(self.request, " ".join([_("Appointment saved."), *closed_texts(changed.room, span)]))
        return changed

    def success_url(self, result: object) -> str:
        return self.address()

    def cancel_url(self) -> str:
        return self.address()


class AppointmentAct(OneAppointment, abstract=True):
    """A button on an appointment: one service call, then back to where it was pressed."""

    http_method_names = ["post"]
    permission = "appointment.edit"
    edits = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return hx_redirect(request, self.act())
        except StaleRecord:
            return self.too_late()
        except IllegalOutcome:
            self.refuse(_("This outcome is not possible now. Please look at the appointment."))
        except Busy as busy:
            self.refuse(busy_said(busy, self.request.user, self.scope))
        return hx_redirect(request, self.address())

    @abstractmethod
    def act(self) -> str:
        """Do it; returns where to go."""

    def too_late(self) -> HttpResponse:
        """Somebody else changed the appointment meanwhile."""
        self.refuse(_("This appointment was changed in the meantime. Please look at it again."))
        return hx_redirect(self.request, self.address())

    def refuse(self, text: str) -> None:
        messages.warning(self.request, text)

    @property
    def expected_version(self) -> int:
        """The version of the page the button stood on; without one the present version."""
        return posted_version(self.request, self.appointment)


class AppointmentOutcomeView(AppointmentAct):
    """Record what became of an appointment; who came is logged next."""

    permission = "appointment.edit"

    def act(self) -> str:
        value = pressed(self.request, "outcome")
        former = self.appointment.state, self.appointment.excuse
        excuse = EXCUSES.get(value) or EXCUSES.get(self.request.POST.get("excuse", ""), Excuse.UNDECIDED)
        outcome = AppointmentState.NO_SHOW if value in EXCUSES else value
        if outcome not in AppointmentState.values:
            raise IllegalOutcome
        stored = services.record_outcome(
            self.actor,
            self.appointment,
            outcome,
            excuse=excuse,
            reason=self.request.POST.get("reason", "").replace("\x00", "")[:200],
            expected_version=self.expected_version,
        )
        logged = Contact.objects.visible_to(self.request.user).filter(appointment=self.appointment)
        said = _("Outcome recorded: %(outcome)s.") % {"outcome": wording.outcome_text(outcome, excuse)}
        back = safe_next(self.request, self.address())
        # Where it was pressed the line is gone or says something else: one slip of the thumb, one tap back.
        notify(self.request, said, undo_url=self.undo_url(stored, former, back))
        if outcome in (AppointmentState.HELD, AppointmentState.NOT_MET) and not logged.exists():
            log = reverse("file_appointments:contact_new", args=[self.client.uuid])
            return f"{log}?{urlencode({'appointment': str(self.appointment.uuid), 'next': back})}"
        return back

    def too_late(self) -> HttpResponse:
        """Say who recorded which outcome first; what was typed stands in the page again."""
        first = latest_outcome(self.appointment, self.request.user)
        if first is None:
            return super().too_late()
        if is_htmx(self.request):
            self.refuse(wording.settled_text(first))
            return hx_redirect(self.request, self.address())
        page = AppointmentView()
        page.setup(self.request, *self.args, **self.kwargs)
        page.client, page.acting_for = self.client, self.acting_for
        page.record_read(page.read_action)
        typed = {"refused": wording.settled_text(first), "reason": self.request.POST.get("reason", "")}
        return page.render({**page.page(), **typed}, status=409)

    def undo_url(self, stored: Appointment, former: tuple[str, str], back: str) -> str:
        """The button that puts the former outcome back; empty when nothing changed or that was an undo."""
        state, excuse = former
        if (state, excuse) == (stored.state, stored.excuse) or "outcome" in self.request.GET:
            return ""
        outcome = excuse if state == AppointmentState.NO_SHOW else state
        query = {"outcome": outcome, "version": str(stored.version), "next": back}
        return f"{self.request.path}?{urlencode(query)}"


class AppointmentConfirmView(AppointmentAct):
    """The client agreed to a date that our letter had set."""

    permission = "appointment.edit"

    def act(self) -> str:
        services.confirm_with_client(self.actor, self.appointment, expected_version=self.expected_version)
        notify(self.request, _("Noted: agreed with the client."))
        return safe_next(self.request, self.address())


class AppointmentInterpreterView(AppointmentAct):
    """The interpreter is booked or has confirmed."""

    permission = "appointment.edit"

    def act(self) -> str:
        state = pressed(self.request, "interpreter") or InterpreterNeed.CONFIRMED
        if state not in InterpreterNeed.values:
            raise IllegalOutcome
        appointment = self.appointment
        former, appointment.interpreter = appointment.interpreter, state
        stored = services.change_details(self.actor, appointment, expected_version=self.expected_version)
        back = safe_next(self.request, self.address())
        undo = urlencode({"interpreter": former, "version": str(stored.version), "next": back})
        notify(
            self.request,
            _("Interpreter: %(state)s.") % {"state": InterpreterNeed(state).label},
            undo_url="" if "interpreter" in self.request.GET else f"{self.request.path}?{undo}",
        )
        return back


class AppointmentTakeOverView(AppointmentAct):
    """Put an appointment nobody holds into one's own calendar."""

    permission = "appointment.edit"

    def act(self) -> str:
        services.take_over(self.actor, self.appointment, expected_version=self.expected_version)
        notify(self.request, _("The appointment is in your calendar now."))
        return safe_next(self.request, self.address())
