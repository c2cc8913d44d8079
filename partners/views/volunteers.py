"""Volunteers of the municipalities somebody serves; erased on request."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import PageView
from audit.recording import record
from partners import actions, finding
from partners.forms.network import VolunteerForm
from partners.models import Volunteer
from partners.services import network as services
from partners.views.base import NetworkActView, NetworkMixin, NetworkWriteView
from ui.notes import notify


class VolunteersView(NetworkMixin, PageView):
    """Who helps with what, in which languages."""

    permission = "network.view"
    template_name = "partners/volunteers.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = finding.Wanted.of(request.GET.dict())
        rows = list(finding.volunteers(self.actor, wanted))
        record(self.actor, actions.VOLUNTEERS_VIEWED, kind="volunteer", count=len(rows))
        return self.render(
            {
                "volunteers": [(row, row.is_stale(self.today)) for row in rows],
                "wanted": wanted,
                "page": "volunteers",
                **finding.choices(),
            }
        )


class VolunteerView(NetworkMixin, PageView):
    """One volunteer, what she signed, and how she is reached."""

    permission = "network.view"
    template_name = "partners/volunteer.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record(self.actor, actions.VOLUNTEERS_VIEWED, kind="volunteer", count=1)
        row = self.volunteer
        return self.render(
            {
                "volunteer": row,
                "languages": list(row.languages.all()),
                "is_stale": row.is_stale(self.today),
                "certificate_is_over": row.certificate_until is not None
                and row.certificate_until < self.today,
                "may_curate": self.may_curate,
            }
        )


class VolunteerNewView(NetworkWriteView):
    permission = "network.edit"
    form_class = VolunteerForm
    form_code = "network.volunteer"
    title = gettext_lazy("New volunteer")
    lead = gettext_lazy(
        "Please tell the person that she is kept here and for what. On request the entry is erased at once."
    )

    def why_no_form(self) -> str:
        if self.scope.municipalities:
            return ""
        return _("Nothing new can be entered here without a municipality.")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": Volunteer()}

    def form_valid(self, form: VolunteerForm) -> object:
        return services.keep_volunteer(self.actor, form.record(), form.cleaned_data["languages"])

    def success_url(self, result: Volunteer) -> str:
        notify(self.request, _("The volunteer is entered."))
        return result.get_absolute_url()

    def cancel_url(self) -> str:
        return reverse("network:volunteers")


class VolunteerEditView(NetworkWriteView):
    permission = "network.edit"
    form_class = VolunteerForm
    form_code = "network.volunteer_edit"
    title = gettext_lazy("Correct a volunteer")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.volunteer}

    def form_valid(self, form: VolunteerForm) -> object:
        return services.keep_volunteer(
            self.actor,
            form.record(),
            form.cleaned_data["languages"],
            expected_version=form.expected_version,
        )

    def cancel_url(self) -> str:
        return self.volunteer.get_absolute_url()


class VolunteerConfirmView(NetworkActView):
    permission = "network.edit"
    done = gettext_lazy("Confirmed: the entry is as it stands here.")

    def act(self) -> None:
        services.confirm(self.actor, self.volunteer)

    def back(self) -> str:
        return self.volunteer.get_absolute_url()


class VolunteerEraseView(NetworkActView):
    permission = "network.curate"
    done = gettext_lazy("The volunteer is erased.")

    def act(self) -> None:
        services.erase_volunteer(self.actor, self.volunteer)

    def back(self) -> str:
        return reverse("network:volunteers")
