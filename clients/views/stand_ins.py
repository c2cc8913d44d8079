"""Who is away and who stands in: the page of both, planning, stepping in in an emergency, ending early."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.absence_coverage import AbsenceCoverage, absence_coverages
from accounts.generic import PageView
from accounts.models import StandIn, StandInQuerySet
from accounts.permissions import Column, column_of, may
from accounts.records import StaleRecord
from accounts.services import stand_ins as services
from accounts.staff import colleagues, managers_serving
from clients.forms.stand_ins import EmergencyForm, StandInForm
from clients.views.absences import absences_of, nobody_to_choose
from clients.views.base import WriteView
from clients.views.stand_in_sheets import may_read_sheet
from ui.htmx import hx_redirect
from ui.notes import notify


def manageable(view: PageView) -> StandInQuerySet:
    """Stand-ins a user may look at and end: those for oneself, and all of one's places for coordination."""
    if column_of(view.request.user) == Column.COORDINATOR:
        return StandIn.objects.unscoped(reason="the coordinator plans stand-ins for every manager")
    own = StandIn.objects.visible_to(view.request.user)
    as_substitute = StandIn.objects.unscoped(reason="a stand-in sees their own stand-ins").filter(
        substitute_id=view.scope.user_id
    )
    return own | as_substitute


class StandInListView(PageView):
    """Who is away, who stands in for whom, now and soon."""

    permission = "stand_in.view"
    template_name = "clients/stand_in_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = manageable(self).select_related("absent", "substitute", "planned_by").order_by("since", "pk")
        stand_ins = list(rows.not_over_on(self.today)[:100])
        absences = absences_of(self).not_over_on(self.today).order_by("since", "pk")[:100]
        return self.render(
            {
                "absences": [
                    (cover.absence, cover.text(self.today), cover.gap_text(self.today))
                    for cover in absence_coverages(absences, self.today)
                ],
                "stand_ins": stand_ins,
                "sheets": {row.uuid for row in stand_ins if may_read_sheet(row, self.scope)},
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

    @cached_property
    def asked(self) -> AbsenceCoverage | None:
        """The absence a stand-in is planned for, when the address names one."""
        key = self.request.GET.get("absence")
        if key is None:
            return None
        try:
            found = absences_of(self).filter(uuid=key).first()
        except ValidationError as no_key:
            raise Http404 from no_key
        if found is None:
            raise Http404
        return absence_coverages([found], self.today)[0]

    def object_key(self) -> str:
        return str(self.asked.absence.uuid) if self.asked else ""

    def form_kwargs(self) -> dict[str, Any]:
        user = self.request.user
        if column_of(user) == Column.COORDINATOR:
            everybody = managers_serving(self.scope.municipalities, self.today)
            people: dict[str, Any] = {"absent_choices": everybody, "substitute_choices": everybody}
        else:
            people = {
                "absent_choices": None,
                "substitute_choices": colleagues(user, self.today),
                "fixed_absent": user,
            }
        return {**people, "initial": self.first_gap()}

    def first_gap(self) -> dict[str, Any]:
        """Exactly the days that are not covered; the whole absence when all of them are."""
        if self.asked is None:
            return {}
        days = self.asked.gaps[0] if self.asked.gaps else self.asked.absence.days
        return {"absent": self.asked.absence.user, "since": days.first, "until": days.last}

    def why_no_form(self) -> str:
        if column_of(self.request.user) == Column.COORDINATOR:
            return nobody_to_choose(managers_serving(self.scope.municipalities, self.today))
        if colleagues(self.request.user, self.today).exists():
            return ""
        return _("Nobody else works in your municipality. The coordination plans who stands in for you.")

    def form_valid(self, form: StandInForm) -> object:
        return services.plan_stand_in(
            self.actor, form.record(), with_absence=form.cleaned_data["with_absence"]
        )

    def success_url(self, result: object) -> str:
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

    def why_no_form(self) -> str:
        return nobody_to_choose(colleagues(self.request.user, self.today))

    def form_valid(self, form: EmergencyForm) -> object:
        return services.take_over_in_emergency(self.actor, form.record())

    def success_url(self, result: object) -> str:
        notify(self.request, _("You stand in from now on. The reason is recorded in every file you open."))
        return reverse("stand_ins:list")

    def cancel_url(self) -> str:
        return reverse("stand_ins:list")


class StandInEndView(PageView):
    """End a stand-in early, which takes effect at once, or call off a planned one."""

    permission = "stand_in.view"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stand_in = manageable(self).not_over_on(self.today).filter(uuid=kwargs["uuid"]).first()
        if stand_in is None:
            raise Http404
        has_begun = stand_in.since <= self.today
        try:
            services.end_stand_in(self.actor, stand_in, expected_version=stand_in.version)
        except StaleRecord:
            notify(request, _("Somebody has ended this stand-in already."))
        else:
            notify(request, _("The stand-in has ended.") if has_begun else _("The stand-in is called off."))
        return hx_redirect(request, reverse("stand_ins:list"))
