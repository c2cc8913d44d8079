"""Who lives with the person and who is counselled along."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.records import DuplicateSubmission
from clients.file_context import FileContext
from clients.forms import household as household_forms
from clients.models import Client, HouseholdChange, Relative
from clients.services import household
from clients.services.household_history import split_of_today, undo_split
from clients.views.base import FileWriteView
from clients.views.edit import FileActionView, NewRowView, PersonPageMixin, RowEditView
from ui.notes import notify


class RelativeNewView(NewRowView):
    permission = "client.household"
    model = Relative
    form_class = household_forms.RelativeForm
    form_code = "relative.new"
    title = gettext_lazy("Add a co-counselled relative")

    def form_valid(self, form: household_forms.RelativeForm) -> object:
        return household.add_relative(self.actor, form.record(), since=form.cleaned_data["since"])


class RelativeEditView(RowEditView):
    permission = "client.household"
    model = Relative
    form_class = household_forms.RelativeForm
    form_code = "relative.edit"
    title = gettext_lazy("Change a relative")

    def form_valid(self, form: household_forms.RelativeForm) -> object:
        return household.change_relative(self.actor, form.record(), expected_version=form.expected_version)


class RelativeFileView(FileActionView):
    """A relative gets a file of their own."""

    permission = "client.household"
    model = Relative
    opened: Client | None = None

    def act(self) -> None:
        try:
            self.opened = household.open_file_for(self.actor, self.row())
        except DuplicateSubmission as done:
            self.opened = done.record if isinstance(done.record, Client) else None
        except ValidationError as refused:
            notify(self.request, " ".join(refused.messages))

    def back(self) -> str:
        return self.opened.get_absolute_url() if self.opened else super().back()


class HouseholdJoinView(PersonPageMixin, FileWriteView):
    permission = "client.household"
    form_class = household_forms.JoinHouseholdForm
    form_code = "household.join"
    title = gettext_lazy("Somebody with an own file lives here, too")
    submit_label = gettext_lazy("Add to the household")

    def form_kwargs(self) -> dict[str, Any]:
        return {"client": self.client}

    def form_valid(self, form: household_forms.JoinHouseholdForm) -> object:
        said = form.cleaned_data
        return household.join_household(
            self.actor, self.client, said["other"], relation=said["relation"], since=said["since"]
        )


class HouseholdSplitView(PersonPageMixin, FileWriteView):
    """Who no longer lives here; the address names the member whose link was followed."""

    permission = "client.household"
    form_class = household_forms.SplitHouseholdForm
    form_code = "household.split"
    title = gettext_lazy("Somebody no longer lives here")
    submit_label = gettext_lazy("Change the household")

    def why_no_form(self) -> str:
        if FileContext.of(self.client, self.actor).facts.household:
            return ""
        return _("Nobody else is recorded in this household.")

    def form_kwargs(self) -> dict[str, Any]:
        asked = self.request.GET.get("member", "")
        return {"client": self.client, "initial": {"members": [asked] if asked.isdecimal() else []}}

    def form_valid(self, form: household_forms.SplitHouseholdForm) -> object:
        said = form.cleaned_data
        return household.split_household(self.actor, self.client, said["members"], on=said["on"])

    def success_url(self, result: object) -> str:
        rows = HouseholdChange.objects.visible_to(self.request.user).of(self.client)
        split = split_of_today(rows, self.request.user, self.today)
        undo = split and reverse("clients:household_unsplit", args=[self.client.uuid, split.uuid])
        notify(self.request, _("The household was changed."), undo_url=undo or "")
        return super().success_url(result)


class HouseholdUnsplitView(FileActionView):
    """It was a slip: everybody lives together again, as before."""

    permission = "client.household"
    model = HouseholdChange
    done = gettext_lazy("The household is as it was before.")

    def act(self) -> None:
        undo_split(self.actor, self.row())
