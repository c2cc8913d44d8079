"""What the administration is asked for when it changes accounts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordMixin, UserCreationForm
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import duties
from accounts.forms import set_rows
from accounts.models import Municipality, Role, User
from accounts.staff import active_managers


class ReasonForm(forms.Form):
    """Why an account changes.

    Args:
        accounts: those that change.
    """

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)

    def __init__(self, *args: Any, accounts: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.takers = active_managers().exclude(pk__in=[user.pk for user in accounts])


class HeirForm(ReasonForm):
    """Why an account changes, and who gets what would be read by nobody then."""

    follow_up_successor = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        help_text=gettext_lazy("Nobody else can see them."),
    )

    def __init__(self, *args: Any, accounts: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, accounts=accounts, **kwargs)
        number = sum(count for user in accounts for _duty, count in duties.personal_duties(user))
        if not number:
            del self.fields["follow_up_successor"]
            return
        set_rows(self, "follow_up_successor", self.takers)
        self.fields["follow_up_successor"].label = ngettext(
            "%(number)s follow-up that belongs to no file goes to",
            "%(number)s follow-ups that belong to no file go to",
            number,
        ) % {"number": number}


class RoleForm(HeirForm):
    field_order = ("reason", "role", "whole_district", "follow_up_successor")
    role = forms.ChoiceField(label=gettext_lazy("New role"), choices=Role.choices)
    whole_district = forms.BooleanField(
        label=gettext_lazy("Officer for the whole district (coordination)"), required=False
    )


class DeactivateForm(HeirForm):
    field_order = ("reason", "successor", "follow_up_successor")
    successor = forms.ModelChoiceField(
        label=gettext_lazy("Successor (otherwise the files fall to the inbox)"),
        queryset=User.objects.none(),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_rows(self, "successor", self.takers)
        if "follow_up_successor" in self.fields:
            self.fields["follow_up_successor"].help_text = _(
                "Only needed without a successor. Nobody else can see them."
            )


class PasswordForm(SetPasswordMixin, ReasonForm):
    """A one-time password for another user; the rules of every password hold."""

    field_order = ("reason", "password1", "password2")
    password1, password2 = SetPasswordMixin.create_password_fields(label1=gettext_lazy("One-time password"))

    def __init__(self, *args: Any, accounts: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, accounts=accounts, **kwargs)
        (self.user,) = accounts
        self.fields["reason"].help_text = _("The person and the coordination read it.")

    def clean(self) -> dict[str, Any] | None:
        self.validate_passwords()
        self.validate_password_for_user(self.user)
        cleaned: dict[str, Any] | None = super().clean()
        return cleaned


class PeriodForm(forms.ModelForm):
    """From–to, beginning today by default."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial.setdefault("since", timezone.localdate())

    def has_changed(self) -> bool:
        # A row that must exist is stored with what was filled in beforehand, too.
        is_required_row = self.instance.pk is None and not self.empty_permitted
        return is_required_row or bool(super().has_changed())

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The end lies before the beginning."))
        return cleaned


class ServiceForm(PeriodForm):
    class Meta:
        # "0,5" is how a share is written here.
        localized_fields = ("fte_share",)


class ServiceFormSet(forms.BaseInlineFormSet):
    """A new account names a municipality if its role works in one; other roles have none."""

    def clean(self) -> None:
        super().clean()
        user = self.instance
        if user.pk is not None or not self.forms or any(self.errors):
            return
        named = [form for form in self.forms if form.has_changed()]
        if user.needs_place and not named:
            self.forms[0].add_error("municipality", self._place_missing())
        if not user.needs_place:
            for form in named:
                form.add_error(
                    "municipality", _("The administration and the coordination serve in no municipality.")
                )

    @staticmethod
    def _place_missing() -> str:
        if not Municipality.objects.exists():
            return _("There is no municipality yet. Please add one first, then the account.")
        return _("Please choose where this person serves; without a municipality her pages stay empty.")


class NewUserForm(UserCreationForm):
    """A new account with its role; the password follows the rules of the log-in and serves once."""

    password1, password2 = SetPasswordMixin.create_password_fields(label1=gettext_lazy("One-time password"))

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "role", "whole_district")

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] | None = super().clean()
        if self.cleaned_data.get("whole_district") and self.cleaned_data.get("role") != Role.OFFICER:
            self.add_error("whole_district", _("Only an officer can be responsible for the whole district."))
        return cleaned
