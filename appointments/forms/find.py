"""Finding a person: in one's own caseload by search, a colleague's client by exact data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.models import User
from clients.forms.find import ExactFileFields
from clients.models import Client
from clients.services.duplicates import Answer, ask_for_colleagues_file
from ui.forms import UiForm


class FindForm(UiForm):
    """Search within one's own caseload and those one stands in for."""

    q = forms.CharField(
        label=gettext_lazy("Name, case number or date of birth"), max_length=100, required=False
    )
    error_title = gettext_lazy("Nothing found.")


class ColleagueFindForm(ExactFileFields):
    """A colleague's client, named exactly.

    Args:
        user: the acting user.
    """

    arrangement = ("case_no", ("surname", "given_name", "birth_date"))
    error_title = gettext_lazy("Nothing found.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def search(self) -> Answer:
        """The colleague's file, recorded as announced; or none; or when to ask again."""
        return ask_for_colleagues_file(Actor(self.user), self.question)

    def own_file(self) -> Client | None:
        """The file of that case number when the user is responsible for it or stands in: nothing to leave there."""
        case_no = self.cleaned_data["case_no"]
        return Client.objects.editable_by(self.user).filter(case_no=case_no).first() if case_no else None
