"""A person moves to another town of the district."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import AccessView
from accounts.models import Municipality
from clients.views.base import FileWriteView
from intake.forms.handovers import MoveForm
from intake.models import DistrictMove
from intake.services import moves as services
from intake.services.inbox import WorkedOn
from ui.htmx import hx_redirect
from ui.notes import notify


class MoveView(FileWriteView):
    """Pass the file on to the inbox of the new town."""

    permission = "handover.propose"
    form_class = MoveForm
    form_code = "move"
    title = gettext_lazy("Move within the district")
    submit_label = gettext_lazy("Pass the file on")
    lead = gettext_lazy(
        "The file goes to the inbox of the new town with its case number; clock and contact ladder go on. For you it "
        "closes. Please enter the new address first, if you know it."
    )

    @cached_property
    def places(self) -> Any:
        return services.towns_besides(self.client, self.today).order_by("name")

    def why_no_form(self) -> str:
        return "" if self.places.exists() else _("No other municipality takes part today.")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": DistrictMove(client=self.client), "places": self.places}

    def form_valid(self, form: MoveForm) -> object:
        return services.move_to_town(self.actor, form.record())

    def success_url(self, result: DistrictMove) -> str:
        words = {
            "case_no": self.client.case_no,
            "place": Municipality.objects.get(pk=result.to_municipality_id),
        }
        undo = reverse("intake:move_take_back", args=[result.uuid])
        notify(self.request, _("%(case_no)s waits in the inbox of %(place)s.") % words, undo_url=undo)
        return reverse("clients:list")


class MoveTakeBackView(AccessView):
    """Takes passing a file on back, on the same day and while nobody took it."""

    permission = "handover.propose"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        move = services.moves_of_today(self.actor).filter(uuid=kwargs["districtmove"]).first()
        if move is None:
            raise Http404
        try:
            file = services.take_back(self.actor, move)
        except WorkedOn:
            messages.warning(request, _("Somebody in the new town has taken the file meanwhile."))
            return hx_redirect(request, reverse("clients:list"))
        notify(request, _("The file %(case_no)s is yours now.") % {"case_no": file.case_no})
        return hx_redirect(request, file.get_absolute_url())
