"""Quiet status lines after an action, with an optional way back."""

from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo "


def notify(request: HttpRequest, text: str, undo_url: str = "") -> None:
    """Show ``text`` on the next page; with ``undo_url`` it carries a button that posts there."""
    messages.success(request, text, extra_tags=f"{UNDO}{undo_url}" if undo_url else "")


def undo_target(extra_tags: str | None) -> str:
    """The address behind "undo" of a message, or an empty string."""
    return extra_tags[len(UNDO) :] if extra_tags and extra_tags.startswith(UNDO) else ""
