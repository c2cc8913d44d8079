"""How the two sides agreed: freezes the content of the working version."""

import datetime
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.records import Record
from integration_plans.forms.agreement import AgreementForm
from integration_plans.models import PlanVersion
from integration_plans.policies import policy_on
from integration_plans.rules.intensity import next_review_on
from integration_plans.rules.plan import Fault
from integration_plans.services import plans as services
from integration_plans.views.base import PlanTalkView
from ui.notes import notify

FAULT_TEXTS = {
    Fault.NO_GOAL: gettext_lazy("The plan has no goal yet."),
    Fault.NO_CLIENT_MEASURE: gettext_lazy("A measure under “I take this on” is missing."),
    Fault.NO_SERVICE_MEASURE: gettext_lazy(
        "A measure under “The integration management takes this on” is missing."
    ),
    Fault.DATE_IN_FUTURE: gettext_lazy("This day has not come yet."),
    Fault.REVIEW_NOT_AFTER: gettext_lazy("The next review must lie after the agreement."),
}
FAULT_FIELDS = {Fault.DATE_IN_FUTURE: "agreed_on", Fault.REVIEW_NOT_AFTER: "review_on"}


class AgreeView(PlanTalkView):
    """How the plan was agreed: signed, orally or declined; freezes the content."""

    permission = "plan.agree"
    form_class = AgreementForm
    form_code = "agreement"
    title = gettext_lazy("Agree the plan")
    submit_label = gettext_lazy("Close this version")
    lead = gettext_lazy(
        "The content of this version can no longer be changed afterwards. Progress can be noted at any time; "
        "other goals mean the next version."
    )

    def repeated(self, earlier: Record) -> HttpResponseBase:
        """A version is closed once; entries posted after that are kept as a draft."""
        if earlier.form_digest == self.digest():
            return self.saved(earlier)
        self.keep(self.request.POST)
        messages.warning(
            self.request,
            _(
                "This version was closed before, with other entries. What you have typed now is kept as a draft."
            ),
        )
        return self.to_plan()

    def form_kwargs(self) -> dict[str, Any]:
        version = self.working_version()
        initial = {
            "agreed_on": self.today,
            "place": version.client.municipality.name,
            "language": version.client.preferred_language_id,
            "review_on": self._review_date(),
        }
        return {**super().form_kwargs(), "instance": version, "initial": initial, "today": self.today}

    def _review_date(self) -> datetime.date | None:
        level = self.client.intensity
        return next_review_on(level, self.today, policy_on(self.today).rule()) if level else None

    def write(self, form: AgreementForm) -> PlanVersion | None:
        version: PlanVersion = form.record()
        version.form_digest = form.form_digest
        try:
            services.close_version(
                self.actor,
                version,
                expected_version=form.expected_version,
                form_token=form.cleaned_data["form_token"],
            )
        except services.NotAgreeable as refused:
            for fault in refused.faults:
                form.add_error(FAULT_FIELDS.get(fault), FAULT_TEXTS[fault])
            return None
        notify(
            self.request,
            _("Version %(number)d is closed: %(outcome)s.")
            % {"number": version.number, "outcome": version.get_outcome_display()},
        )
        return version
