"""Who lives with the person and who is counselled along."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from accounts.records import AlreadyDone
from clients.forms import facts as fact_forms
from clients.models import Client, HouseholdMember, Relative
from clients.services import household
from clients.views.base import FileWriteView
from clients.views.edit import FileActionView, NewRowView, PersonPageMixin, RowEditView
from ui.notes import notify


class RelativeNewView(NewRowView):
    permission = "client.household"
    model = Relative
    form_class = fact_forms.RelativeForm
    form_code = "relative.new"
    title = gettext_lazy("Add a co-counselled relative")

    def form_valid(self, form: fact_forms.RelativeForm) -> object:
        return household.add_relative(self.actor, form.record())


class RelativeEditView(RowEditView):
    permission = "client.household"
    model = Relative
    form_class = fact_forms.RelativeForm
    form_code = "relative.edit"
    title = gettext_lazy("Change a relative")

    def form_valid(self, form: fact_forms.RelativeForm) -> object:
        return household.change_relative(self.actor, form.record(), expected_version=form.expected_version)


class RelativeFileView(FileActionView):
    """A relative gets a file of their own."""

    permission = "client.household"
    model = Relative
    opened: Client | None = None

    def act(self) -> None:
        try:
            self.opened = household.open_file_for(self.actor, self.row())
        except AlreadyDone as done:
            self.opened = done.record if isinstance(done.record, Client) else None
        except ValidationError as refused:
            notify(self.request, " ".join(refused.messages))

    def back(self) -> str:
        return self.opened.get_absolute_url() if self.opened else super().back()


class HouseholdJoinView(PersonPageMixin, FileWriteView):
    permission = "client.household"
    form_class = fact_forms.JoinHouseholdForm
    form_code = "household.join"
    title = gettext_lazy("Somebody with an own file lives here, too")
    submit_label = gettext_lazy("Add to the household")

    def form_kwargs(self) -> dict[str, Any]:
        return {"client": self.client}

    def form_valid(self, form: fact_forms.JoinHouseholdForm) -> object:
        return household.join_household(
            self.actor, self.client, form.cleaned_data["other"], relation=form.cleaned_data["relation"]
        )


class HouseholdLeaveView(FileActionView):
    permission = "client.household"
    done = gettext_lazy("The household was changed.")

    def act(self) -> None:
        members = (
            HouseholdMember.objects.editable_by(self.request.user)
            .current()
            .filter(household__members__client=self.client, household__members__until__isnull=True)
            .distinct()
        )
        member = self.child_or_404(members, pk=self.kwargs["pk"])
        household.leave_household(self.actor, member, client=self.client)
