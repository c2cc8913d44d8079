"""Documents of a funding period: kept, handed out, deleted."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.recording import record
from documents.forms.files import DeleteForm
from documents.views.files import UploadForm, handed_out
from funding import actions
from funding.forms.papers import PaperForm
from funding.models import Paper
from funding.services import papers
from funding.views.base import PeriodActionView, PeriodMixin, PeriodWriteView
from ui.links import reverse
from ui.notes import notify

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class PaperNewView(PeriodWriteView, UploadForm):
    """Keep a file with this period."""

    form_class = PaperForm
    form_code = "funding.paper"
    title = gettext_lazy("Add a document")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": Paper(period=self.period)}

    def form_valid(self, form: PaperForm) -> object:
        paper = papers.keep_paper(self.actor, form.record(), form.cleaned_data["file"])
        notify(self.request, _("Kept as “%(name)s”.") % {"name": paper.name})
        return paper


class PaperView(PeriodMixin):
    """Hands out one document, always as an attachment."""

    model = Paper

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        paper: Paper = self.child_or_404(Paper.objects.visible_to(request.user).kept())
        record(self.actor, actions.PAPER_READ, kind="paper")
        return handed_out(request, paper, self.period.get_absolute_url())


class PaperDeleteView(PeriodWriteView):
    """Delete a document, with a reason."""

    model = Paper
    form_class = DeleteForm
    form_code = "funding.paper_delete"
    title: "StrOrPromise" = gettext_lazy("Delete the document")
    submit_label = gettext_lazy("Delete the document")

    @cached_property
    def paper(self) -> Paper:
        found: Paper = self.child_or_404(Paper.objects.editable_by(self.request.user).kept())
        return found

    def object_key(self) -> str:
        return str(self.kwargs["row"])

    def form_kwargs(self) -> dict[str, Any]:
        # A row the reader may not know of answers 404 before anything is shown.
        self.title = _("Delete “%(name)s”") % {"name": self.paper.name}
        return {}

    def form_valid(self, form: DeleteForm) -> object:
        paper = papers.delete_paper(self.actor, self.paper, reason=form.cleaned_data["reason"])
        undo = reverse("funding:paper_restore", args=[self.period.uuid, paper.uuid])
        notify(self.request, _("Deleted: %(name)s.") % {"name": paper.name}, undo_url=undo)
        return paper


class PaperRestoreView(PeriodActionView):
    """The deletion was a slip, and it is still the same day."""

    model = Paper

    def act(self) -> None:
        paper = self.child_or_404(Paper.objects.editable_by(self.request.user))
        try:
            papers.restore_paper(self.actor, paper)
        except ValidationError as refused:
            messages.error(self.request, " ".join(refused.messages))
            return
        notify(self.request, _("The document is back."))
