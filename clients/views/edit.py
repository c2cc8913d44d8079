"""Changing a file: one form, one service call; and the personal details themselves."""

from abc import abstractmethod
from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.records import StaleRecord
from clients.forms import files as file_forms
from clients.models import Client, ClientName
from clients.services import files, names
from clients.services.closed_files import FileClosed
from clients.views.base import FileMixin, FileWriteView
from ui.htmx import hx_redirect
from ui.notes import notify

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class PersonPageMixin:
    """Returns to the page the form was opened from."""

    client: Client

    def success_url(self, result: object) -> str:
        return reverse("clients:person", args=[self.client.uuid])

    def cancel_url(self) -> str:
        return reverse("clients:person", args=[self.client.uuid])


class _ClientColumnsView(PersonPageMixin, FileWriteView, abstract=True):
    """A form over columns of the file itself."""

    permission = "client.edit"

    def form_kwargs(self) -> dict[str, Any]:
        # A copy: the page around a refused form goes on to name what is stored.
        return {"instance": copy(self.client)}

    def form_valid(self, form: Any) -> object:
        return files.update_client(
            self.actor, form.record(), fields=form.columns, expected_version=form.expected_version
        )


class ClientPersonEditView(_ClientColumnsView):
    form_class = file_forms.PersonForm
    form_code = "client.person"
    title = gettext_lazy("Change personal details")


class ClientReachEditView(_ClientColumnsView):
    form_class = file_forms.ReachForm
    form_code = "client.reach"
    title = gettext_lazy("How the person may be reached")


class ClientLanguagesView(PersonPageMixin, FileWriteView):
    permission = "client.edit"
    form_class = file_forms.LanguagesForm
    form_code = "client.languages"
    title = gettext_lazy("Languages and reading")

    def form_kwargs(self) -> dict[str, Any]:
        rows = self.client.client_languages.select_related("language")
        return {"instance": self.client, "spoken": [row.language for row in rows]}

    def form_valid(self, form: file_forms.LanguagesForm) -> object:
        return files.set_languages(
            self.actor,
            form.record(),
            file_forms.spoken_languages(form),
            expected_version=form.expected_version,
        )


class SpellingNewView(PersonPageMixin, FileWriteView):
    permission = "client.edit"
    form_class = file_forms.SpellingForm
    form_code = "client.spelling"
    title = gettext_lazy("Add another spelling")

    def form_valid(self, form: file_forms.SpellingForm) -> object:
        data = form.cleaned_data
        return names.add_spelling(
            self.actor, self.client, surname=data["surname"], given_name=data["given_name"]
        )


class FileActionView(FileMixin, abstract=True):
    """A button of a file: POST only, back to the page it stands on."""

    http_method_names = ["post"]
    edits = True
    model: ClassVar[Any] = None
    done: ClassVar["StrOrPromise"] = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.act()
        except StaleRecord:
            notify(request, _("Somebody else has changed this in the meantime. Nothing was changed."))
        except FileClosed:
            raise
        except ValidationError as refused:
            messages.warning(request, " ".join(refused.messages))
        else:
            if self.done:
                notify(request, str(self.done))
        return hx_redirect(request, self.back())

    @abstractmethod
    def act(self) -> None:
        """Call the one service."""

    def back(self) -> str:
        return reverse("clients:person", args=[self.client.uuid])

    def row(self) -> Any:
        """The row of this file the button is about."""
        rows = self.model.objects
        mine = rows.editable_by(self.request.user) if self.edits else rows.visible_to(self.request.user)
        return self.child_or_404(mine.of(self.client), uuid=self.kwargs["row"])


class SpellingRemoveView(FileActionView):
    permission = "client.edit"

    def act(self) -> None:
        rows = ClientName.objects.editable_by(self.request.user).of(self.client).filter(is_main=False)
        names.remove_spelling(self.actor, self.child_or_404(rows, pk=self.kwargs["pk"]))


class NewRowView(PersonPageMixin, FileWriteView, abstract=True):
    """A form that adds a row to the file."""

    permission = "client.edit"
    model: ClassVar[Any] = None

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.model(client=self.client)}


class RowEditView(PersonPageMixin, FileWriteView, abstract=True):
    """A form that corrects a row of the file; its draft belongs to the row."""

    permission = "client.edit"
    model: ClassVar[Any] = None

    def object_key(self) -> str:
        return f"{self.client.uuid}/{self.kwargs['row']}"

    def form_kwargs(self) -> dict[str, Any]:
        rows = self.model.objects.editable_by(self.request.user).of(self.client).select_related("client")
        return {"instance": self.child_or_404(rows, uuid=self.kwargs["row"])}
