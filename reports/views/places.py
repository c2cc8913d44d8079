"""What the pages of figures have in common: the municipalities the reader serves."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404

from accounts.generic import PageView
from accounts.models import Municipality


class PlacesMixin(PageView, abstract=True):
    """Figures of the municipalities the reader serves; the coordinator serves all."""

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

    def has_tables(self, place: Municipality | None, served: Sequence[Municipality]) -> bool:
        """Whether tables are stored for what was asked: one municipality, or the district."""
        return place is not None or len(served) == 1 or self.scope.serves_all

    def place_of_tables(
        self, place: Municipality | None, served: Sequence[Municipality]
    ) -> Municipality | None:
        """The municipality whose tables are asked for; None for the district's."""
        return place or (served[0] if len(served) == 1 and not self.scope.serves_all else None)
