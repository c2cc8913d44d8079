"""Follow-ups of a file, under the file, and those without one, which belong to their owner."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import AccessView
from accounts.records import StaleRecord
from appointments.forms.follow_up import FollowUpForm, PassOnForm
from appointments.models import FollowUp
from appointments.services import follow_ups as services
from appointments.views import posted_version
from clients.models import Client
from clients.views.base import FileMixin, FileWriteView, WriteView
from ui.dates import date_de
from ui.htmx import hx_redirect, safe_next
from ui.notes import notify


class MaybeInFile(AccessView, abstract=True):
    """A page that stands in a file and also outside of all."""

    @property
    def in_file(self) -> Client | None:
        """The file let into; none among those without a file."""
        return getattr(self, "client", None)


class OneFollowUp(MaybeInFile, abstract=True):
    """Finds the follow-up of the address: in the file let into, or among those without a file."""

    @property
    def follow_up(self) -> FollowUp:
        if not hasattr(self, "_found"):
            rows = FollowUp.objects.editable_by(self.request.user).select_related("client", "owner")
            found = rows.filter(uuid=self.kwargs["follow_up"], client=self.in_file).first()
            if found is None:
                raise Http404
            self._found = found
        return self._found

    def address(self, name: str) -> str:
        """The address of a page of this follow-up."""
        if self.in_file is None:
            return reverse(f"appointments:{name}", args=[self.follow_up.uuid])
        return reverse(f"file_appointments:{name}", args=[self.in_file.uuid, self.follow_up.uuid])

    def home(self) -> str:
        """Where one comes from: the file, or the start page."""
        return self.in_file.get_absolute_url() if self.in_file else reverse("home")


class NewMixin(MaybeInFile, WriteView, abstract=True):
    """A new follow-up."""

    permission = "follow_up.edit"
    form_class = FollowUpForm
    form_code = "follow_up"
    title = gettext_lazy("New follow-up")
    submit_label = gettext_lazy("Set follow-up")

    def form_kwargs(self) -> dict[str, Any]:
        return {"today": self.today}

    def form_valid(self, form: FollowUpForm) -> FollowUp:
        follow_up: FollowUp = form.record()
        follow_up.client = self.in_file
        services.create_follow_up(self.actor, follow_up)
        notify(self.request, _("Follow-up set for %(day)s.") % {"day": date_de(follow_up.due_on)})
        return follow_up


class FollowUpNewView(NewMixin, FileWriteView):
    """A new follow-up of a file."""

    permission = "follow_up.edit"


class OwnFollowUpNewView(NewMixin):
    """A new follow-up without a file."""

    permission = "follow_up.edit"

    def success_url(self, result: object) -> str:
        return reverse("home")

    def cancel_url(self) -> str:
        return reverse("home")


class EditMixin(OneFollowUp, WriteView, abstract=True):
    """Another day, text or deadline."""

    template_name = "appointments/follow_up_form.html"
    form_class = FollowUpForm
    form_code = "follow_up_change"
    title = gettext_lazy("Follow-up")
    submit_label = gettext_lazy("Save")

    def object_key(self) -> str:
        return str(self.follow_up.uuid)

    def form_kwargs(self) -> dict[str, Any]:
        return {"today": self.today, "instance": self.follow_up}

    def form_valid(self, form: FollowUpForm) -> FollowUp:
        follow_up: FollowUp = services.change_follow_up(
            self.actor, form.record(), expected_version=form.expected_version
        )
        notify(self.request, _("Saved. Due on %(day)s.") % {"day": date_de(follow_up.due_on)})
        return follow_up

    def success_url(self, result: object) -> str:
        return self.home()

    def cancel_url(self) -> str:
        return self.home()

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(
            follow_up=self.follow_up,
            done_url=self.address("follow_up_done"),
            pass_on_url=self.address("follow_up_pass_on")
            if services.successors(self.follow_up, self.today).exists()
            else "",
            **extra,
        )


class FollowUpView(EditMixin, FileWriteView):
    """A follow-up of a file."""

    permission = "follow_up.edit"


class OwnFollowUpView(EditMixin):
    """A follow-up without a file."""

    permission = "follow_up.edit"


class PassOnMixin(OneFollowUp, WriteView, abstract=True):
    """Hand a follow-up to another manager in whose scope it lies."""

    form_class = PassOnForm
    form_code = "follow_up_pass_on"
    title = gettext_lazy("Pass the follow-up on")
    submit_label = gettext_lazy("Pass on")

    def object_key(self) -> str:
        return str(self.follow_up.uuid)

    def form_kwargs(self) -> dict[str, Any]:
        return {
            "successors": services.successors(self.follow_up, self.today),
            "follow_up": self.follow_up,
        }

    def form_valid(self, form: PassOnForm) -> FollowUp:
        successor = form.successor()
        services.pass_on(self.actor, self.follow_up, successor, expected_version=form.expected_version)
        notify(self.request, _("Passed on to %(name)s.") % {"name": successor})
        return self.follow_up

    def success_url(self, result: object) -> str:
        return self.home()

    def cancel_url(self) -> str:
        return self.address("follow_up")


class FollowUpPassOnView(PassOnMixin, FileWriteView):
    """Hand on a follow-up of a file."""

    permission = "follow_up.edit"


class OwnFollowUpPassOnView(PassOnMixin):
    """Hand on a follow-up without a file."""

    permission = "follow_up.edit"


class DoneMixin(OneFollowUp, abstract=True):
    """Ticks a follow-up off, with a way back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        follow_up = self.follow_up
        try:
            services.finish_follow_up(
                self.actor, follow_up, expected_version=posted_version(request, follow_up)
            )
        except StaleRecord:
            messages.warning(
                request, _("This follow-up was changed in the meantime. Please look at it again.")
            )
            return hx_redirect(request, self.address("follow_up"))
        back = safe_next(request, self.home())
        undo = f"{self.address('follow_up_reopen')}?{urlencode({'next': back})}"
        notify(request, _("Follow-up done."), undo_url=undo)
        return hx_redirect(request, back)


class ReopenMixin(OneFollowUp, abstract=True):
    """Takes "done" back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services.reopen_follow_up(self.actor, self.follow_up)
        notify(request, _("The follow-up is open again."))
        return hx_redirect(request, safe_next(request, self.home()))


class FollowUpDoneView(DoneMixin, FileMixin):
    permission = "follow_up.edit"
    edits = True


class OwnFollowUpDoneView(DoneMixin):
    permission = "follow_up.edit"


class FollowUpReopenView(ReopenMixin, FileMixin):
    permission = "follow_up.edit"
    edits = True


class OwnFollowUpReopenView(ReopenMixin):
    permission = "follow_up.edit"
