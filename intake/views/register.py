"""A new file."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client
from clients.rules.dates import age_text
from clients.services.duplicate_dismissals import register_another_person
from clients.services.duplicates import Findings, find_duplicates
from clients.views.base import WriteView
from intake.forms import register as file_forms
from intake.services.inbox import why_nothing_new
from ui.notes import notify


class ClientRegisterView(WriteView):
    """A new file, with a warning when the person may have one already."""

    permission = "client.register"
    template_name = "intake/client_register.html"
    form_class = file_forms.RegisterForm
    form_code = "client.register"
    title = gettext_lazy("Register a person")
    submit_label = gettext_lazy("Open file")

    def why_no_form(self) -> str:
        return why_nothing_new(self.request.user, self.today)

    def form_valid(self, form: file_forms.RegisterForm) -> object:
        decided = form.cleaned_data["another_person"]
        found = find_duplicates(self.actor, form.traits, announce=not decided)
        if found and not decided:
            form.show_findings(found)
            return self.show(form, status=422)
        client = register_another_person(
            self.actor,
            form.record(),
            form.dismissed(found),
            facts=form.facts,
            to_inbox=form.cleaned_data["destination"] == "inbox",
        )
        notify(self.request, _("The file %(case_no)s was opened.") % {"case_no": client.case_no})
        return client

    def show(self, form: file_forms.RegisterForm, **kwargs: Any) -> HttpResponse:
        found: Findings = form.findings
        duplicates = [
            {
                "client": duplicate.client,
                "age": age_text(duplicate.client.birth, self.today),
                "suspicion": duplicate.suspicion,
                "in_inbox": duplicate.in_inbox,
            }
            for duplicate in found.duplicates
        ]
        warned: dict[str, Any] = {
            "duplicates": duplicates,
            "announced": found.announced,
            "pause": found.pause,
        }
        return super().show(form, **warned, **kwargs)

    def success_url(self, result: Client) -> str:
        if result.manager_id is None:
            return reverse("intake:inbox")
        return result.get_absolute_url()

    def cancel_url(self) -> str:
        return reverse("clients:list")
