"""Dates are read and written as in a German office."""

import datetime

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation


class DayForm(forms.Form):
    day = forms.DateField(localize=True)
    at = forms.DateTimeField(required=False)


@pytest.mark.parametrize("text", ["14.03.2018", "14.3.2018", "14.03.18", "2018-03-14"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_dates_are_read(text, language):
    with translation.override(language):
        form = DayForm({"day": text})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["day"] == datetime.date(2018, 3, 14)


@pytest.mark.parametrize("text", ["29.02.2019", "03/14/2018", "14.03."])
def test_other_dates_are_refused_in_german(text):
    form = DayForm({"day": text})
    assert form.errors["day"] == ["Bitte ein gültiges Datum eingeben."]


def test_a_time_is_local():
    form = DayForm({"day": "14.03.2018", "at": "14.03.2018 09:30"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["at"].utcoffset() == datetime.timedelta(hours=1)


@pytest.mark.parametrize("language", ["de", "en"])
def test_dates_are_written(language):
    moment = datetime.datetime(2018, 7, 14, 7, 5, tzinfo=datetime.UTC)
    with translation.override(language), timezone.override("Europe/Berlin"):
        page = Template("{{ day }} {{ at|date:'SHORT_DATETIME_FORMAT' }}").render(
            Context({"day": moment.date(), "at": moment})
        )
    assert page == "14.07.2018 14.07.2018 09:05"
