"""Finding a person: in one's own caseload by search, a colleague's client by exact data."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.forms import set_rows
from accounts.models import User
from clients.models import Client
from clients.rules.dates import UncertainDate
from clients.rules.names import parse_case_number
from clients.services.duplicates import Answer, Question, ask_for_colleagues_file
from ui.forms import UiForm


class FindForm(UiForm):
    """Search within one's own caseload and those one stands in for."""

    q = forms.CharField(
        label=gettext_lazy("Name, case number or date of birth"), max_length=100, required=False
    )
    error_title = gettext_lazy("Nothing found.")


class PersonForm(UiForm):
    """The chosen person; strangers are not among the choices.

    Args:
        user: the acting user.
    """

    client = forms.ModelChoiceField(queryset=Client.objects.none(), to_field_name="uuid")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_rows(self, "client", Client.objects.editable_by(user))


class ColleagueFindForm(UiForm):
    """Full surname and exact date of birth, or the case number (rules.md §8 "Colleague's file").

    Args:
        user: the acting user.
    """

    case_no = forms.CharField(label=gettext_lazy("Case number"), max_length=20, required=False)
    surname = forms.CharField(label=gettext_lazy("Full surname"), max_length=120, required=False)
    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=120, required=False)
    birth_date = forms.DateField(label=gettext_lazy("Date of birth"), required=False)
    arrangement = ("case_no", ("surname", "given_name", "birth_date"))
    error_title = gettext_lazy("Nothing found.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_case_no(self) -> str:
        typed: str = self.cleaned_data["case_no"].strip().upper()
        if typed and parse_case_number(typed) is None:
            raise ValidationError(_("A case number looks like STU-2018-0042."))
        return typed

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if (
            not self.errors
            and not data.get("case_no")
            and not (data.get("surname") and data.get("birth_date"))
        ):
            raise ValidationError(
                _("Please enter the case number, or the full surname and the exact date of birth.")
            )
        return data

    def search(self) -> Answer:
        """The colleague's file, recorded as announced; or none; or when to ask again."""
        data = self.cleaned_data
        if data["case_no"]:
            return ask_for_colleagues_file(Actor(self.user), Question(case_no=data["case_no"]))
        born = UncertainDate(data["birth_date"])
        return ask_for_colleagues_file(
            Actor(self.user), Question("", data["surname"], data["given_name"], born)
        )

    def own_file(self) -> Client | None:
        """The file of that case number when the user is responsible for it or stands in: nothing to leave there."""
        case_no = self.cleaned_data["case_no"]
        return Client.objects.editable_by(self.user).filter(case_no=case_no).first() if case_no else None
