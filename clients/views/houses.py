"""The accommodations of a municipality: the list, one house with one's own residents, entering and correcting."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import AccessView, PageView
from accounts.permissions import may
from audit.recording import record
from clients import actions, house_actions
from clients.forms.homes import HouseForm
from clients.models import Accommodation, House
from clients.querysets import AccommodationQuerySet
from clients.services import houses
from clients.views.base import WriteView
from ui.notes import notify


class HouseMixin(AccessView, abstract=True):
    """Finds the house of the address among those of one's own municipalities."""

    nav_code = "houses"
    house: House

    def settle_access(self) -> None:
        super().settle_access()
        if "uuid" not in self.kwargs:
            return
        found = House.objects.kept_in(self.scope).filter(uuid=self.kwargs["uuid"]).first()
        if found is None:
            raise Http404
        self.house = found


def residents(view: AccessView) -> AccommodationQuerySet:
    """Who of the reader's own open files lives in a house today, protected addresses left out."""
    rows = Accommodation.objects.visible_to(view.request.user).disclosed().on(view.today)
    return rows.filter(house__isnull=False).exclude(client__phase="closed")


class HouseListView(HouseMixin, PageView):
    """The houses in use; a manager reads how many of her own files live in each."""

    permission = "house.view"
    template_name = "clients/house_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = list(House.objects.kept_in(self.scope).select_related("municipality"))
        numbers = Counter(residents(self).order_by().values_list("house_id", flat=True))
        houses_in_use = [row for row in rows if row.valid_until is None or row.valid_until >= self.today]
        return self.render(
            {
                "houses": [(row, numbers[row.pk]) for row in houses_in_use],
                "former": [row for row in rows if row not in houses_in_use],
                "works_with_files": may(request.user, "client.list"),
                "several_places": len({row.municipality_id for row in rows}) > 1,
                "may_edit": may(request.user, "house.edit"),
            }
        )


class HouseView(HouseMixin, PageView):
    """One house: address, capacity, caretaker, and who of one's own files lives there."""

    permission = "house.view"
    template_name = "clients/house_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = residents(self).filter(house=self.house).select_related("client")
        homes = list(rows.order_by("client__search_name", "client__pk"))
        if homes:
            record(self.actor, actions.RESIDENTS_VIEWED, kind="client", count=len(homes))
        return self.render(
            {
                "house": self.house,
                "homes": homes,
                "works_with_files": may(request.user, "client.list"),
                "may_edit": may(request.user, "house.edit"),
                "actions": [
                    (action, reverse(action.route, args=[self.house.uuid]))
                    for action in house_actions.registered()
                    if may(request.user, action.permission)
                ],
            }
        )


class HouseNewView(HouseMixin, WriteView):
    permission = "house.edit"
    form_class = HouseForm
    form_code = "house.new"
    title = gettext_lazy("New accommodation of the municipality")

    def why_no_form(self) -> str:
        if self.scope.municipalities:
            return ""
        return _("Nothing new can be entered here without a municipality.")

    def form_valid(self, form: HouseForm) -> object:
        return houses.add_house(self.actor, form.record())

    def success_url(self, result: Any) -> str:
        notify(self.request, _("The accommodation is entered."))
        return str(result.get_absolute_url())

    def cancel_url(self) -> str:
        return reverse("houses:list")


class HouseEditView(HouseMixin, WriteView):
    permission = "house.edit"
    form_class = HouseForm
    form_code = "house.edit"
    title = gettext_lazy("Correct an accommodation of the municipality")

    def object_key(self) -> str:
        return str(self.house.uuid)

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.house}

    def form_valid(self, form: HouseForm) -> object:
        return houses.change_house(self.actor, form.record(), expected_version=form.expected_version)

    def success_url(self, result: Any) -> str:
        return self.house.get_absolute_url()

    def cancel_url(self) -> str:
        return self.house.get_absolute_url()
