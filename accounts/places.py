"""Pages about municipalities: those the reader serves, and the one the address chooses."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404

from accounts.generic import PageView
from accounts.models import Municipality


class PlacesMixin(PageView, abstract=True):
    """A page about the municipalities the reader serves; the coordinator serves all."""

    def served(self) -> list[Municipality]:
        places = Municipality.objects.order_by("name")
        if not self.scope.serves_all:
            return list(places.filter(pk__in=self.scope.municipalities))
        everywhere = list(places)
        # What was read is not asked once more for its keys.
        vars(self.scope)["municipalities"] = frozenset(place.pk for place in everywhere)
        return everywhere

    def chosen_place(self, served: Sequence[Municipality]) -> Municipality | None:
        """The municipality asked for; one the reader does not serve does not exist for them."""
        code = self.request.GET.get("place", "")
        if not code:
            return None
        for place in served:
            if place.code == code:
                return place
        raise Http404
