"""Who else helps: organisations, their contact persons and offers, and volunteers."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.catalogues import Catalogue
from accounts.models import Municipality
from accounts.records import Record
from clients.models import SpokenLanguage, Topic
from partners.querysets import OfferQuerySet, OrganisationQuerySet, VolunteerQuerySet
from partners.rules.network import is_stale


class PartnerKind(Catalogue):
    """A kind of partner. A referral to one that is ``about_health`` is read like a protected module."""

    about_health = models.BooleanField(_("tells something about health or safety"), default=False)

    class Meta(Catalogue.Meta):
        verbose_name = _("kind of partner")
        verbose_name_plural = _("kinds of partners")


class Entry(Record):
    """What somebody confirms now and then, so that nobody is sent to a door that closed."""

    confirmed_on = models.DateField(_("last confirmed on"), default=timezone.localdate)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True

    def is_stale(self, today: datetime.date) -> bool:
        """Whether nobody has confirmed it for twelve months."""
        return is_stale(self.confirmed_on, today)


class Organisation(Entry):
    """A partner, or a neighbouring municipality; without a municipality it works in the whole district."""

    kind = models.ForeignKey(
        PartnerKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind of partner")
    )
    name = models.CharField(_("name"), max_length=160)
    municipality = models.ForeignKey(
        Municipality,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("municipality"),
    )
    street = models.CharField(_("street and number"), max_length=160, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    town = models.CharField(_("town"), max_length=120, blank=True)
    quarter = models.CharField(_("part of town"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.CharField(
        _("website"), max_length=200, blank=True, validators=[URLValidator(["http", "https"])]
    )
    hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    retired_on = models.DateField(_("out of use since"), null=True, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.PROTECT, related_name="merged"
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "town"],
                condition=models.Q(retired_on__isnull=True),
                name="an_organisation_is_entered_once",
                violation_error_message=_("There is an organisation of this name in this town."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("network:organisation", args=[self.uuid])

    @property
    def place(self) -> str:
        """Town and part of town."""
        return f"{self.town}-{self.quarter}" if self.town and self.quarter else self.town or self.quarter


class ContactPerson(Record):
    """Whom to ask at an organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="contact_persons")
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("task"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class Offer(Record):
    """What an organisation offers, for which need, in which languages; without a municipality to everybody."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="offers")
    title = models.CharField(_("offer"), max_length=160)
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("need")
    )
    languages = models.ManyToManyField(
        SpokenLanguage, blank=True, related_name="+", verbose_name=_("languages")
    )
    municipality = models.ForeignKey(
        Municipality,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("open to people from"),
    )
    quarter = models.CharField(_("part of town"), max_length=120, blank=True)
    schedule = models.CharField(_("when it takes place"), max_length=160, blank=True)
    capacity = models.PositiveSmallIntegerField(pgettext_lazy("offer", "places"), null=True, blank=True)
    valid_until = models.DateField(_("offered until"), null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ("title", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "title"],
                name="an_offer_is_entered_once",
                violation_error_message=_("This organisation has an offer of this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def facts(self) -> list[str]:
        """Need, languages, whom it is open to, when, and how many fit in; languages are read if not prefetched."""
        languages = ", ".join(str(language) for language in self.languages.all())
        town = str(self.municipality or gettext("whole district"))
        places = ngettext("%(number)d place", "%(number)d places", self.capacity or 0)
        return [
            str(self.topic or ""),
            languages,
            f"{town}-{self.quarter}" if self.quarter else town,
            self.schedule,
            places % {"number": self.capacity} if self.capacity else "",
        ]

    def is_over(self, today: datetime.date) -> bool:
        """Whether it is offered no longer."""
        return self.valid_until is not None and self.valid_until < today


class Volunteer(Entry):
    """Somebody who helps without pay; erased on request."""

    name = models.CharField(_("name"), max_length=120)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality")
    )
    quarter = models.CharField(_("part of town"), max_length=120, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="volunteers",
        verbose_name=_("organisation"),
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    languages = models.ManyToManyField(
        SpokenLanguage, blank=True, related_name="+", verbose_name=_("languages")
    )
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("need")
    )
    helps_with = models.CharField(_("helps with"), max_length=300, blank=True)
    confidentiality_on = models.DateField(_("confidentiality signed on"), null=True, blank=True)
    certificate_until = models.DateField(_("certificate of conduct valid until"), null=True, blank=True)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def facts(self) -> list[str]:
        """Languages and what she helps with; languages are read if not prefetched."""
        languages = ", ".join(str(language) for language in self.languages.all())
        signed = "" if self.confidentiality_on else gettext("confidentiality not signed")
        return [languages, self.helps_with or str(self.topic or ""), signed]

    def get_absolute_url(self) -> str:
        return reverse("network:volunteer", args=[self.uuid])
