"""Series and sessions of the open office hours."""

import datetime
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.access import scope_of
from accounts.forms import ScopedModelForm, set_rows
from accounts.models import User
from accounts.rules.calendar import BERLIN, public_holidays
from appointments.models import OfficeHourSeries, OfficeHourSession, Place
from clients.models import SpokenLanguage, Topic
from ui.dates import local_time
from ui.forms import FormTokenMixin, UiForm, set_choices


class PlaceMixin(ScopedModelForm):
    """Offers the places in use of one's own municipalities; of a stored row those of its own, and its present one."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        places = Place.objects.offered_in(scope_of(user))
        if self.instance.pk:
            stored = Place.objects.filter(pk=self.instance.place_id)
            places = places.filter(municipality=self.instance.municipality_id) | stored
        field = set_rows(self, "place", places)
        field.empty_label = None


class SeriesForm(PlaceMixin):
    """A new series."""

    class Meta:
        model = OfficeHourSeries
        fields = ("place", "weekday", "begins", "ends", "every_weeks", "valid_from", "valid_until")
        widgets = dict.fromkeys(("place", "weekday", "every_weeks"), forms.RadioSelect)
        help_texts = {"valid_until": gettext_lazy("Empty: until you end it.")}

    arrangement = ("place", "weekday", ("begins", "ends"), "every_weeks", ("valid_from", "valid_until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Without the empty choice, which is no chip.
        set_choices(self, "weekday", WEEKDAYS.items())


class HouseSeriesForm(SeriesForm):
    """A new series at an accommodation of the municipality, which is its place."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["place"]


class SeriesEndForm(ScopedModelForm):
    """The last day of a series.

    Args:
        today: local date of the request.
    """

    class Meta:
        model = OfficeHourSeries
        fields = ("valid_until",)
        labels = {"valid_until": gettext_lazy("Last day")}

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)
        self.fields["valid_until"].required = True

    def clean_valid_until(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["valid_until"]
        if day < self.today:
            raise forms.ValidationError(_("This day is already over."))
        return day


class ReasonMixin(ScopedModelForm):
    """An exception is told with its reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        self.fields["reason"].help_text = _("Your colleagues read it. Please write nothing about illness.")


class SessionCancelForm(ReasonMixin):
    """Why an office hour does not take place."""

    class Meta:
        model = OfficeHourSession
        fields = ("reason",)


class SessionMoveForm(ReasonMixin, PlaceMixin):
    """Another time or place for one office hour.

    Args:
        now: the instant of the request.
    """

    day = forms.DateField(label=gettext_lazy("Date"))
    begins = forms.TimeField(label=pgettext_lazy("time", "from"))
    ends = forms.TimeField(label=pgettext_lazy("time", "to"))

    class Meta:
        model = OfficeHourSession
        fields = ("place", "reason")
        widgets = {"place": forms.RadioSelect}

    arrangement = (("day", "begins", "ends"), "place", "reason")

    def __init__(self, *args: Any, now: datetime.datetime, **kwargs: Any) -> None:
        self.now = now
        session = kwargs["instance"]
        kwargs["initial"] = {
            "day": session.day,
            "begins": local_time(session.starts_at),
            "ends": local_time(session.ends_at),
        }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        day, begins, ends = data.get("day"), data.get("begins"), data.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", _("The end must come after the beginning."))
        if day and day in public_holidays():
            self.add_error("day", _("This day is a public holiday."))
        if day and begins and ends:
            self.instance.starts_at = datetime.datetime.combine(day, begins, tzinfo=BERLIN)
            self.instance.ends_at = datetime.datetime.combine(day, ends, tzinfo=BERLIN)
            if self.instance.ends_at <= self.now:
                self.add_error("day", _("This time is already over."))
        return data


class ArriveForm(FormTokenMixin, UiForm):
    """The language of somebody who came, one tap; and the token that makes two taps one."""

    language = forms.ModelChoiceField(SpokenLanguage.objects.all(), required=False)


class AnonymousForm(UiForm):
    """What somebody without a file came about."""

    topic = forms.ModelChoiceField(Topic.objects.all())
    language = forms.ModelChoiceField(SpokenLanguage.objects.all(), required=False)
