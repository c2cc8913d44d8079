"""The smallest parts of a page, for templates and for the rows written in Python. Each escapes what it is given."""

import functools
import html

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString


def escape(value: object) -> str:
    """Django's ``conditional_escape`` without its wrapper for lazy texts, which cost a list more than the escaping."""
    return str(value.__html__()) if hasattr(value, "__html__") else html.escape(str(value))


@functools.cache
def _sprite() -> str:
    return static("icons.svg")


def symbol(name: str) -> str:
    """Where a symbol lies; the sprite is a separate file, which browsers cache until it changes."""
    return f"{_sprite()}#i-{name}"


@functools.cache
def icon(name: str, small: bool = False) -> SafeString:
    """A symbol of the sprite; always beside a word, so it is hidden from screen readers."""
    css = "icon icon-sm" if small else "icon"
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, symbol(name))


def who_text(name: str, case_no: str = "", url: str = "") -> SafeString:
    """A name and a case number; Sichtschutz shows the number instead."""
    inner, values = "{}", [name]
    if case_no:
        inner, values = '<span class="who-name">{}</span><span class="who-case">{}</span>', [name, case_no]
    return format_html(f'<a href="{{}}">{inner}</a>', url, *values) if url else format_html(inner, *values)


def late(word: str) -> SafeString:
    """A word marked as overdue; the style sheet draws its symbol, as it does for the two below."""
    return format_html('<span class="late">{}</span>', word)


def due(word: str) -> SafeString:
    """A word marked as due."""
    return format_html('<span class="due">{}</span>', word)


def marked(mark: str, word: str) -> SafeString:
    """A word marked as its line is: overdue, due or not at all."""
    if mark == "late":
        return late(word)
    return due(word) if mark == "due" else format_html("{}", word)


def care(word: str) -> SafeString:
    """A word of caution: ink and shield."""
    return format_html('<span class="care">{}</span>', word)
