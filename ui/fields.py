"""The one place that writes the fields of forms; Django's own way renders a template for each widget.

What a widget says about itself (its type, value, attributes, options) is asked of the widget; only the markup is ours.
A form's ``arrangement`` names the order: a field, a tuple of fields for one row, a ``Section``, a field whose label is
only heard (``Unlabelled``), or a ``Fragment``. Every value passes ``escape``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString

MOST_IN_A_ROW = 4


@dataclass(frozen=True)
class Section:
    """A group of fields with a heading; ``fold`` closes it until it is wanted or has an error."""

    title: Any
    items: Sequence[Any]
    fold: bool = False
    hint: Any = ""


@dataclass(frozen=True)
class Unlabelled:
    """A field below a heading that says the same as its label, which is then only heard."""

    name: str


@dataclass(frozen=True)
class Fragment:
    """A template of its own among the fields of a form."""

    template: str


def write_form(form: BaseForm, arrangement: Iterable[Any], context: Mapping[str, Any]) -> SafeString:
    """The fields in their order, then the hidden ones."""
    hidden = "".join(str(bound) for bound in form.hidden_fields())
    return SafeString(_items(form, arrangement, context) + hidden)


def _items(form: BaseForm, items: Iterable[Any], context: Mapping[str, Any]) -> str:
    return "".join(_item(form, item, context) for item in items)


def _item(form: BaseForm, item: Any, context: Mapping[str, Any]) -> str:
    """One item of an arrangement; a field that the form does not have is left out."""
    if isinstance(item, str):
        return write_field(form[item]) if item in form.fields and not form[item].is_hidden else ""
    if isinstance(item, Unlabelled):
        return write_field(form[item.name], " label-hidden") if item.name in form.fields else ""
    if isinstance(item, Fragment):
        return render_to_string(item.template, {**context, "form": form})
    if isinstance(item, Section):
        inner = _items(form, item.items, context)
        return _section(item, inner, has_errors(form, item)) if inner else ""
    columns = [name for name in item if name in form.fields]
    width = 12 // min(len(columns) or 1, MOST_IN_A_ROW)
    cells = "".join(f'<div class="col-sm-{width}">{write_field(form[name])}</div>' for name in columns)
    return f'<div class="row">{cells}</div>' if columns else ""


def has_errors(form: BaseForm, section: Section) -> bool:
    """Whether a field of the section was filled in wrongly."""
    return form.is_bound and any(name in form.errors for name in _names(section.items))


def _names(items: Iterable[Any]) -> Iterable[str]:
    for item in items:
        if isinstance(item, str):
            yield item
        elif isinstance(item, Unlabelled):
            yield item.name
        elif isinstance(item, Section):
            yield from _names(item.items)
        elif isinstance(item, tuple | list):
            yield from item


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
    box = f'id="div_{escape(bound.auto_id)}"'
    below = _errors(bound) + _help(bound)
    required = " requiredField" if bound.field.required else ""
    star = '<span class="asteriskField">*</span>' if bound.field.required else ""
    label = escape(bound.label)
    target = escape(bound.id_for_label)
    if isinstance(widget, forms.CheckboxInput):
        return SafeString(
            f'<div class="mb-3"><div {box} class="form-check{css}">{_input(bound, "form-check-input")}'
            f'<label for="{target}" class="form-check-label{required}">{label}{star}</label>{below}</div></div>'
        )
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        about = flatatt({"aria-describedby": bound.aria_describedby}) if bound.aria_describedby else ""
        heading = f'<legend class="fs-6 form-label{required}">{label}{star}</legend>'
        return SafeString(
            f'<div {box} class="mb-3{css}"><fieldset{about}>{heading}<div>{choices(bound, inline=True)}</div>'
            f"{below}</fieldset></div>"
        )
    heading = f'<label for="{target}" class="form-label{required}">{label}{star}</label>' if label else ""
    return SafeString(f'<div {box} class="mb-3{css}">{heading}{_control(bound)}{below}</div>')


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


def choices(bound: BoundField, inline: bool = False) -> SafeString:
    """The radio buttons or boxes of a field, each with its label; ``inline`` makes them chips."""
    box = "form-check form-check-inline" if inline else "form-check"
    css = f"form-check-input{' is-invalid' if bound.errors else ''}"
    written = []
    for title, options, _index in _facts(bound)["optgroups"]:
        if title:
            written.append(f"<strong>{escape(title)}</strong>")
        for option in options:
            name, value = escape(option["name"]), escape(option["value"])
            target = escape(option["attrs"].get("id", ""))
            written.append(
                f'<div class="{box}"><input type="{option["type"]}" class="{css}" name="{name}" value="{value}"'
                f'{flatatt(option["attrs"])}><label for="{target}" class="form-check-label">'
                f"{escape(option['label'])}</label></div>"
            )
    return SafeString("".join(written))


def _errors(bound: BoundField) -> str:
    if not bound.errors:
        return ""
    lines = "".join(
        f'<span id="error_{number}_{escape(bound.auto_id)}"><strong>{escape(error)}</strong></span>'
        for number, error in enumerate(bound.errors, 1)
    )
    return f'<div id="{escape(bound.auto_id)}_error" class="invalid-feedback">{lines}</div>'


def _help(bound: BoundField) -> str:
    text = bound.help_text
    return (
        f'<div id="{escape(bound.auto_id)}_helptext" class="form-text">{escape(text)}</div>' if text else ""
    )
