"""Forms about the household: relatives, who joins, who leaves."""

import datetime
from typing import Any

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.forms import ScopedForm, ScopedModelForm, set_rows
from accounts.models import User
from clients.choices import Precision, Relation
from clients.forms.facts import not_in_future
from clients.forms.fields import UncertainDateField, preset
from clients.forms.files import DATE_HINT, clean_birth
from clients.models import Client, HouseholdMember, Relative
from clients.querysets import HouseholdMemberQuerySet
from clients.rules.dates import UncertainDate
from clients.services.protection import reads_address
from ui.forms import RowsField, set_choices
from ui.parts import member_text


class RelativeForm(ScopedModelForm):
    """A co-counselled relative: only name, birth and relation."""

    instance: Relative
    since = forms.DateField(label=_("Lives here since"), required=False, help_text=_("Empty: since today."))
    birth = UncertainDateField(label=_("Date of birth"), help_text=DATE_HINT)

    class Meta:
        model = Relative
        fields = ("surname", "given_name", "relation")

    arrangement = (("surname", "given_name"), ("birth", "relation"), "since")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(
            self, "relation", [choice for choice in Relation.choices if choice[0] != Relation.REFERENCE]
        )
        if self.instance.pk:
            self.initial.setdefault("birth", self.instance.birth)
            del self.fields["since"]
            return
        preset(self, since=timezone.localdate())

    def clean_since(self) -> datetime.date | None:
        return not_in_future(self.cleaned_data["since"])

    def clean_birth(self) -> UncertainDate | None:
        return clean_birth(self.cleaned_data["birth"], timezone.localdate())

    def _post_clean(self) -> None:
        if "birth" in self.cleaned_data:
            born: UncertainDate | None = self.cleaned_data["birth"]
            self.instance.birth_date = born.value if born else None
            self.instance.birth_precision = born.precision if born else Precision.DAY
        super()._post_clean()  # type: ignore[misc]  # a hook of Django that its types leave out

    def changed_fields(self, current: Model) -> list[str]:
        changed = super().changed_fields(current)
        is_other = isinstance(current, Relative) and self.instance.birth != current.birth
        return [*changed, "birth"] if is_other else changed


class CaseloadField(forms.ModelChoiceField):
    """One's own files by surname; the case number tells namesakes apart, and stands alone under Sichtschutz."""

    shows_names = True

    def label_from_instance(self, obj: Any) -> str:
        if not self.shows_names:
            return str(obj.case_no)
        return f"{obj.list_name} · {obj.case_no}"


class JoinHouseholdForm(ScopedForm):
    """Another client of the caseload joins the household.

    Args:
        client: whose household is joined.
    """

    other = CaseloadField(
        label=_("Who lives here, too?"),
        queryset=None,
        help_text=_("Type the surname. Only people of your own caseload stand in the list."),
    )
    relation = forms.ChoiceField(
        label=_("Relation to the reference person"),
        choices=[choice for choice in Relation.choices if choice[0] != Relation.REFERENCE],
    )

    since = forms.DateField(label=_("Lives here since"), required=False, help_text=_("Empty: since today."))

    def __init__(self, *args: Any, client: Client, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        preset(self, since=timezone.localdate())
        field = set_rows(
            self, "other", Client.objects.editable_by(user).exclude(pk=client.pk).in_list_order()
        )
        if isinstance(field, CaseloadField):
            field.shows_names = not user.privacy_screen
            field.widget.attrs["data-who"] = ""

    def clean_since(self) -> datetime.date | None:
        return not_in_future(self.cleaned_data["since"])


class MembersField(RowsField):
    """Members of a household by name, ticked."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        case_no = obj.client.case_no if obj.client else ""
        return format_html("{} · {}", member_text(obj.display_name, case_no), obj.get_relation_display())


def members_of(client: Client, user: User) -> HouseholdMemberQuerySet:
    """Who of the client's household the user may move: the client, and people of her own files."""
    rows = HouseholdMember.objects.editable_by(user).current()
    if not reads_address(user, client, timezone.now()):
        return rows.none()
    rows = rows.filter(household_id__in=rows.filter(client=client).values("household_id"))
    return rows.disclosed_to(client).select_related("client", "relative__client")


class SplitHouseholdForm(ScopedForm):
    """Who no longer lives here, and from when.

    Args:
        client: whose household is split.
    """

    members = MembersField(label=_("Who no longer lives here?"), queryset=None)
    on = forms.DateField(
        label=_("First day elsewhere"),
        help_text=_(
            "Those who leave together stay one household. The new address stands in their files only."
        ),
    )

    def __init__(self, *args: Any, client: Client, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        set_rows(self, "members", members_of(client, user))
        preset(self, on=timezone.localdate())

    def clean_on(self) -> datetime.date | None:
        return not_in_future(self.cleaned_data["on"])
