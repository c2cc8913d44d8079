"""Meetings, their minutes and decisions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import ScopedModelForm, set_rows
from accounts.models import Municipality, Role, User
from partners.forms.several import SeveralRowsForm
from partners.models import Decision, Meeting, Organisation
from partners.services.meetings import DECISION_FIELDS, MEETING_FIELDS
from ui.fields import Section
from ui.forms import RowsField


def staff() -> Any:
    """Who works in the service, by name."""
    rows = User.objects.filter(is_active=True, is_superuser=False, role__in=(Role.MANAGER, Role.OFFICER))
    return rows.order_by("last_name", "first_name", "pk")


class MeetingForm(SeveralRowsForm):
    """When and where, the text of the invitation, and who comes."""

    class Meta:
        model = Meeting
        fields = (*MEETING_FIELDS, "organisations", "staff")
        field_classes = {"organisations": RowsField, "staff": RowsField}
        widgets = {"organisations": forms.CheckboxSelectMultiple, "staff": forms.CheckboxSelectMultiple}
        help_texts = {
            "municipality": gettext_lazy("Empty: a meeting of the whole district."),
            "others": gettext_lazy("Names with commas between them."),
        }

    arrangement = (
        ("title", "municipality"),
        ("starts_at", "place"),
        "invitation",
        Section(gettext_lazy("Participants"), ("organisations", "staff", "others")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_rows(self, "municipality", Municipality.objects.all()).empty_label = _("whole district")
        invited = {"pk__in": self.instance.organisations.values("pk")} if self.instance.pk else {"pk": None}
        known = Organisation.objects.filter(**invited)
        set_rows(self, "organisations", Organisation.objects.current() | known)
        set_rows(self, "staff", staff())


class MinutesForm(ScopedModelForm):
    """What was talked about."""

    class Meta:
        model = Meeting
        fields = ("minutes",)
        widgets = {"minutes": forms.Textarea({"rows": "16"})}
        help_texts = {"minutes": gettext_lazy("All towns of the district read them: please name no client.")}


class DecisionForm(ScopedModelForm):
    """What somebody does until when."""

    class Meta:
        model = Decision
        fields = DECISION_FIELDS

    arrangement = ("text", ("responsible", "due_on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = User.objects.filter(pk=self.instance.responsible_id)
        set_rows(self, "responsible", staff() | kept)
