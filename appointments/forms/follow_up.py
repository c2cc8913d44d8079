"""Follow-ups."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import ScopedForm, ScopedModelForm
from accounts.models import User
from accounts.records import StaleRecord
from appointments.models import FollowUp
from ui.forms import VersionMixin, set_choices


class FollowUpForm(ScopedModelForm):
    """A new follow-up, or another day for one.

    Args:
        today: local date of the request.
    """

    class Meta:
        model = FollowUp
        fields = ("text", "due_on", "is_hard")
        labels = {"is_hard": gettext_lazy("Deadline set by an authority")}

    arrangement = ("text", "due_on", "is_hard")

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.first_due_on = self.instance.due_on

    def clean_due_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["due_on"]
        if day < self.today and day != self.first_due_on:
            raise ValidationError(_("This day is already over."))
        return day


class PassOnForm(VersionMixin, ScopedForm):
    """Whom a follow-up goes to.

    Args:
        successors: users in whose scope it lies.
        follow_up: the stored follow-up.
    """

    to = forms.ChoiceField(label=gettext_lazy("Who takes it over?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, successors: Iterable[User], follow_up: FollowUp, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": follow_up.version}
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in successors}
        set_choices(self, "to", [(key, str(user)) for key, user in self.people.items()])

    def successor(self) -> User:
        """The chosen user."""
        return self.people[self.cleaned_data["to"]]

    def add_stale(self, stale: StaleRecord) -> None:
        """Another user changed it meanwhile."""
        self.add_error(None, _("This follow-up was changed in the meantime. Please look at it again."))
