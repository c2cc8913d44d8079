"""Where a person lives: moves and corrections, and the protected address."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.choices import GrantKind
from clients.file_context import FileContext
from clients.forms import homes as home_forms
from clients.grants import grant_access
from clients.models import Accommodation, AddressProtection
from clients.services import accommodations, protection
from clients.views.base import FileWriteView
from clients.views.edit import FileActionView, NewRowView, PersonPageMixin, RowEditView
from ui.htmx import hx_redirect
from ui.notes import notify


class AccommodationNewView(NewRowView):
    model = Accommodation
    form_class = home_forms.MoveForm
    form_code = "accommodation.new"
    title = gettext_lazy("New accommodation")

    def form_valid(self, form: home_forms.MoveForm) -> object:
        said = form.cleaned_data
        return accommodations.move_accommodation(
            self.actor,
            form.record(),
            along=list(said.get("along", ())),
            others_stay=said.get("others_stay", False),
        )


class AccommodationEditView(RowEditView):
    model = Accommodation
    form_class = home_forms.AccommodationForm
    form_code = "accommodation.edit"
    title = gettext_lazy("Correct the accommodation")

    def settle_access(self) -> None:
        super().settle_access()
        # The form shows the address, and a draft of it would outlast what a stand-in was granted.
        if self.acting_for is not None and protection.protected_among([self.client]):
            raise PermissionDenied

    def form_valid(self, form: home_forms.AccommodationForm) -> object:
        return accommodations.correct_accommodation(
            self.actor, form.record(), expected_version=form.expected_version
        )


class AddressProtectView(NewRowView):
    permission = "client.protect"
    # The address of a closed file can still be read.
    edits = False
    model = AddressProtection
    form_class = home_forms.ProtectionForm
    form_code = "address.protect"
    title = gettext_lazy("Protect the address")
    submit_label = gettext_lazy("Protect")
    lead = gettext_lazy(
        "From then on the address stands on one page of this file only. Lists, rounds, the household, prints, "
        "calendars and figures do not show it, and a stand-in reads it after giving a reason."
    )

    def form_valid(self, form: home_forms.ProtectionForm) -> object:
        along = [member.client for member in form.cleaned_data.get("along", ())]
        return protection.protect_address(self.actor, form.record(), along=along)


class ProtectionEndView(FileActionView):
    permission = "client.unprotect"
    edits = False
    model = AddressProtection
    done = gettext_lazy("The address is not protected any more.")

    def act(self) -> None:
        protection.end_protection(self.actor, self.row())


class AddressGrantView(PersonPageMixin, FileWriteView):
    """A stand-in reads the protected address of a file for four hours, after a reason."""

    permission = "client.address_grant"
    edits = False
    form_class = home_forms.GrantForm
    form_code = "address_grant"
    title = gettext_lazy("Show the protected address")
    submit_label = gettext_lazy("Show for four hours")
    lead = gettext_lazy(
        "The address of this person is protected. Please say why you need it now; the reason is recorded."
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if FileContext.of(self.client, self.actor).facts.reads_address:
            return hx_redirect(request, reverse("clients:person", args=[self.client.uuid]))
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: home_forms.GrantForm) -> object:
        grant = grant_access(
            self.actor, self.client, kind=GrantKind.ADDRESS, reason=form.cleaned_data["reason"]
        )
        notify(self.request, _("The address is shown on this page for four hours."))
        return grant
