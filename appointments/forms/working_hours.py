"""The working week of a manager: a line for each weekday."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import ScopedForm
from appointments.models import WorkingHours
from appointments.rules.slots import SUNDAY, read_spans
from appointments.services.working_hours import Week
from ui.dates import time_de

NAMES = [f"day_{weekday}" for weekday in range(SUNDAY + 1)]


class WorkingHoursForm(ScopedForm):
    """From when to when, on each weekday; several spans are separated by a comma.

    Args:
        kept: the hours as they stand.
        today: the local date.
    """

    valid_from = forms.DateField(label=gettext_lazy("From which day on?"))
    arrangement = (*NAMES, "valid_from")

    def __init__(
        self, *args: Any, kept: Iterable[WorkingHours] = (), today: datetime.date, **kwargs: Any
    ) -> None:
        rows = list(kept)
        lines: dict[str, list[str]] = {name: [] for name in NAMES}
        for row in rows:
            lines[NAMES[row.weekday]].append(f"{time_de(row.begins)}–{time_de(row.ends)}")
        begins = max([today, *(row.valid_from for row in rows)])
        kwargs["initial"] = {
            **{name: ", ".join(line) for name, line in lines.items()},
            "valid_from": begins,
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        for weekday, name in enumerate(NAMES):
            self.fields[name] = forms.CharField(
                label=WEEKDAYS[weekday],
                required=False,
                max_length=80,
                help_text=_("Like 8–12, 13–16:30; empty when you do not work.") if weekday == 0 else "",
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in NAMES:
            try:
                data[name] = read_spans(data.get(name, ""))
            except ValueError:
                self.add_error(
                    name,
                    _("Please write times like 8–12, 13–16:30, each from–to and none over another."),
                )
        return data

    @property
    def week(self) -> Week:
        """The spans by weekday."""
        return {weekday: self.cleaned_data[name] for weekday, name in enumerate(NAMES)}
