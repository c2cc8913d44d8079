"""Forms: hidden characters, long texts, impossible dates; nothing typed is lost."""

import uuid
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.template import engines

from ui.fields import Section
from ui.form_fields import LONG_TEXT, without_hidden_characters
from ui.forms import FormTokenMixin, UiForm, VersionMixin, error_list

KINDS = [("a", "Anruf"), ("b", "Brief")]


class NoteForm(FormTokenMixin, UiForm):
    arrangement = ("kind", ("day", "at"), "note", Section("Mehr", ["name", "count"], fold=True))

    kind = forms.ChoiceField(label="Art", choices=KINDS, widget=forms.RadioSelect)
    topics = forms.MultipleChoiceField(
        label="Themen", choices=KINDS, widget=forms.CheckboxSelectMultiple, required=False
    )
    name = forms.CharField(label="Name", required=False)
    note = forms.CharField(label="Notiz", widget=forms.Textarea, required=False)
    day = forms.DateField(label="Datum")
    at = forms.TimeField(label="Beginn", required=False)
    count = forms.IntegerField(label="Anzahl", required=False)


def form(**typed: Any) -> NoteForm:
    data = QueryDict(mutable=True)
    data.update({"kind": "a", "day": "2019-03-14", "form_token": str(uuid.uuid4()), **typed})
    return NoteForm(data)


def html(shown: forms.Form) -> str:
    template = engines["django"].from_string('{% load ui %}{% render_form form submit="Speichern" %}')
    return template.render({"form": shown})


def test_it_works() -> None:
    filled = form(name="Nour", note="Zeile 1\nZeile 2", at="09:30")
    assert filled.is_valid()
    assert filled.cleaned_data["name"] == "Nour"


def test_nul_is_an_error_at_its_field_and_the_rest_stays() -> None:
    filled = form(note="Bescheid\x00 gelesen")
    assert not filled.is_valid()
    assert "nicht lesbares Zeichen" in filled.errors["note"][0]
    assert filled["note"].value() == "Bescheid gelesen"
    assert "\x00" not in html(filled)


def test_direction_controls_and_zero_width_leave_a_single_line_and_are_reported() -> None:
    filled = form(name="A\u202eli\u200b \u2066Re\u2069za\ufeff")
    assert filled.is_valid()
    assert filled.cleaned_data["name"] == "Ali Reza"
    assert filled.removed_notice == "Unsichtbare Steuerzeichen wurden entfernt aus: Name."
    assert form(name="Ali").removed_notice == ""


def test_joiners_stay_where_the_script_needs_them() -> None:
    persian = "می\u200cخواهم"
    assert without_hidden_characters(persian, one_line=True) == persian
    assert without_hidden_characters("An\u200cna", one_line=True) == "Anna"


def test_line_breaks_stay_in_long_texts_and_become_spaces_in_short_ones() -> None:
    assert without_hidden_characters("a\r\nb\tc", one_line=False) == "a\r\nb\tc"
    assert without_hidden_characters("a\r\nb\tc", one_line=True) == "a b c"
    assert without_hidden_characters("links\u202e\x07", one_line=False) == "links"


def test_a_hundred_kilobytes_are_refused_in_german_and_kept_in_the_field() -> None:
    text = "a" * 100_000
    filled = form(note=text)
    assert filled.errors["note"] == [
        f"Hier passen höchstens {LONG_TEXT} Zeichen hin, es sind 100000. Bitte kürzen Sie den Text."
    ]
    assert filled["note"].value() == text
    assert "maxlength" not in str(filled["note"])
    assert not form(name="x" * 201).is_valid()


@pytest.mark.parametrize("typed", ["2019-02-29", "29.02.2019", "gestern", "31.4.2019"])
def test_a_day_that_does_not_exist_is_named_and_stays_visible(typed: str) -> None:
    filled = form(day=typed)
    assert filled.errors["day"] == ["Diesen Tag gibt es nicht. Bitte ein Datum wie 14.03.2019 eingeben."]
    assert f'type="text" name="day" value="{typed}"' in str(filled["day"])


@pytest.mark.parametrize("typed", ["2019-03-14", "14.03.2019", "14.3.2019"])
def test_a_date_may_be_typed_both_ways(typed: str) -> None:
    filled = form(day=typed)
    assert filled.is_valid()
    assert filled.cleaned_data["day"].isoformat() == "2019-03-14"


@pytest.mark.parametrize("typed", ["0001-01-01", "9999-12-31", "14.03.0019"])
def test_a_slip_of_the_year_is_noticed(typed: str) -> None:
    assert "Bitte das Jahr prüfen" in form(day=typed).errors["day"][0]


def test_a_time_and_a_number_have_german_messages() -> None:
    filled = form(at="25:00", count="viele")
    assert filled.errors["at"] == ["Bitte eine Uhrzeit wie 14:30 eingeben."]
    assert filled.errors["count"] == ["Bitte eine ganze Zahl eingeben."]
    assert not form(count="99999999999999999999").is_valid()


def test_missing_entries_are_asked_for_by_kind() -> None:
    empty = NoteForm({})
    assert empty.errors["kind"] == ["Bitte „Art“ auswählen."]
    assert empty.errors["day"] == ["Bitte „Datum“ ausfüllen."]


def test_a_message_of_the_form_itself_stays() -> None:
    class Own(UiForm):
        day = forms.DateField(error_messages={"required": "Wann war das?"})

    assert Own({}).errors["day"] == ["Wann war das?"]


def test_the_summary_links_every_error_to_its_field() -> None:
    empty = NoteForm({"form_token": str(uuid.uuid4())})
    assert [(error.label, error.anchor) for error in error_list(empty)] == [
        ("", "id_kind_0"),
        ("", "id_day"),
    ]
    text = html(empty)
    assert "Noch nicht gespeichert." in text
    assert '<a href="#id_kind_0">Bitte „Art“ auswählen.</a>' in text
    assert 'id="id_kind_0"' in text
    assert 'aria-invalid="true"' in text


def test_an_unbound_form_has_no_summary() -> None:
    assert "error-summary" not in html(NoteForm())


def test_choices_become_chips_and_dates_native_fields() -> None:
    text = html(NoteForm())
    assert 'class="opts"' in text
    assert 'type="date"' in text
    assert 'type="time"' in text
    assert "style=" not in text
    assert "<script" not in text


def test_the_arrangement_orders_rows_and_folds_and_opens_a_fold_with_an_error() -> None:
    text = html(NoteForm())
    assert text.index('name="kind"') < text.index('name="day"') < text.index('name="note"')
    assert "col-sm-6" in text
    assert '<details class="form-fold">' in text
    assert '<details class="form-fold" open>' in html(form(count="viele"))


def test_the_token_and_the_version_travel_hidden() -> None:
    class Edit(VersionMixin, UiForm):
        name = forms.CharField()

    assert 'name="form_token"' in html(NoteForm())
    assert 'type="hidden" name="version" value="0"' in html(Edit())
    late = Edit({"name": "x", "version": "3"})
    assert late.is_valid()
    late.add_conflict()
    assert "inzwischen geändert" in late.non_field_errors()[0]
    assert late["name"].value() == "x"


def test_a_form_without_its_token_asks_to_be_opened_again() -> None:
    stale = NoteForm({"kind": "a", "day": "2019-03-14"})
    assert not stale.is_valid()
    assert "Dieses Formular ist veraltet. Bitte öffnen Sie es neu." in html(stale)


def test_passwords_are_left_as_typed() -> None:
    class Login(UiForm):
        password = forms.CharField(widget=forms.PasswordInput, strip=False)

    typed = " a\u200bb "
    filled = Login({"password": typed})
    assert filled.is_valid()
    assert filled.cleaned_data["password"] == typed


def test_a_form_with_a_draft_address_says_where_it_keeps_its_text() -> None:
    template = engines["django"].from_string(
        '{% load ui %}{% render_form form draft_url="/d/" draft_key="k" draft_saved_at="14:32" %}'
    )
    text = template.render({"form": NoteForm()})
    assert 'data-draft-url="/d/"' in text
    assert '<input type="hidden" name="draft_key" value="k">' in text
    assert "Entwurf gespeichert um 14:32" in text
