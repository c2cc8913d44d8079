"""The referrals of one file: to whom, what came of it, and finding whoever helps."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.records import uuid_of
from clients.health import may_read_health
from clients.views.base import FileMixin, FilePage, FileWriteView
from clients.views.edit import FileActionView
from documents.asked import form_address
from documents.services.consents import ConsentMissing
from partners import actions, finding
from partners.file_rows import referrals_of
from partners.forms.referrals import ReferralForm, StepForm
from partners.models import Referral, ReferralStep
from partners.services import referrals as services
from ui.notes import notify


class _ReferralMixin(FileMixin, abstract=True):
    """A referral that tells of health does not exist for whoever may not read health (rules.md §8)."""

    def referrals_url(self) -> str:
        return reverse("file_partners:referrals", args=[self.client.uuid])

    @cached_property
    def referral(self) -> Referral:
        with_health = may_read_health(self.request.user, self.client, self.now)
        rows = Referral.objects.editable_by(self.request.user).of(self.client)
        joined = rows.readable(with_health=with_health).select_related("client", "kind")
        found: Referral = self.child_or_404(joined, uuid=self.kwargs["referral"])
        return found


class ReferralsView(FilePage):
    """Open referrals first, then those whose outcome is known."""

    permission = "referral.view"
    template_name = "partners/referrals.html"
    read_action = actions.REFERRALS_VIEWED
    tab = "referrals"

    def page(self) -> dict[str, Any]:
        rows = referrals_of(self.file)
        return {
            "open_referrals": [row for row in rows if row.is_open],
            "settled": [row for row in rows if not row.is_open],
            "may_refer": not self.client.is_closed and self.file.may("referral.edit"),
        }


class ReferralFindView(_ReferralMixin, FilePage):
    """Who helps with this, speaks her language and is open to people of her town; language and town are preset."""

    permission = "referral.edit"
    edits = True
    template_name = "partners/referral_find.html"
    read_action = actions.REFERRALS_VIEWED
    tab = "referrals"

    def page(self) -> dict[str, Any]:
        language = self.client.preferred_language
        usual = {"place": self.client.municipality.code, "language": language.code if language else ""}
        asked = self.request.GET.dict()
        wanted = finding.Wanted.of(asked, None if asked else usual)
        return {
            "found": finding.organisations(self.actor, wanted, asked.get("after", "")),
            "volunteers": [] if wanted.kind else list(finding.volunteers(self.actor, wanted)),
            "wanted": wanted,
            "is_later": "after" in asked,
            **finding.choices(),
        }


class ReferralNewView(_ReferralMixin, FileWriteView):
    """Send the client on; ``?to=`` names whoever was found."""

    permission = "referral.edit"
    form_class = ReferralForm
    form_code = "referral.new"
    title = gettext_lazy("Refer to a partner")
    submit_label = gettext_lazy("Save referral")
    template_name = "partners/referral_form.html"
    release_url = ""

    def form_kwargs(self) -> dict[str, Any]:
        return {
            "instance": Referral(client=self.client),
            "chosen": uuid_of(self.request.GET.get("to", "")),
        }

    def form_valid(self, form: ReferralForm) -> object:
        try:
            referral = services.refer(self.actor, form.record())
        except ConsentMissing as missing:
            back = self.request.get_full_path()
            self.release_url = form_address(self.request, self.client, missing, back)
            raise
        notify(self.request, _("Referral recorded: %(partner)s.") % {"partner": referral.partner})
        return referral

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(release_url=self.release_url, **extra)

    def success_url(self, result: object) -> str:
        return self.referrals_url()

    def cancel_url(self) -> str:
        return self.referrals_url()


class ReferralStepView(_ReferralMixin, FileWriteView):
    """How it went on."""

    permission = "referral.edit"
    form_class = StepForm
    form_code = "referral.step"
    title = gettext_lazy("How did the referral go on?")

    def object_key(self) -> str:
        return f"{self.client.uuid}/{self.kwargs['referral']}"

    @property
    def lead(self) -> str:  # type: ignore[override]
        return self.referral.partner

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": ReferralStep(referral=self.referral)}

    def why_no_form(self) -> str:
        if self.referral.is_open or self.referral.state == "arrived":
            return ""
        return _("The outcome of this referral is known. A slip can be taken back.")

    def form_valid(self, form: StepForm) -> object:
        referral = services.go_on(self.actor, form.record())
        said = _("Recorded: %(state)s.") % {"state": referral.get_state_display()}
        undo = reverse("file_partners:referral_take_back", args=[self.client.uuid, referral.uuid])
        notify(self.request, said, undo_url=undo)
        return referral

    def success_url(self, result: object) -> str:
        return self.referrals_url()

    def cancel_url(self) -> str:
        return self.referrals_url()


class ReferralTakeBackView(_ReferralMixin, FileActionView):
    """The last step was a slip."""

    permission = "referral.edit"
    done = gettext_lazy("The last step is taken back.")

    def act(self) -> None:
        services.take_back(self.actor, self.referral)

    def back(self) -> str:
        return self.referrals_url()
