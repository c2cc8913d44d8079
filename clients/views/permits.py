"""Residence documents of a file, and the decrees of the administration that prolong them."""

import datetime
import json
from abc import abstractmethod
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import PageView
from accounts.records import StaleRecord
from clients.choices import PermitNote, RevisionKind
from clients.forms.permits import DecreeForm, ProlongForm, ResidenceForm
from clients.models import PermitDecree, Residence
from clients.models.revisions import RESIDENCE
from clients.services import decrees, permits
from clients.views.base import WriteView
from clients.views.edit import FileActionView, NewRowView, RowEditView
from clients.views.facts import history_url
from ui.htmx import hx_redirect, pressed, safe_next
from ui.notes import notify

NOT_YET = "none"
"""No step of a reminder was dealt with."""


class ResidenceNewView(NewRowView):
    model = Residence
    form_class = ResidenceForm
    form_code = "residence.new"
    title = gettext_lazy("New residence document")

    def form_kwargs(self) -> dict[str, Any]:
        known = self.client.residences.filter(ended_on__isnull=True).first()
        return {**super().form_kwargs(), "initial": {"status": known.status} if known else {}}

    def form_valid(self, form: ResidenceForm) -> object:
        return permits.record_residence(self.actor, form.record())

    def success_url(self, result: Any) -> str:
        undo = reverse("clients:residence_take_back", args=[self.client.uuid, result.uuid])
        said = _("Saved; the document before it has ended with it.") if result.follows else _("Saved.")
        notify(self.request, said, undo_url=undo)
        return super().success_url(result)


class ResidenceEditView(RowEditView):
    """A correction: the history says what was written until now."""

    model = Residence
    form_class = ResidenceForm
    form_code = "residence.edit"
    title = gettext_lazy("Correct the residence document")
    lead = gettext_lazy(
        "This is for what was entered wrongly. A new document is a new entry; a document that goes on is prolonged."
    )

    def form_valid(self, form: ResidenceForm) -> object:
        return permits.correct_residence(self.actor, form.record(), expected_version=form.expected_version)

    def success_url(self, result: Any) -> str:
        return history_url(self.client, RESIDENCE)


class ResidenceProlongView(RowEditView):
    """The document stays and continues to be valid; no correction."""

    model = Residence
    form_class = ProlongForm
    form_code = "residence.prolong"
    title = gettext_lazy("Prolong the residence document")
    lead = gettext_lazy(
        "For the same document that continues to be valid. Is there a new card or certificate, enter a new document."
    )
    submit_label = gettext_lazy("Prolong")

    def form_valid(self, form: ProlongForm) -> object:
        return permits.correct_residence(
            self.actor,
            form.record(),
            expected_version=form.expected_version,
            how=RevisionKind.PROLONGED,
        )


class ResidenceTakeBackView(FileActionView):
    permission = "client.edit"
    model = Residence
    done = gettext_lazy("Taken back; what was before holds again.")

    def act(self) -> None:
        permits.take_back_residence(self.actor, self.row())

    def back(self) -> str:
        return history_url(self.client, RESIDENCE)


class ResidenceRemindedView(FileActionView):
    """The reminder was dealt with, or was not after all; the next step speaks up again."""

    permission = "client.edit"
    model = Residence

    def act(self) -> None:
        step = pressed(self.request, "step")
        if step != NOT_YET and not (step.isascii() and step.isdigit() and len(step) < 4):
            raise Http404
        residence: Residence = self.row()
        former = NOT_YET if residence.reminded_days is None else str(residence.reminded_days)
        was = {"step": former, "note": residence.reminded_as, "on": str(residence.reminded_on or "")}
        permits.note_permit_reminded(
            self.actor,
            residence,
            None if step == NOT_YET else int(step),
            note=self.note(),
            noted_on=self.day(),
        )
        if self.request.GET:
            notify(self.request, _("The reminder stands again."))
            return
        undo = urlencode({**was, "next": self.back()})
        said = _("Reminder seen to; the next one comes by itself.")
        notify(self.request, said, undo_url=f"{self.request.path}?{undo}")

    def note(self) -> str:
        """What was done about it, "" when nothing is said."""
        note = pressed(self.request, "note")
        if note and note not in PermitNote.values:
            raise Http404
        return note

    def day(self) -> datetime.date | None:
        """Since when that is so: today, and in an undo what was before."""
        if not self.request.GET:
            return self.today if self.note() else None
        try:
            return datetime.date.fromisoformat(self.request.GET["on"]) if self.request.GET.get("on") else None
        except ValueError as error:
            raise Http404 from error

    def back(self) -> str:
        return safe_next(self.request, "/")


class DecreeListView(PageView):
    """All decrees, the last one first; numbers and no file."""

    permission = decrees.NEEDS
    template_name = "clients/decree_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = PermitDecree.objects.select_related("recorded_by", "withdrawn_by")
        return self.render({"decrees": rows})


class DecreeNewView(WriteView):
    """A decree is shown with what it would do before it holds."""

    permission = decrees.NEEDS
    template_name = "clients/decree_form.html"
    form_class = DecreeForm
    form_code = "permit_decree.new"
    title = gettext_lazy("Prolong residence documents by decree")
    submit_label = gettext_lazy("Show what it would do")

    def form_valid(self, form: Any) -> object:
        decree = form.record()
        seen = self.mark(form)
        if form.cleaned_data["seen"] == seen:
            return decrees.set_decree(self.actor, decree)
        data = form.data.copy()
        data["seen"] = seen
        form.data = data
        reach = decrees.reach_of(self.actor, decree)
        return self.show(form, reach=reach, decree=decree, submit_label=_("Let it hold"))

    def mark(self, form: DecreeForm) -> str:
        """What was shown, so that nothing else can be set."""
        said = [str(form.cleaned_data[name]) for name in DecreeForm.Meta.fields]
        return salted_hmac("clients.views.permits.DecreeNewView", json.dumps(said)).hexdigest()

    def success_url(self, result: Any) -> str:
        undo = reverse("decrees:withdraw", args=[result.uuid])
        notify(self.request, _("The decree holds; every file it concerns follows it already."), undo_url=undo)
        return reverse("decrees:list")

    def cancel_url(self) -> str:
        return reverse("decrees:list")


class _DecreeActionView(PageView, abstract=True):
    """A button of the list of decrees."""

    permission = decrees.NEEDS
    http_method_names = ["post"]

    def decree(self) -> PermitDecree:
        found = PermitDecree.objects.filter(uuid=self.kwargs["uuid"]).first()
        if found is None:
            raise Http404
        return found

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        decree = self.decree()
        try:
            self.act(decree)
        except StaleRecord:
            notify(request, _("Somebody else has changed this in the meantime. Nothing was changed."))
        return hx_redirect(request, reverse("decrees:list"))

    @abstractmethod
    def act(self, decree: PermitDecree) -> None:
        """Call the one service."""


class DecreeWithdrawView(_DecreeActionView):
    def act(self, decree: PermitDecree) -> None:
        decrees.withdraw_decree(self.actor, decree)
        undo = reverse("decrees:reinstate", args=[decree.uuid])
        notify(self.request, _("Withdrawn. Every file is as it was without the decree."), undo_url=undo)


class DecreeReinstateView(_DecreeActionView):
    def act(self, decree: PermitDecree) -> None:
        decrees.reinstate_decree(self.actor, decree)
        undo = reverse("decrees:withdraw", args=[decree.uuid])
        notify(self.request, _("The decree holds again."), undo_url=undo)
