"""Programmes and lines of the budget in the Django admin; money never."""

from django.contrib import admin

from clients.admin import SHOWN, PlainListAdmin
from funding.models import BudgetLine, Programme

admin.site.register(BudgetLine, PlainListAdmin)


@admin.register(Programme)
class ProgrammeAdmin(PlainListAdmin):
    list_display = (*SHOWN, "yearly_figures", "yearly_application")
