"""The one place that writes the fields of forms; crispy lays them out, and a template for each widget is left out.

What a widget says about itself (its type, value, attributes, options) is asked of the widget; only the markup is ours.
A form's ``arrangement`` names the order: a field, a tuple of fields for one row, a ``Section``, a field whose label is
only heard (``Unlabelled``), or a ``Fragment``. Every value passes ``escape``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from crispy_forms.layout import LayoutObject
from django import forms
from django.forms import BaseForm, BoundField
from django.forms.utils import flatatt
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from ui.parts import escape

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_IN_A_ROW = 4
Arranged: TypeAlias = str | Sequence[str] | LayoutObject
"""A field, a row of fields, or something that lays itself out."""


def laid_out(items: Iterable[Arranged]) -> list[LayoutObject]:
    """What crispy renders for the items of an arrangement."""
    return [
        Written(item) if isinstance(item, str) else item if isinstance(item, LayoutObject) else Columns(*item)
        for item in items
    ]


class Written(LayoutObject):
    """One field; a field that the form does not have is left out."""

    css = ""

    def __init__(self, name: str) -> None:
        self.name = name
        self.fields = [name]

    def render(self, form: BaseForm, context: Context, *args: Any, **kwargs: Any) -> SafeString:
        shown = self.name in form.fields and not form[self.name].is_hidden
        return write_field(form[self.name], self.css) if shown else SafeString("")


class Unlabelled(Written):
    """A field below a heading that says the same as its label, which is then only heard."""

    css = " label-hidden"


class Columns(LayoutObject):
    """Fields beside each other."""

    def __init__(self, *names: str) -> None:
        self.fields = list(names)

    def render(self, form: BaseForm, context: Context, *args: Any, **kwargs: Any) -> SafeString:
        names = [name for name in self.fields if name in form.fields]
        width = 12 // min(len(names) or 1, MOST_IN_A_ROW)
        cells = "".join(f'<div class="col-sm-{width}">{write_field(form[name])}</div>' for name in names)
        return SafeString(f'<div class="row">{cells}</div>' if names else "")


class Fragment(LayoutObject):
    """A template placed among the fields of a form; ``names`` are the fields it writes."""

    def __init__(self, template: str, names: Sequence[str] = ()) -> None:
        self.template = template
        self.fields = list(names)

    def render(self, form: BaseForm, context: Context, *args: Any, **kwargs: Any) -> SafeString:
        shared = {str(name): value for part in context.dicts for name, value in part.items()}
        return render_to_string(self.template, {**shared, "form": form})


class Section(LayoutObject):
    """A group of fields with a heading; ``fold`` closes it until it is ``wanted`` or has an error."""

    def __init__(
        self,
        title: "StrOrPromise",
        items: Sequence[Arranged],
        fold: bool = False,
        hint: "StrOrPromise" = "",
        wanted: bool = False,
    ) -> None:
        self.title, self.items, self.fold, self.hint, self.wanted = title, items, fold, hint, wanted
        self.fields = laid_out(items)

    def render(self, form: BaseForm, context: Context, *args: Any, **kwargs: Any) -> SafeString:
        inner = "".join(item.render(form, context) for item in self.fields)
        is_open = self.wanted or has_errors(form, self)
        return SafeString(_section(self, inner, is_open) if inner else "")


def write_form(form: BaseForm, layout: LayoutObject, context: Context) -> SafeString:
    """The fields in their order, then the hidden ones."""
    hidden = "".join(str(bound) for bound in form.hidden_fields())
    return SafeString("".join(item.render(form, context) for item in layout.fields) + hidden)


def has_errors(form: BaseForm, section: Section) -> bool:
    """Whether a field of the section was filled in wrongly."""
    return form.is_bound and any(name in form.errors for name in _names(section))


def _names(item: LayoutObject) -> Iterable[str]:
    for inner in item.fields:
        if isinstance(inner, str):
            yield inner
        else:
            yield from _names(inner)


def _section(section: Section, inner: str, is_open: bool) -> str:
    title, hint = escape(section.title), escape(section.hint)
    if section.fold:
        small = f"<small>{hint}</small>" if hint else ""
        shown = " open" if is_open else ""
        return (
            f'<details class="form-fold"{shown}><summary>{title}{small}</summary>'
            f'<div class="form-fold-body">{inner}</div></details>'
        )
    line = f'<p class="form-text">{hint}</p>' if hint else ""
    return f'<fieldset class="form-group"><legend>{title}</legend>{line}{inner}</fieldset>'


def write_field(bound: BoundField, css: str = "") -> SafeString:
    """A field with its label, its hint and what is wrong with it."""
    if bound.is_hidden:
        return SafeString(bound)
    widget = bound.field.widget
    below = _errors(bound) + _help(bound)
    star = '<span class="asteriskField">*</span>' if bound.field.required else ""
    label = escape(bound.label)
    target = escape(bound.id_for_label)
    if isinstance(widget, forms.CheckboxInput):
        return SafeString(
            f'<div class="mb-3"><div class="form-check{css}">{_input(bound, "form-check-input")}'
            f'<label for="{target}" class="form-check-label">{label}{star}</label>{below}</div></div>'
        )
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        about = flatatt({"aria-describedby": bound.aria_describedby}) if bound.aria_describedby else ""
        heading = f'<legend class="fs-6 form-label">{label}{star}</legend>'
        return SafeString(
            f'<div class="mb-3{css}"><fieldset{about}>{heading}{chips(bound)}{below}</fieldset></div>'
        )
    heading = f'<label for="{target}" class="form-label">{label}{star}</label>' if label else ""
    return SafeString(f'<div class="mb-3{css}">{heading}{_control(bound)}{below}</div>')


def _control(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.Select):
        return _select(bound)
    if isinstance(widget, forms.Textarea):
        facts = _facts(bound)
        attributes = flatatt(_with_class(bound, facts["attrs"], "form-control"))
        # A browser leaves out one line break behind the tag.
        return f'<textarea name="{escape(facts["name"])}"{attributes}>\n{escape(facts["value"] or "")}</textarea>'
    return _input(bound, "form-control")


def _facts(bound: BoundField) -> dict[str, Any]:
    """What the widget would hand to its template."""
    widget = bound.field.widget
    if bound.field.localize:
        widget.is_localized = True
    attrs = bound.build_widget_attrs({}, widget)
    if bound.auto_id and "id" not in widget.attrs:
        attrs.setdefault("id", bound.auto_id)
    facts: dict[str, Any] = widget.get_context(bound.html_name, bound.value(), attrs)["widget"]
    return facts


def _with_class(bound: BoundField, attrs: Mapping[str, Any], css: str) -> dict[str, Any]:
    own = attrs.get("class")
    names = [css, *([own] if own else []), *(["is-invalid"] if bound.errors else [])]
    return {**attrs, "class": " ".join(names)}


def _input(bound: BoundField, css: str) -> str:
    facts = _facts(bound)
    value = "" if facts["value"] is None else f' value="{escape(facts["value"])}"'
    attributes = flatatt(_with_class(bound, facts["attrs"], css))
    return f'<input type="{escape(facts["type"])}" name="{escape(facts["name"])}"{value}{attributes}>'


def _select(bound: BoundField) -> str:
    facts = _facts(bound)
    groups = []
    for title, options, _index in facts["optgroups"]:
        written = "".join(
            f'<option value="{escape(option["value"])}"{flatatt(option["attrs"])}>{escape(option["label"])}</option>'
            for option in options
        )
        groups.append(f'<optgroup label="{escape(title)}">{written}</optgroup>' if title else written)
    attributes = flatatt(_with_class(bound, facts["attrs"], "form-select"))
    return f'<select name="{escape(facts["name"])}"{attributes}>{"".join(groups)}</select>'


def chips(bound: BoundField) -> SafeString:
    """The radio buttons or boxes of a field beside each other, each within its label.

    A form has a hundred of them, so they say no more than they must; the first has the id that errors lead to.
    Where the widget has ``in_sight``, it names the values that are shown at once; the others stand behind "more".
    Where a choice must be made, "please choose" is no chip of its own.
    """
    name = escape(bound.html_name)
    invalid = ' class="is-invalid"' if bound.errors else ""
    written: list[str] = []
    behind: list[str] = []
    in_sight = getattr(bound.field.widget, "in_sight", None)
    shown = in_sight() if in_sight else ()
    for title, options, _index in _facts(bound)["optgroups"]:
        if title:
            written.append(f"<strong>{escape(title)}</strong>")
        for option in options:
            if bound.field.required and option["value"] == "":
                continue
            attributes = {
                key: value for key, value in option["attrs"].items() if key != "id" or not (written or behind)
            }
            is_shown = not in_sight or option["selected"] or str(option["value"]) in shown
            (written if is_shown else behind).append(
                f'<label><input type="{option["type"]}"{invalid} name="{name}" '
                f'value="{escape(option["value"])}"{flatatt(attributes)}><span>{escape(option["label"])}</span></label>'
            )
    if behind:
        more = escape(pgettext("chips", "more"))
        written.append(f'<details class="opts-more"><summary>{more}</summary>{"".join(behind)}</details>')
    return SafeString(f'<div class="opts">{"".join(written)}</div>' if written else "")


def _errors(bound: BoundField) -> str:
    if not bound.errors:
        return ""
    lines = "".join(
        f'<span id="error_{number}_{escape(bound.auto_id)}"><strong>{escape(str(error))}</strong></span>'
        for number, error in enumerate(bound.errors, 1)
    )
    return f'<div id="{escape(bound.auto_id)}_error" class="invalid-feedback">{lines}</div>'


def _help(bound: BoundField) -> str:
    text = bound.help_text
    return (
        f'<div id="{escape(bound.auto_id)}_helptext" class="form-text">{escape(text)}</div>' if text else ""
    )
