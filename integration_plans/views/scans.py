"""The signed sheet of a version, scanned and kept with it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.choices import DocumentKind
from documents.forms.files import DocumentForm
from documents.models import Document
from documents.views.files import UploadView
from integration_plans.models import PlanVersion
from integration_plans.services.scans import attach_scan
from integration_plans.views.base import PlanFileMixin
from ui.notes import notify


class VersionScanView(PlanFileMixin, UploadView):
    """Keep the signed sheet of a closed version."""

    form_class = DocumentForm
    form_code = "plan.scan"
    title = gettext_lazy("Keep the signed sheet")

    def version(self) -> PlanVersion:
        rows = PlanVersion.objects.editable_by(self.request.user).of(self.client).closed()
        found: PlanVersion = self.child_or_404(rows, uuid=self.kwargs["version"])
        return found

    def object_key(self) -> str:
        return f"{self.client.uuid}/{self.kwargs['version']}"

    def form_kwargs(self) -> dict[str, Any]:
        said = _("Agreement, version %(number)d") % {"number": self.version().number}
        document = Document(client=self.client, kind=DocumentKind.AGREEMENT, description=said)
        return {"instance": document}

    def form_valid(self, form: DocumentForm) -> object:
        document = attach_scan(self.actor, self.version(), form.record(), form.cleaned_data["file"])
        notify(self.request, _("Kept as “%(name)s”.") % {"name": document.name})
        return document

    def success_url(self, result: object) -> str:
        return self.plan_url()

    def cancel_url(self) -> str:
        return self.plan_url()
