"""Lists the administration keeps: programmes, and the lines money is approved and spent by."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.catalogues import Catalogue


class Programme(Catalogue):
    """Who pays for what, under one rule of the state or the federation.

    Attributes:
        yearly_figures: key figures of a calendar year are due on 31 January of the next.
        yearly_application: money for a year is applied for by 15 November before it.
    """

    yearly_figures = models.BooleanField(_("key figures by 31 January"), default=False)
    yearly_application = models.BooleanField(_("application by 15 November"), default=False)

    class Meta(Catalogue.Meta):
        verbose_name = _("funding programme")
        verbose_name_plural = _("funding programmes")


class BudgetLine(Catalogue):
    """What money is for: personnel, materials, training."""

    class Meta(Catalogue.Meta):
        verbose_name = _("line of the budget")
        verbose_name_plural = _("lines of the budget")
