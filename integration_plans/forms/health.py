"""Why a stand-in needs to read health data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ScopedModelForm
from clients.models import HealthGrant


class HealthGrantForm(ScopedModelForm):
    """Why a stand-in needs to read health data."""

    class Meta:
        model = HealthGrant
        fields = ("reason",)
        widgets = {"reason": forms.Textarea(attrs={"rows": "3"})}
        help_texts = {
            "reason": _("Access ends after four hours. The responsible manager sees it in the file.")
        }
