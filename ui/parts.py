"""The smallest parts of a page, for templates and for the rows written in Python. Each escapes what it is given."""

import functools
import html
from collections.abc import Iterable, Mapping

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ui.frame import NavItem


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


def nav_links(items: Iterable[NavItem]) -> SafeString:
    """The targets of the sidebar or the bottom bar."""
    return SafeString("".join(map(_nav_link, items)))


def _nav_link(item: NavItem) -> str:
    css = ' class="tab-do"' if item.primary else ""
    current = ' aria-current="page"' if item.current else ""
    return f'<a href="{escape(item.url)}"{css}{current}>{icon(item.icon)}{escape(item.label)}</a>'


def tick(is_on: object) -> SafeString:
    """The mark before something done, or still to be done."""
    css, name = ("tick is-on", "check-circle") if is_on else ("tick", "circle")
    return SafeString(f'<svg class="{css}" aria-hidden="true"><use href="{symbol(name)}"/></svg>')


def who_text(name: str, case_no: str = "", url: str = "") -> SafeString:
    """A name and a case number; Sichtschutz shows the number instead."""
    inner = _swapped(name, case_no) if case_no else escape(name)
    return SafeString(f'<a href="{escape(url)}">{inner}</a>' if url else inner)


def name_text(name: str, instead: str = "") -> SafeString:
    """The name of somebody without a case number; Sichtschutz shows something else, or that there is a name."""
    return SafeString(_swapped(name, instead or _("Name hidden")))


def cell_text(text: str) -> SafeString:
    """What somebody else's list says, a name or an address perhaps; Sichtschutz says that there is something."""
    return SafeString(_swapped(text, pgettext("privacy screen", "hidden")))


def filled(sentence: object, values: Mapping[str, object]) -> SafeString:
    """A sentence with its named places filled, by markup too."""
    return SafeString(escape(sentence) % {name: escape(value) for name, value in values.items()})


def _swapped(name: str, instead: str) -> str:
    return f'<bdi class="who-name">{escape(name)}</bdi><span class="who-case">{escape(instead)}</span>'


def member_text(name: str, case_no: str = "", url: str = "") -> SafeString:
    """Somebody of a household, who may have a case number."""
    return who_text(name, case_no, url) if case_no else name_text(name)


def late(word: str) -> SafeString:
    """A word marked as overdue; the style sheet draws its symbol, as it does for the two below."""
    return _span("late", word)


def due(word: str) -> SafeString:
    """A word marked as due."""
    return _span("due", word)


def marked(mark: str, word: str) -> SafeString:
    """A word marked as its line is: overdue, due or not at all."""
    if mark == "late":
        return late(word)
    return due(word) if mark == "due" else SafeString(escape(word))


def care(word: str) -> SafeString:
    """A word of caution: ink and shield."""
    return _span("care", word)


def _span(css: str, word: str) -> SafeString:
    return SafeString(f'<span class="{css}">{escape(word)}</span>')


def options(choices: Iterable[tuple[object, object]], chosen: object = None) -> SafeString:
    """The options of a select: value and label, the chosen one marked."""
    return SafeString(
        "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
            for value, label in choices
        )
    )
