"""Handing files over: proposing, answering, withdrawing, and the list of both sides."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.generic import AccessView, PageView
from accounts.models import User
from accounts.staff import managers_serving
from audit.recording import record
from clients.health import level_text
from clients.models import Client, ClientLanguage
from clients.querysets import ClientQuerySet
from clients.views.base import FileWriteView, WriteView
from clients.views.edit import FileActionView
from clients.views.picked import PickedFilesView
from intake import actions, due_handovers
from intake.choices import HandoverState
from intake.forms.handovers import DeclineForm, HandoverForm, ManyHandoversForm
from intake.models import Handover
from intake.services import handovers as services
from ui.htmx import hx_redirect, safe_next
from ui.notes import notify

LISTED = 100
ANSWERED_BY_NOW = gettext_lazy(
    "There is nothing to answer here any more: the proposal was withdrawn or settled."
)
NOBODY = gettext_lazy("Nobody else works in this municipality today, so nobody can take the file over.")


class HandoverNewView(FileWriteView):
    """Ask a colleague to take this file over."""

    permission = "handover.propose"
    form_class = HandoverForm
    form_code = "handover"
    title = gettext_lazy("Hand the file over")
    submit_label = gettext_lazy("Propose handover")
    lead = gettext_lazy(
        "Your colleague is told case number, phase, intensity, languages and your note. The file opens with her "
        "acceptance; then it is not yours any more. Appointments and follow-ups go with it, texts you have begun "
        "stay with you."
    )

    @cached_property
    def receivers(self) -> Any:
        return managers_serving([self.client.municipality_id], self.today).exclude(pk=self.request.user.pk)

    def why_no_form(self) -> str:
        return "" if self.receivers.exists() else str(NOBODY)

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": Handover(client=self.client), "receivers": self.receivers}

    def form_valid(self, form: HandoverForm) -> object:
        return services.propose_handover(self.actor, form.record())

    def success_url(self, result: Handover) -> str:
        undo = reverse("file_intake:handover_withdraw", args=[self.client.uuid, result.uuid])
        notify(self.request, _("%(name)s is asked.") % {"name": result.proposed_to}, undo_url=undo)
        return super().success_url(result)


class HandoverWithdrawView(FileActionView):
    permission = "handover.propose"
    model = Handover
    done = gettext_lazy("The proposal is withdrawn. The file stays with you.")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except services.NothingToAnswer:
            messages.warning(request, ANSWERED_BY_NOW)
            return hx_redirect(request, self.back())

    def act(self) -> None:
        services.withdraw_handover(self.actor, self.row())

    def back(self) -> str:
        return safe_next(self.request, self.client.get_absolute_url())


class HandoverNewManyView(PickedFilesView):
    """Ask a colleague to take the ticked files over; whatever is not one's own is left out."""

    permission = "handover.propose"
    form_class = ManyHandoversForm
    form_code = "handovers"
    title = gettext_lazy("Hand files over")
    submit_label = gettext_lazy("Propose handover")
    lead = HandoverNewView.lead

    def among(self, rows: ClientQuerySet) -> ClientQuerySet:
        return rows.own_of(self.request.user).select_related("municipality")

    @cached_property
    def receivers(self) -> Any:
        """Who serves in the towns of all these files."""
        found = User.objects.exclude(pk=self.request.user.pk).order_by("last_name", "first_name", "pk")
        for place in {file.municipality_id for file in self.files}:
            found = found.filter(pk__in=managers_serving([place], self.today).order_by().values("pk"))
        return found

    def why_no_form(self) -> str:
        return "" if not self.files or self.receivers.exists() else str(NOBODY)

    def form_kwargs(self) -> dict[str, Any]:
        return {"receivers": self.receivers}

    def form_valid(self, form: ManyHandoversForm) -> Sequence[Handover] | None:
        if not self.files:
            form.add_error(None, _("None of these files is yours any more. Nothing was proposed."))
            return None
        data = form.cleaned_data
        return services.propose_handovers(self.actor, self.files, data["proposed_to"], data["note"])

    def success_url(self, result: Any) -> str:
        text = ngettext(
            "For %(number)d file a handover is proposed.",
            "For %(number)d files a handover is proposed.",
            len(result),
        )
        said = [text % {"number": len(result)}]
        if len(result) < len(self.files):
            said.append(_("For the others somebody is asked already."))
        notify(self.request, " ".join(said))
        return reverse("intake:handover_list")


class HandoverListView(PageView):
    """What one was asked to take over, what one proposed, and the receipts."""

    permission = "handover.answer"
    template_name = "intake/handover_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        offered = services.offered_to(self.request.user).waiting()
        found = offered.select_related("client", "proposed_by").order_by("proposed_at", "pk")[:LISTED]
        rows = [row for row in found if row.waits_on(self.today)]
        given = services.given_by(self.request.user).select_related("client", "proposed_to")
        record(self.actor, actions.HANDOVERS_VIEWED, kind="client", count=len(rows))
        facts = self.facts_of(rows)
        return self.render(
            {
                "offered": [
                    due_handovers.offer_line(row, self.today, facts[row.client_id], request.path)
                    for row in rows
                ],
                "several": len(rows) > 1,
                "given": due_handovers.given_lines(
                    given.order_by("-proposed_at", "-pk")[:LISTED], self.today
                ),
            }
        )

    def facts_of(self, rows: Sequence[Handover]) -> dict[int, str]:
        """Phase, intensity and languages; of intensity what may be known without health. Two statements."""
        keys = [row.client_id for row in rows]
        unread = Client.objects.unscoped(reason="told to whoever is asked to take the file over")
        spoken = ClientLanguage.objects.unscoped(reason="told to whoever is asked to take the file over")
        languages: dict[int, list[str]] = {key: [] for key in keys}
        for language in spoken.filter(client__in=keys).select_related("language").order_by("order", "pk"):
            languages[language.client_id].append(str(language.language))
        return {
            file.pk: " · ".join(
                part
                for part in (
                    file.get_phase_display(),
                    level_text(file.level, with_health=file.reads_health),
                    ", ".join(languages[file.pk]),
                    _("with interpreter") if file.interpreter_needed else "",
                )
                if part
            )
            for file in unread.filter(pk__in=keys).with_level_for(self.request.user, self.now)
        }


class AnswerMixin:
    """Finds the proposal one is asked about."""

    request: Any
    kwargs: dict[str, Any]

    @cached_property
    def handover(self) -> Handover:
        rows = services.offered_to(self.request.user).select_related("client", "proposed_by")
        found: Handover | None = rows.filter(uuid=self.kwargs["handover"]).first()
        if found is None:
            raise Http404
        return found


class HandoverAcceptView(AnswerMixin, AccessView):
    permission = "handover.answer"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file = self.handover.client
        if self.handover.state != HandoverState.ACCEPTED or file.manager_id != request.user.pk:
            try:
                services.accept_handovers(self.actor, [self.handover])
            except services.NothingToAnswer:
                messages.warning(request, ANSWERED_BY_NOW)
                return hx_redirect(request, reverse("intake:handover_list"))
            except ValidationError as refused:
                messages.error(request, " ".join(refused.messages))
                return hx_redirect(request, reverse("intake:handover_list"))
            notify(request, _("The file %(case_no)s is yours now.") % {"case_no": file.case_no})
        return hx_redirect(request, safe_next(request, file.get_absolute_url()))


class HandoverAcceptAllView(AccessView):
    """Take over everything that waits."""

    permission = "handover.answer"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = services.offered_to(self.request.user).waiting().select_related("client", "proposed_by")
        found = [row for row in rows.order_by("proposed_at", "pk")[:LISTED] if row.waits_on(self.today)]
        try:
            files = services.accept_handovers(self.actor, found)
        except services.NothingToAnswer:
            messages.warning(request, ANSWERED_BY_NOW)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
        else:
            text = ngettext("%(number)s file is yours now.", "%(number)s files are yours now.", len(files))
            notify(request, text % {"number": len(files)})
        return hx_redirect(request, reverse("intake:handover_list"))


class HandoverDeclineView(AnswerMixin, WriteView):
    permission = "handover.answer"
    form_class = DeclineForm
    form_code = "handover.decline"
    title = gettext_lazy("Do not take the file over")
    submit_label = gettext_lazy("Decline")

    def object_key(self) -> str:
        return str(self.handover.uuid)

    def why_no_form(self) -> str:
        return "" if self.handover.waits_on(self.today) else str(ANSWERED_BY_NOW)

    def form_valid(self, form: DeclineForm) -> object:
        try:
            return services.decline_handover(self.actor, self.handover, reason=form.cleaned_data["reason"])
        except services.NothingToAnswer as gone:
            raise ValidationError(str(ANSWERED_BY_NOW)) from gone

    def success_url(self, result: object) -> str:
        notify(self.request, _("Your answer is sent. The file stays where it is."))
        return reverse("intake:handover_list")

    def cancel_url(self) -> str:
        return reverse("intake:handover_list")
