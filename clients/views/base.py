"""The base of every page under ``/clients/<uuid>/`` and of every write form (architecture.md "Row access").

A user who may not see a file gets 404; this includes officers and administrators. 403 is for a forbidden act in a
file that she may see.
"""

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.context import OPEN_FILE
from accounts.generic import AccessView, PageView
from accounts.permissions import may
from accounts.records import DuplicateSubmission, Record, StaleRecord, made_with, uuid_of
from audit.actions import Action
from audit.recording import record
from clients import actions, drafts, sections
from clients.file_context import FileContext
from clients.models import Client, Draft
from clients.services.change import FileLost
from clients.services.closed_files import FileClosed
from ui.frame import DRAFT_KEPT
from ui.htmx import hx_redirect, safe_next
from ui.links import reverse

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class FileMixin(AccessView, abstract=True):
    """Lets a request into one file.

    Attributes:
        edits: the view writes; a closed file answers 403 then.
        client: the file.
        acting_for: id of the absent manager when the user sees the file as stand-in, else None.
    """

    edits: ClassVar[bool] = False
    client: Client
    acting_for: int | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except FileClosed as refused:
            # A form shows it where it was typed; a button has only the file to go to.
            messages.warning(request, " ".join(refused.messages))
            return hx_redirect(request, self.client.get_absolute_url())
        except FileLost as lost:
            if lost.file.pk != self.client.pk:
                raise
            # Lost since it was fetched: the same answer as a moment later.
            raise Http404 from lost

    def settle_access(self) -> None:
        rows = Client.objects.visible_to(self.request.user).with_level_for(self.request.user, self.now)
        joined = rows.select_related("municipality", "manager", "nationality", "preferred_language", "source")
        try:
            self.client = client = joined.get(uuid=self.kwargs["uuid"])
        except Client.DoesNotExist:
            raise Http404 from None
        if not client.is_closed:
            # The frame offers to log in the open file (accounts.context).
            setattr(self.request, OPEN_FILE, client.uuid)
        self.acting_for = self.actor.acting_for(client)
        if not may(self.request.user, str(self.permission), as_stand_in=self.acting_for is not None):
            raise PermissionDenied
        if self.edits and client.is_closed:
            raise PermissionDenied

    def refused_subject(self) -> UUID | None:
        return (
            Client.objects.unscoped(reason="the refusal is recorded in the file it concerns")
            .filter(uuid=self.kwargs["uuid"])
            .values_list("subject_ref", flat=True)
            .first()
        )

    def record_read(self, action: Action) -> None:
        """The one read entry of this request; it is written before anything is rendered."""
        record(self.actor, action, client=self.client, kind="client")

    def child_or_404(self, rows: Any, **key: Any) -> Any:
        """One row of this file.

        Args:
            rows: ``Model.objects.visible_to(user)`` or ``.editable_by(user)``.
            key: the look-up, usually ``uuid=``.
        """
        found = rows.filter(**key).first()
        if found is None:
            raise Http404
        if getattr(found, "client_id", None) == self.client.pk:
            found.client = self.client
        return found


class FilePage(FileMixin, PageView, abstract=True):
    """A page that shows a file: one request, one read entry.

    Attributes:
        read_action: what the entry says.
        tab: code of the current file tab.
    """

    read_action: ClassVar[Action]
    tab: ClassVar[str] = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.record_read(self.read_action)
        return self.render(self.page())

    def page(self) -> dict[str, Any]:
        """The context of the page."""
        return {}

    @cached_property
    def file(self) -> FileContext:
        """The file as this request shows it."""
        return FileContext.of(self.client, self.actor)

    def tabs(self) -> list[tuple[str, Any, str]]:
        """Code, label and address of the file's pages: this app's, and every section that has a page."""
        own = [section for section in sections.registered() if section.route]
        tabs = [
            ("detail", pgettext("file tab", "Overview"), "clients:detail"),
            *((section.code, section.title, section.route) for section in own),
            ("person", _("Personal details"), "clients:person"),
        ]
        return [(code, label, reverse(route, args=[self.client.uuid])) for code, label, route in tabs]

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(
            **{
                "client": self.client,
                "acting_for": self.acting_for,
                "tab": self.tab,
                "tabs": self.tabs(),
                "head": self.file.facts,
                "may_reopen": self.client.is_closed
                and self.file.facts.led_by is None
                and may(self.request.user, "client.reopen", as_stand_in=self.acting_for is not None),
                **extra,
            }
        )


class WriteView(PageView, abstract=True):
    """A page with one form: GET shows it (or its draft), POST calls one service.

    Attributes:
        form_class: a ``ScopedForm`` or ``ScopedModelForm``.
        form_code: stable name of the form; names the draft together with ``object_key``.
        title: heading, also the draft's title.
        submit_label: text of the one primary button.
        lead: a sentence above the form, if something must be known before.
        repeated_text: what is said when the form was saved before, with other content.
    """

    template_name = "components/form_page.html"
    form_class: ClassVar[Any]
    form_code: ClassVar[str] = ""
    title: "StrOrPromise" = ""
    submit_label: ClassVar["StrOrPromise"] = ""
    lead: ClassVar["StrOrPromise"] = ""
    repeated_text: ClassVar["StrOrPromise"] = gettext_lazy(
        "This form was saved before, with other content. What you have typed now is not saved yet "
        "and still here: saving it makes another entry."
    )

    def object_key(self) -> str:
        """What the form is about, "" for a form that makes something new."""
        return ""

    def draft_case_no(self) -> str:
        """The case number the draft is listed under."""
        return ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except (Http404, PermissionDenied):
            # The stand-in ended, the file was closed or the row is gone: the author still keeps the entries.
            if request.method == "POST":
                setattr(request, DRAFT_KEPT, self.keep(request.POST))
            elif self.may_tell and (draft := drafts.at(self.request.user, request.get_full_path())):
                return hx_redirect(request, reverse("clients:draft", args=[draft.pk]))
            raise

    @property
    def may_tell(self) -> bool:
        """Whether the user may know that there is such a page, though it is closed to her now."""
        return True

    def digest(self) -> str:
        """What was posted, to be compared with what the row of an earlier post keeps of it."""
        return drafts.digest(self.form_code, self.object_key(), dict(self.request.POST.lists()))

    def form_kwargs(self) -> dict[str, Any]:
        """Further arguments of the form: ``instance``, ``initial``, ``client``."""
        return {}

    def make_form(self, data: QueryDict | None = None, restored: QueryDict | None = None) -> Any:
        form = self.form_class(data, user=self.request.user, restored=restored, **self.form_kwargs())
        if data is not None:
            form.form_digest = self.digest()
        return form

    def why_no_form(self) -> str:
        """Why nobody could send this form today, because a list it needs is empty; empty when it can be sent."""
        return ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # First of all look up what the address names: a row the user may not see answers 404.
        draft = drafts.stored(self.request.user, self.form_code, self.object_key())
        if why := self.why_no_form():
            return self.render({"title": self.title, "no_form": why, "cancel_url": self.cancel_url()})
        while draft is not None and drafts.was_sent(draft):
            messages.info(request, _("Your last entry here was stored. This is a new one."))
            draft = drafts.stored(self.request.user, self.form_code, self.object_key())
        restored = drafts.as_querydict(draft) if draft else None
        return self.show(self.make_form(restored=restored), draft=draft)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Before every check that fails because of what the first post stored.
        earlier = made_with(uuid_of(request.POST.get("form_token", "")))
        if earlier is not None:
            return self.repeated(earlier)
        form = self.make_form(request.POST)
        is_valid, lost = form.is_valid(), form.refuse_gone()
        if lost or not is_valid:
            return self.refused(form)
        try:
            result = self.form_valid(form)
        except StaleRecord as stale:
            if not form.is_stored(stale.current):
                form.add_stale(stale)
                data = form.data.copy()
                data["version"] = str(getattr(stale.current, "version", ""))
                form.data = data
                return self.refused(form, status=409)
            # The same edit was posted twice: the record has these entries already.
            result = stale.current
        except ValidationError as refused:
            form.add_refusal(refused)
            return self.refused(form)
        except DuplicateSubmission as done:
            return self.repeated(done.record)
        if isinstance(result, HttpResponseBase):
            return result
        if form.errors:
            return self.refused(form)
        return self.saved(result)

    def saved(self, result: Any) -> HttpResponse:
        """On to where the result is seen; the draft has been sent."""
        drafts.discard(self.request.user, self.form_code, self.object_key(), self.request.POST)
        return hx_redirect(self.request, safe_next(self.request, self.success_url(result)))

    def repeated(self, earlier: Record) -> HttpResponseBase:
        """A form whose token was used: the same content is done already, other content is offered as a new entry.

        A second window or a restored draft can carry a used token; its own content was never stored.
        """
        if earlier.form_digest == self.digest():
            return self.saved(earlier)
        form = self.make_form(self.request.POST)
        form.add_error(None, self.repeated_text)
        form.renew_token()
        return self.refused(form, status=409)

    def refused(self, form: Any, status: int = 422) -> HttpResponse:
        """The page with its errors; the entries are kept as a draft, so that they survive a closed tab."""
        typed = self.request.POST.copy()
        if "form_token" in typed:
            typed["form_token"] = form.data["form_token"]
        if drafts.says_something(form, typed):
            self.keep(typed)
        return self.show(form, status=status)

    def keep(self, typed: QueryDict) -> bool:
        """Store the entries as their author's draft; False when the post carried no key to one."""
        key = drafts.read(typed.get("draft_key", ""))
        if key is None or key.user != self.request.user.pk:
            return False
        return drafts.save(key, typed, self.now) is not None

    @abstractmethod
    def form_valid(self, form: Any) -> object:
        """Call the one service and return what it made, or an answer; errors added to the form say nothing was written.

        What the service refuses with a ``ValidationError`` goes to the fields it names.
        """

    @abstractmethod
    def success_url(self, result: Any) -> str:
        """Where to go after saving."""

    def cancel_url(self) -> str:
        """Where "Abbrechen" leads."""
        return "/"

    def draft_key(self, form: Any, draft: Draft | None = None) -> str:
        """The signed key of this form for this user."""
        return drafts.sign(
            drafts.DraftKey(
                user=int(self.request.user.pk or 0),
                form=self.form_code,
                object_key=self.object_key(),
                path=self.request.get_full_path(),
                title=str(self.title),
                case_no=self.draft_case_no(),
                shown=drafts.marks_of(form),
                **drafts.window(self.request.POST, draft),
            )
        )

    def show(self, form: Any, *, draft: Any = None, status: int = 200, **extra: Any) -> HttpResponse:
        """Render the form page."""
        form.carry_gone()
        return self.render(
            {
                "form": form,
                "title": self.title,
                "lead": self.lead,
                "submit_label": self.submit_label,
                "cancel_url": safe_next(self.request, self.cancel_url()),
                "draft": draft,
                "draft_key": self.draft_key(form, draft),
                **extra,
            },
            status=status,
        )


class FileWriteView(FileMixin, WriteView, abstract=True):
    """A form about one file; its draft belongs to user, form and file.

    A form shows what the file holds, so opening it is a read like any other.

    Attributes:
        read_action: what the entry says.
    """

    edits = True
    read_action: ClassVar[Action] = actions.FORM_OPENED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.record_read(self.read_action)
        return super().get(request, *args, **kwargs)

    @property
    def may_tell(self) -> bool:
        return getattr(self, "client", None) is not None

    def object_key(self) -> str:
        return str(self.client.uuid)

    def draft_case_no(self) -> str:
        return self.client.case_no

    def success_url(self, result: Any) -> str:
        return reverse("clients:detail", args=[self.client.uuid])

    def cancel_url(self) -> str:
        return reverse("clients:detail", args=[self.client.uuid])

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(client=self.client, acting_for=self.acting_for, **extra)
