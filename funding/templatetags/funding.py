"""Amounts on pages."""

from django import template

from funding.rules.money import in_euros

register = template.Library()


@register.filter
def euros(cents: int | None) -> str:
    """1.234,50 €; an empty string for no amount."""
    return "" if cents is None else in_euros(cents)
