"""A group event that belongs to no file."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import scope_of
from accounts.forms import ScopedModelForm, set_rows
from accounts.models import Municipality, User
from appointments.models import GroupEvent
from clients.models import SpokenLanguage, Topic


class GroupEventForm(ScopedModelForm):
    """What it was, when, and how many came.

    Args:
        today: local date of the request.
    """

    class Meta:
        model = GroupEvent
        fields: tuple[str, ...] = (
            "municipality",
            "title",
            "held_on",
            "minutes",
            "attendees",
            "main_topic",
            "language",
        )
        widgets = {"municipality": forms.RadioSelect}
        help_texts = {"title": gettext_lazy("Please write no names of people who came.")}

    arrangement: tuple[Any, ...] = (
        "municipality",
        "title",
        ("held_on", "minutes", "attendees"),
        ("main_topic", "language"),
    )

    def __init__(self, *args: Any, user: User, today: datetime.date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, user=user, **kwargs)
        served = Municipality.objects.filter(pk__in=scope_of(user).municipalities)
        field = set_rows(self, "municipality", served)
        field.empty_label = None
        set_rows(self, "main_topic", Topic.objects.valid_on(today))
        set_rows(self, "language", SpokenLanguage.objects.valid_on(today))

    def clean_held_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["held_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return day


class GroupEventCorrectionForm(GroupEventForm):
    """The same of a stored one, and that it never was."""

    class Meta(GroupEventForm.Meta):
        fields = (*GroupEventForm.Meta.fields, "withdrawn")
        help_texts = {
            **GroupEventForm.Meta.help_texts,
            "withdrawn": gettext_lazy("It stays in the list and counts no more."),
        }

    arrangement = (*GroupEventForm.arrangement, "withdrawn")
