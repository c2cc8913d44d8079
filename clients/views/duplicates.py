"""Whether two files are about one person: the dismissal, asking again, and the link."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.recording import record
from clients.forms.duplicates import LinkForm
from clients.models import Client, DuplicateLink
from clients.services import duplicate_dismissals, duplicate_links
from clients.views.base import FileWriteView
from clients.views.edit import FileActionView
from ui.notes import notify


class _PairView(FileActionView, abstract=True):
    """A button about this file and another one that the user knows; everything else does not exist."""

    permission = "client.edit"

    def other(self) -> Client:
        """The other file of the pair."""
        found = duplicate_dismissals.known_file(self.request.user, self.kwargs["other"])
        if found is None or found.pk == self.client.pk:
            raise Http404
        return found

    def back(self) -> str:
        return f"{reverse('clients:person', args=[self.client.uuid])}#p-same"


class DuplicateDismissView(_PairView):
    """Different persons; they are not suspected again."""

    done = gettext_lazy("Remembered: these are different persons.")

    def act(self) -> None:
        duplicate_dismissals.dismiss_duplicates(self.actor, self.client, [self.other()])


class DuplicateReopenView(_PairView):
    """The same person after all? The suspicion stands again."""

    done = gettext_lazy("The question is open again.")

    def act(self) -> None:
        duplicate_dismissals.reopen(self.actor, self.client, self.other())


class DuplicateLinkView(FileWriteView):
    """Two own files of one person: which one leads; the other is closed and shows where it goes on."""

    permission = "client.close"
    template_name = "clients/duplicate_link.html"
    form_class = LinkForm
    form_code = "client.link"
    title = gettext_lazy("Link two files of one person")
    submit_label = gettext_lazy("Link the files")

    def settle_access(self) -> None:
        super().settle_access()
        rows = Client.objects.visible_to(self.request.user)
        other = rows.filter(uuid=self.kwargs["other"]).exclude(pk=self.client.pk).first()
        if other is None:
            raise Http404
        if self.actor.acting_for(other) is not None:
            raise PermissionDenied
        self.other: Client = other

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record(self.actor, self.read_action, client=self.other, kind="client")
        return super().get(request, *args, **kwargs)

    def object_key(self) -> str:
        return f"{self.client.uuid} {self.other.uuid}"

    def form_kwargs(self) -> dict[str, Any]:
        return {"pair": (self.client, self.other)}

    def form_valid(self, form: LinkForm) -> object:
        link = duplicate_links.link_files(self.actor, *form.chosen())
        notify(
            self.request,
            _(
                "Linked: the counselling goes on in %(case_no)s. Under “The same person?” the link can be undone."
            )
            % {"case_no": link.other.case_no},
        )
        return link

    def success_url(self, result: DuplicateLink) -> str:
        return f"{reverse('clients:person', args=[result.other.uuid])}#p-same"

    def cancel_url(self) -> str:
        return f"{reverse('clients:person', args=[self.client.uuid])}#p-same"

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(files=[self.client, self.other], **extra)


class DuplicateUnlinkView(_PairView):
    """The link was a slip: both files are as they were before."""

    permission = "client.close"
    edits = False
    done = gettext_lazy("The link is undone. Both files are as they were before.")

    def act(self) -> None:
        rows = DuplicateLink.objects.visible_to(self.request.user).of(self.client).holding()
        other = self.other()
        link = next((row for row in rows if other.pk in (row.client_id, row.other_id)), None)
        if link is None:
            raise Http404
        duplicate_links.undo_link(self.actor, link)
