"""A form as a browser would send it, read from the page; for tests that type nonsense into every field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

WRITTEN = {"text", "tel", "email", "url", "textarea"}
# Fields that carry what the machine wrote.
MACHINE = {"csrfmiddlewaretoken", "draft_key", "form_token", "version"}


@dataclass
class TypedForm:
    """Fields of one form with what stands in them.

    Attributes:
        values: what a browser would send now.
        kinds: the kind of each field: ``text``, ``date``, ``number``, ``radio``, ``select`` …
        offered: what can be chosen in chips and lists.
    """

    values: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)

    def of_kind(self, *kinds: str) -> list[str]:
        """Names of the fields of these kinds people fill in."""
        return [name for name, kind in self.kinds.items() if kind in kinds and name not in MACHINE]

    @property
    def written(self) -> list[str]:
        """Names of the fields people write text into."""
        return self.of_kind(*WRITTEN)

    def filled(self, **typed: Any) -> dict[str, Any]:
        """The post with some fields typed anew."""
        return {**self.values, **typed}

    def completed(self, samples: Mapping[str, str]) -> dict[str, Any]:
        """The post with something in every field: what stands there, else a sample, else the first choice.

        Args:
            samples: what to type, by kind of field.
        """
        post: dict[str, Any] = dict(self.values)
        for name, kind in self.kinds.items():
            if name in MACHINE or any(self.values.get(name, [])):
                continue
            choices = [value for value in self.offered.get(name, []) if value]
            if kind in samples:
                post[name] = samples[kind]
            elif choices and kind != "checkbox":
                post[name] = choices[0]
        return post


class _Reader(HTMLParser):
    """Collects the forms of a page that write: those with a draft key."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[TypedForm] = []
        self._form: TypedForm | None = None
        self._open: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = TypedForm()
        elif self._form is None:
            return
        elif tag == "input" and at.get("name"):
            self._input(self._form, at)
        elif tag == "textarea" and at.get("name"):
            self._open, self._text = at["name"], ""
        elif tag == "select" and at.get("name"):
            self._open = at["name"]
            self._form.kinds[at["name"]] = "select"
        elif tag == "option" and self._open:
            self._form.offered.setdefault(self._open, []).append(at.get("value", ""))
            if "selected" in at:
                self._form.values.setdefault(self._open, []).append(at.get("value", ""))

    def _input(self, form: TypedForm, at: dict[str, str]) -> None:
        name, kind = at["name"], at.get("type", "text")
        form.kinds[name] = kind
        if kind == "radio":
            form.offered.setdefault(name, []).append(at.get("value", ""))
        if kind not in ("radio", "checkbox") or "checked" in at:
            form.values.setdefault(name, []).append(at.get("value", "on" if kind == "checkbox" else ""))

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._form is None:
            return
        if tag == "textarea" and self._open:
            self._form.kinds[self._open] = "textarea"
            # Browsers drop the line break that follows the tag.
            self._form.values[self._open] = [self._text.removeprefix("\n")]
        if tag in ("textarea", "select"):
            self._open = None
        if tag == "form":
            self.forms.append(self._form)
            self._form = None


def typed_form(html: str) -> TypedForm | None:
    """The write form of a page, None when it has none."""
    reader = _Reader()
    reader.feed(html)
    return next((form for form in reader.forms if "draft_key" in form.kinds), None)
