"""Chips of the log that tell the page what fits what."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms

from appointments.rules.entry import RESULTS, fits, has_duration, usual_minutes, usual_result

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ChannelSelect(forms.RadioSelect):
    """Chips of channels; each tells the page which result it usually has and how long it takes."""

    def create_option(self, name: str, value: object, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-usual"] = usual_result(str(value)).value
        option["attrs"]["data-minutes"] = str(usual_minutes(str(value)))
        option["attrs"]["data-results"] = str(len(RESULTS[str(value)]))
        return option


class ResultSelect(forms.RadioSelect):
    """Chips of results; each tells the page which channels it fits and whether it took time."""

    def create_option(self, name: str, value: object, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-fits"] = " ".join(channel for channel in RESULTS if fits(channel, str(value)))
        option["attrs"]["data-lasts"] = "yes" if has_duration(str(value)) else "no"
        return option


def chips(label: "StrOrPromise", choices: Iterable[tuple[str, object]], **kwargs: Any) -> forms.ChoiceField:
    """One of a few, all in sight."""
    return forms.ChoiceField(label=label, choices=list(choices), widget=forms.RadioSelect, **kwargs)
