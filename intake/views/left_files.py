"""Closed files whose last manager has left."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client
from clients.views.base import WriteView
from intake.forms.left_files import ReopenLeftForm
from intake.services.left_files import reopen_left_file
from ui.notes import notify


class LeftFileReopenView(WriteView):
    """Name the file exactly and say why; only then it opens."""

    permission = "inbox.take"
    form_class = ReopenLeftForm
    form_code = "left_file.reopen"
    title = gettext_lazy("Re-open a file of somebody who left")
    submit_label = gettext_lazy("Re-open as my file")
    lead = gettext_lazy(
        "A closed file stays with its last manager. If she has left, whoever counsels the person now re-opens it. That "
        "you asked, and why, stands in the file."
    )

    def form_valid(self, form: ReopenLeftForm) -> Client:
        data = form.cleaned_data
        return reopen_left_file(
            self.actor, form.question, phase=data["phase"], on=data["on"], reason=data["reason"]
        )

    def success_url(self, result: Client) -> str:
        notify(self.request, _("The file %(case_no)s is open again and yours.") % {"case_no": result.case_no})
        return result.get_absolute_url()

    def cancel_url(self) -> str:
        return reverse("intake:inbox")
