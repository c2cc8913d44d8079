"""Group events that belong to no file: written down and corrected."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Municipality
from appointments.forms.group_event import GroupEventCorrectionForm, GroupEventForm
from appointments.models import GroupEvent
from appointments.services import group_events as services
from appointments.views.office_hours import OfficeHoursFrame
from clients.views.base import WriteView
from ui.notes import notify


class _EventFormView(OfficeHoursFrame, WriteView, abstract=True):
    """A form that leads back to the list."""

    def success_url(self, result: object) -> str:
        notify(self.request, _("The group event is stored."))
        return reverse("appointments:office_hours")

    def cancel_url(self) -> str:
        return reverse("appointments:office_hours")


class GroupEventNewView(_EventFormView):
    """An event for whoever came."""

    form_class = GroupEventForm
    form_code = "group_event"
    title = gettext_lazy("Log a group event without a file")
    lead = gettext_lazy(
        "If it was about clients of yours, log it in one of their files and name who took part."
    )

    def form_kwargs(self) -> dict[str, Any]:
        first = Municipality.objects.filter(pk__in=self.scope.municipalities).first()
        return {"instance": GroupEvent(municipality=first, held_on=self.today), "today": self.today}

    def form_valid(self, form: GroupEventForm) -> object:
        return services.log_group_event(self.actor, form.record())


class GroupEventView(_EventFormView):
    """Correct one."""

    form_class = GroupEventCorrectionForm
    form_code = "group_event_correction"
    title = gettext_lazy("Correct a group event without a file")
    submit_label = gettext_lazy("Save")

    @cached_property
    def event(self) -> GroupEvent:
        found: GroupEvent | None = (
            GroupEvent.objects.visible_to(self.request.user).filter(uuid=self.kwargs["uuid"]).first()
        )
        if found is None:
            raise Http404
        return found

    def object_key(self) -> str:
        return str(self.event.uuid)

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.event, "today": self.today}

    def form_valid(self, form: GroupEventCorrectionForm) -> object:
        changed = [name for name in form.changed_data if name in form.Meta.fields]
        return services.correct_group_event(
            self.actor, form.record(), changed, expected_version=form.expected_version
        )
