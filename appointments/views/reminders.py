"""Reminding a client of an appointment."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.records import DuplicateSubmission
from appointments.services.reminders import mail_reminder, record_reminder
from appointments.views.appointments import OneAppointment
from clients.models import SpokenLanguage
from clients.views.edit import FileActionView
from ui.forms import FormTokenMixin, UiForm
from ui.notes import notify


class ReminderSentForm(FormTokenMixin, UiForm):
    """The button under the texts: in which language one of them was sent."""

    language = forms.ModelChoiceField(
        SpokenLanguage.objects.all(), to_field_name="code", widget=forms.HiddenInput, required=False
    )


class ReminderSentView(OneAppointment, FileActionView):
    """ "Erinnerung gesendet": writes the contact, back to the appointment."""

    permission = "contact.log"

    def act(self) -> None:
        form = ReminderSentForm(self.request.POST)
        if not form.is_valid():
            messages.error(self.request, _("This form is out of date. Please open it again."))
            return
        try:
            record_reminder(self.actor, self.appointment, form.cleaned_data["language"], form.once())
        except DuplicateSubmission:
            pass  # Pressed twice: it is on record.
        except ValidationError as refused:
            messages.error(self.request, " ".join(refused.messages))
            return
        notify(self.request, _("Logged: reminder sent."))

    def back(self) -> str:
        return self.address()


class MailForm(FormTokenMixin, UiForm):
    """The button that sends a reminder by e-mail."""


class ReminderMailView(OneAppointment, FileActionView):
    """ "Erinnerung per E-Mail": writes mail and contact, back to the appointment."""

    permission = "contact.log"

    def act(self) -> None:
        form = MailForm(self.request.POST)
        if not form.is_valid():
            messages.error(self.request, _("This form is out of date. Please open it again."))
            return
        try:
            mail_reminder(self.actor, self.appointment, form.once())
        except DuplicateSubmission:
            pass  # Pressed twice: it is on its way.
        except ValidationError as refused:
            messages.error(self.request, " ".join(refused.messages))
            return
        notify(self.request, _("The reminder goes out by e-mail within a quarter of an hour."))

    def back(self) -> str:
        return self.address()
