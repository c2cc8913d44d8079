"""Acts of the ladder: announce, postpone, clarify, end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.forms import ScopedModelForm
from appointments.choices import Channel
from outreach.choices import ClarifyOutcome, EndReason
from outreach.models import LadderAct
from ui.forms import set_choices

ANNOUNCED_BY = (Channel.LETTER, Channel.NOTE, Channel.PHONE, Channel.MESSAGE, Channel.EMAIL)


def _needed(form: forms.BaseForm, *names: str) -> None:
    for name in names:
        form.fields[name].required = True


class AnnounceForm(ScopedModelForm):
    """On which day we come, and how the client was told."""

    class Meta:
        model = LadderAct
        fields = ("day", "channel", "detail")
        labels = {
            "day": gettext_lazy("We come on"),
            "channel": gettext_lazy("Told by"),
            "detail": gettext_lazy("Remark"),
        }
        widgets = {"channel": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _needed(self, "day", "channel")
        self.fields["detail"].required = False
        set_choices(self, "channel", [(channel.value, channel.label) for channel in ANNOUNCED_BY])


class PostponeForm(ScopedModelForm):
    """Until when, and why."""

    class Meta:
        model = LadderAct
        fields = ("day", "detail")
        labels = {"day": gettext_lazy("New day"), "detail": gettext_lazy("Reason")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _needed(self, "day", "detail")


class ClarifyForm(ScopedModelForm):
    """Whether an address or number was found, and where one looked."""

    class Meta:
        model = LadderAct
        fields = ("outcome", "detail")
        labels = {"outcome": gettext_lazy("What came of it?"), "detail": gettext_lazy("Where did you look?")}
        widgets = {"outcome": forms.RadioSelect}
        help_texts = {"detail": gettext_lazy("For example residents' register, house management, school.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _needed(self, "outcome", "detail")
        set_choices(self, "outcome", ClarifyOutcome.choices)


class EndForm(ScopedModelForm):
    """Why outreach ends before the client was reached."""

    class Meta:
        model = LadderAct
        fields = ("reason", "detail")
        labels = {"reason": gettext_lazy("Why?"), "detail": gettext_lazy("In your words")}
        widgets = {"reason": forms.RadioSelect}
        help_texts = {
            "reason": gettext_lazy(
                "Silence is no refusal. Declining an appointment or a visit is not declining counselling."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _needed(self, "reason", "detail")
        reasons = [
            (EndReason.MANAGER.value, gettext_lazy("My own reason")),
            (EndReason.DECLINED.value, EndReason.DECLINED.label),
        ]
        set_choices(self, "reason", reasons)
