"""Value lists shared by the file and everything about it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.catalogues import Catalogue
from clients.choices import FactKind, Script


class Country(Catalogue):
    """A nationality by ISO 3166 code, "stateless" and "unclear" included."""

    class Meta(Catalogue.Meta):
        verbose_name = _("country")
        verbose_name_plural = _("countries")


class SpokenLanguage(Catalogue):
    """A language people speak, by ISO 639 code, with the script it is written in."""

    script = models.CharField(_("script"), max_length=20, choices=Script, default=Script.LATIN)
    right_to_left = models.BooleanField(_("written from right to left"), default=False)

    class Meta(Catalogue.Meta):
        verbose_name = _("language")
        verbose_name_plural = _("languages")


class Topic(Catalogue):
    """What a talk was about."""

    class Meta(Catalogue.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class FactValue(Catalogue):
    """A value of a dated fact: a German level, a course state, a kind of employment or benefit."""

    kind = models.CharField(_("kind"), max_length=20, choices=FactKind)

    class Meta(Catalogue.Meta):
        verbose_name = _("value of a dated fact")
        verbose_name_plural = _("values of dated facts")
        ordering = ("kind", "order", "label_de")


class AccessSource(Catalogue):
    """How a person came to the service (Zugangsweg)."""

    class Meta(Catalogue.Meta):
        verbose_name = _("access source")
        verbose_name_plural = _("access sources")


class ClosingReason(Catalogue):
    """Why counselling was closed."""

    class Meta(Catalogue.Meta):
        verbose_name = _("closing reason")
        verbose_name_plural = _("closing reasons")
