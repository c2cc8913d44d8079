"""Stand-ins: plan one, step in in an emergency, end one early."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import PageView
from accounts.models import StandIn
from accounts.permissions import Column, column_of, may
from accounts.records import StaleRecord
from accounts.services import stand_ins as services
from clients.forms.stand_ins import EmergencyForm, StandInForm, colleagues, managers_served
from clients.views.base import WriteView
from ui.htmx import hx_redirect
from ui.notes import notify


def manageable(view: PageView) -> Any:
    """Stand-ins a user may look at and end: those for oneself, and all of one's places for coordination."""
    if column_of(view.request.user) == Column.COORDINATOR:
        return StandIn.objects.unscoped(reason="the coordinator plans stand-ins for every manager")
    own = StandIn.objects.visible_to(view.request.user)
    as_substitute = StandIn.objects.unscoped(reason="whoever stands in sees that they do").filter(
        substitute_id=view.scope.user_id
    )
    return own | as_substitute


class StandInListView(PageView):
    """Who stands in for whom, now and soon."""

    permission = "stand_in.view"
    template_name = "clients/stand_in_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = manageable(self).select_related("absent", "substitute", "planned_by").order_by("since", "pk")
        return self.render(
            {
                "stand_ins": rows.not_over_on(self.today)[:100],
                "may_step_in": may(request.user, "stand_in.emergency"),
            }
        )


class StandInPlanView(WriteView):
    """A manager plans who stands in for her; the coordinator plans for anybody."""

    permission = "stand_in.plan"
    form_class = StandInForm
    form_code = "stand_in"
    title = gettext_lazy("Plan a stand-in")
    submit_label = gettext_lazy("Plan stand-in")

    def form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        if column_of(user) == Column.COORDINATOR:
            everybody = managers_served(self.scope.municipalities, self.today)
            return {"absent_choices": everybody, "substitute_choices": everybody}
        return {
            "absent_choices": None,
            "substitute_choices": colleagues(user, self.today),
            "fixed_absent": user,
        }

    def form_valid(self, form: Any) -> Any:
        try:
            return services.plan_stand_in(form.record(), by=self.request.user, now=self.now, today=self.today)
        except ValidationError as refused:
            form.add_refusal(refused)
            return None

    def success_url(self, result: Any) -> str:
        notify(self.request, _("The stand-in is planned. It begins and ends by itself."))
        return reverse("stand_ins:list")

    def cancel_url(self) -> str:
        return reverse("stand_ins:list")


class EmergencyView(WriteView):
    """A colleague of the same municipality steps in at once."""

    permission = "stand_in.emergency"
    form_class = EmergencyForm
    form_code = "stand_in_emergency"
    title = gettext_lazy("Step in in an emergency")
    submit_label = gettext_lazy("Step in now")

    def form_kwargs(self) -> dict[str, Any]:
        return {"absent_choices": colleagues(self.request.user, self.today)}

    def form_valid(self, form: Any) -> Any:
        try:
            return services.take_over_in_emergency(
                form.record(), by=self.request.user, now=self.now, today=self.today
            )
        except ValidationError as refused:
            form.add_refusal(refused)
            return None

    def success_url(self, result: Any) -> str:
        notify(self.request, _("You stand in from now on. The reason is recorded in every file you open."))
        return reverse("stand_ins:list")

    def cancel_url(self) -> str:
        return reverse("stand_ins:list")


class StandInEndView(PageView):
    """End a stand-in early; it takes effect at once."""

    permission = "stand_in.view"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stand_in = manageable(self).not_over_on(self.today).filter(uuid=kwargs["uuid"]).first()
        if stand_in is None:
            raise Http404
        try:
            services.end_stand_in(
                stand_in, by=request.user, today=self.today, expected_version=stand_in.version
            )
        except StaleRecord:
            notify(request, _("Somebody has ended this stand-in already."))
        else:
            notify(request, _("The stand-in has ended."))
        return hx_redirect(request, reverse("stand_ins:list"))
