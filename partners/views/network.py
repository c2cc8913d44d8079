"""Organisations with their contact persons and offers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import PageView
from partners import finding
from partners.forms import network as forms
from partners.models import ContactPerson, Offer, Organisation
from partners.services import network as services
from partners.views.base import NetworkActView, NetworkMixin, NetworkWriteView
from ui.notes import notify


class NetworkView(NetworkMixin, PageView):
    """Organisations by kind, need, language and place."""

    permission = "network.view"
    template_name = "partners/network.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = finding.Wanted.of(request.GET.dict())
        found = finding.organisations(self.actor, wanted, request.GET.get("after", ""))
        for row in found.organisations:
            row.is_out_of_date = row.is_stale(self.today)  # type: ignore[attr-defined]
        return self.render(
            {
                "found": found,
                "wanted": wanted,
                "is_later": "after" in request.GET,
                "page": "organisations",
                **finding.choices(),
            }
        )


class OrganisationView(NetworkMixin, PageView):
    """One organisation: how it is reached, whom to ask, what it offers."""

    permission = "network.view"
    template_name = "partners/organisation.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.organisation
        offers = row.offers.select_related("topic", "municipality").prefetch_related("languages")
        return self.render(
            {
                "organisation": row,
                "persons": list(row.contact_persons.all()),
                "offers": [(offer, offer.is_over(self.today)) for offer in offers],
                "meetings": list(row.meetings.all()[:5]),
                "is_stale": row.is_stale(self.today),
                "may_curate": self.may_curate,
            }
        )


class _OrganisationWriteView(NetworkWriteView, abstract=True):
    permission = "network.edit"

    def cancel_url(self) -> str:
        return self.organisation.get_absolute_url()


class OrganisationNewView(NetworkWriteView):
    permission = "network.edit"
    form_class = forms.OrganisationForm
    form_code = "network.organisation"
    title = gettext_lazy("New organisation")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": Organisation()}

    def form_valid(self, form: forms.OrganisationForm) -> object:
        return services.keep_organisation(self.actor, form.record())

    def success_url(self, result: Organisation) -> str:
        notify(self.request, _("The organisation is entered."))
        return result.get_absolute_url()


class OrganisationEditView(_OrganisationWriteView):
    permission = "network.edit"
    form_class = forms.OrganisationForm
    form_code = "network.organisation_edit"
    title = gettext_lazy("Correct an organisation")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.organisation}

    def form_valid(self, form: forms.OrganisationForm) -> object:
        return services.keep_organisation(self.actor, form.record(), expected_version=form.expected_version)


class OrganisationMergeView(_OrganisationWriteView):
    """The organisation was entered twice."""

    permission = "network.curate"
    form_class = forms.MergeForm
    form_code = "network.merge"
    title = gettext_lazy("Merge with another organisation")
    submit_label = gettext_lazy("Merge")
    lead = gettext_lazy(
        "Contact persons, offers, volunteers, meetings and referrals go to the entry that stays. "
        "This one goes out of use."
    )

    def form_kwargs(self) -> dict[str, Any]:
        return {"organisation": self.organisation}

    def form_valid(self, form: forms.MergeForm) -> object:
        return services.merge(self.actor, self.organisation, form.cleaned_data["into"])

    def success_url(self, result: Organisation) -> str:
        notify(self.request, _("The two entries are one now."))
        return result.get_absolute_url()


class _OrganisationActView(NetworkActView, abstract=True):
    def back(self) -> str:
        return self.organisation.get_absolute_url()


class OrganisationConfirmView(_OrganisationActView):
    permission = "network.edit"
    done = gettext_lazy("Confirmed: the entry is as it stands here.")

    def act(self) -> None:
        services.confirm(self.actor, self.organisation)


class OrganisationRetireView(_OrganisationActView):
    permission = "network.curate"
    done = gettext_lazy("Out of use. Nobody is referred there any more.")

    def act(self) -> None:
        services.retire(self.actor, self.organisation)

    def undo_url(self) -> str:
        return reverse("network:organisation_reinstate", args=[self.organisation.uuid])


class OrganisationReinstateView(_OrganisationActView):
    permission = "network.curate"
    done = gettext_lazy("In use again.")

    def act(self) -> None:
        services.reinstate(self.actor, self.organisation)


class PersonNewView(_OrganisationWriteView):
    permission = "network.edit"
    form_class = forms.ContactPersonForm
    form_code = "network.person"
    title = gettext_lazy("New contact person")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": ContactPerson(organisation=self.organisation)}

    def form_valid(self, form: forms.ContactPersonForm) -> object:
        return services.keep_person(self.actor, form.record())


class PersonEditView(NetworkWriteView):
    permission = "network.edit"
    form_class = forms.ContactPersonForm
    form_code = "network.person_edit"
    title = gettext_lazy("Correct a contact person")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.person}

    def form_valid(self, form: forms.ContactPersonForm) -> object:
        return services.keep_person(self.actor, form.record(), expected_version=form.expected_version)

    def cancel_url(self) -> str:
        return self.person.organisation.get_absolute_url()


class PersonRemoveView(NetworkActView):
    permission = "network.curate"
    done = gettext_lazy("The contact person is removed.")

    def act(self) -> None:
        services.remove_person(self.actor, self.person)

    def back(self) -> str:
        return self.person.organisation.get_absolute_url()


class OfferNewView(_OrganisationWriteView):
    permission = "network.edit"
    form_class = forms.OfferForm
    form_code = "network.offer"
    title = gettext_lazy("New offer")

    def form_kwargs(self) -> dict[str, Any]:
        return {
            "instance": Offer(
                organisation=self.organisation,
                municipality=self.organisation.municipality,
                quarter=self.organisation.quarter,
            )
        }

    def form_valid(self, form: forms.OfferForm) -> object:
        return services.keep_offer(self.actor, form.record(), form.cleaned_data["languages"])


class OfferEditView(NetworkWriteView):
    permission = "network.edit"
    form_class = forms.OfferForm
    form_code = "network.offer_edit"
    title = gettext_lazy("Correct an offer")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.offer}

    def form_valid(self, form: forms.OfferForm) -> object:
        return services.keep_offer(
            self.actor,
            form.record(),
            form.cleaned_data["languages"],
            expected_version=form.expected_version,
        )

    def cancel_url(self) -> str:
        return self.offer.organisation.get_absolute_url()
