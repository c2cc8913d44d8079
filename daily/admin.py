"""What the administration reads about the daily run and the outbox; nothing here can be changed."""

import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.catalogue_admin import CatalogueAdmin
from daily import steps
from daily.models import JobRun, OutgoingMessage


class ReadOnlyAdmin(CatalogueAdmin):
    """Rows that only a command writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    list_display = ("day", "done", "count", "started_at", "took", "error")
    list_display_links: Any = None

    @admin.display(description=gettext_lazy("step"), ordering="step")
    def done(self, run: JobRun) -> str:
        return _("Daily run as a whole") if run.step == JobRun.WHOLE else steps.label_of(run.step)

    @admin.display(description=gettext_lazy("seconds"))
    def took(self, run: JobRun) -> int:
        return round(run.took / datetime.timedelta(seconds=1))


@admin.register(OutgoingMessage)
class OutgoingMessageAdmin(ReadOnlyAdmin):
    """Whether mail arrives; what it says is for its recipient alone."""

    list_display = ("day", "recipient", "kind", "state", "attempts", "tried_at", "due_at", "last_error")
    list_display_links: Any = None
    list_filter = ("state", "kind")
    list_select_related = ("recipient",)
    fields = list_display
