"""A round that begins at a house of the municipality: who of one's own files lives there is visited on one day."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.models import Client
from clients.views.base import WriteView
from clients.views.houses import HouseMixin, residents
from outreach.forms.visits import HouseRoundForm
from outreach.services import rounds
from outreach.views.rounds import round_url
from ui.notes import notify


class HouseRoundView(HouseMixin, WriteView):
    """Choose the day and whom to visit."""

    permission = "visit.plan"
    form_class = HouseRoundForm
    form_code = "visit_house_round"
    title = gettext_lazy("Begin a round of visits")
    lead = gettext_lazy(
        "Those ticked stand on your round of that day as one stop. Nothing is announced: whoever is due for a home "
        "visit by the contact ladder is announced in the file."
    )
    submit_label = gettext_lazy("Onto the round")

    def object_key(self) -> str:
        return str(self.house.uuid)

    def people(self) -> Any:
        homes = residents(self).filter(house=self.house)
        return (
            Client.objects.editable_by(self.request.user)
            .filter(pk__in=homes.values("client"))
            .in_list_order()
        )

    def why_no_form(self) -> str:
        return "" if self.people().exists() else _("Nobody of your own files lives here.")

    def form_kwargs(self) -> dict[str, Any]:
        return {"people": self.people(), "today": self.today}

    def form_valid(self, form: HouseRoundForm) -> object:
        chosen = list(form.cleaned_data["people"])
        rounds.take_several_along(self.actor, chosen, form.cleaned_data["on"])
        text = ngettext(
            "%(number)s person is on the round.", "%(number)s persons are on the round.", len(chosen)
        )
        notify(self.request, text % {"number": len(chosen)})
        return form.cleaned_data["on"]

    def success_url(self, result: Any) -> str:
        return round_url(result)

    def cancel_url(self) -> str:
        return self.house.get_absolute_url()
