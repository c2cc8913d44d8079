"""How the two sides agreed."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ScopedModelForm, set_rows
from clients.log_steps import LogStepMixin
from clients.models import SpokenLanguage
from integration_plans.choices import AgreementOutcome
from integration_plans.forms import NOT_COME_YET
from integration_plans.models import PlanVersion
from integration_plans.models.plan import HOW_AGREED
from ui.fields import Fragment
from ui.forms import set_choices


class AgreementForm(LogStepMixin, ScopedModelForm):
    """How the working version was agreed.

    Args:
        today: the latest possible day.
    """

    arrangement = (
        "outcome",
        ("agreed_on", "place"),
        ("language", "interpreter"),
        "copy_handed_out",
        "review_on",
        "note",
        Fragment("components/_log_steps.html"),
    )
    day_field = "agreed_on"

    class Meta:
        model = PlanVersion
        fields = HOW_AGREED
        widgets = {"outcome": forms.RadioSelect}
        help_texts = {
            "interpreter": _("Empty when nobody interpreted."),
            "note": _("For instance why the person declined."),
        }

    def __init__(self, *args: Any, today: datetime.date, restored: Any = None, **kwargs: Any) -> None:
        if restored is not None:
            # Opened anew it stands beside the goals as they are now, whoever wrote them.
            restored["version"] = str(kwargs["instance"].version)
        super().__init__(*args, restored=restored, **kwargs)
        self.today = today
        self.fields["outcome"].required = True
        set_choices(self, "outcome", AgreementOutcome.choices)
        self.fields["agreed_on"].required = True
        set_rows(self, "language", SpokenLanguage.objects.valid_on(today))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        agreed_on, review_on = cleaned.get("agreed_on"), cleaned.get("review_on")
        if agreed_on and agreed_on > self.today:
            self.add_error("agreed_on", NOT_COME_YET)
        if agreed_on and review_on and review_on <= agreed_on:
            self.add_error("review_on", _("The next review must lie after the agreement."))
        return cleaned
