"""Template tags: words, dates, readings, links."""

import re
import uuid
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django import urls
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from ui import links
from ui.dates import distance, span
from ui.notes import notify
from ui.parts import escape

TODAY = date(2019, 3, 14)


def shown(source: str, **context: Any) -> str:
    template = engines["django"].from_string("{% load i18n ui %}" + source)
    return template.render({"today": TODAY, **context})


def test_an_icon_is_hidden_from_screen_readers() -> None:
    assert shown('{% icon "phone" small=True %}') == (
        '<svg class="icon icon-sm" aria-hidden="true"><use href="/static/icons.svg#i-phone"/></svg>'
    )


def test_every_icon_used_in_templates_is_in_the_sprite() -> None:
    from pathlib import Path

    from django.conf import settings

    root = Path(settings.BASE_DIR) / "templates"
    sprite = (Path(settings.BASE_DIR) / "static" / "icons.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'id="i-([\w-]+)"', sprite))
    used = {
        name
        for page in root.rglob("*.html")
        for name in re.findall(r'{% (?:icon|symbol) "([\w-]+)"', page.read_text(encoding="utf-8"))
    }
    assert used - known == set()


def test_a_person_is_shown_by_name_and_case_number() -> None:
    client = SimpleNamespace(
        display_name="O'Neil <x>", case_no="STU-2018-0042", get_absolute_url=lambda: "/clients/1/"
    )
    text = shown("{% who client %}", client=client)
    assert text.startswith('<a href="/clients/1/">')
    assert '<bdi class="who-name">O&#x27;Neil &lt;x&gt;</bdi>' in text
    assert '<span class="who-case">STU-2018-0042</span>' in text
    assert "<a " not in shown("{% who client link=False %}", client=client)


def test_dates_are_written_as_on_paper() -> None:
    moment = datetime(2019, 3, 14, 14, 32, tzinfo=timezone.get_default_timezone())
    assert shown("{{ d|date_de }}", d=TODAY) == "14.03.2019"
    assert shown("{{ d|date_de }}", d=None) == ""
    assert shown("{{ d|datetime_de }}", d=moment) == "14.03.2019, 14:32"
    assert shown("{{ d|time_de }}", d=moment) == "14:32"
    assert shown("{{ d|long_day }}", d=TODAY) == "Donnerstag, 14. März"
    assert shown("{{ d|month_name }}", d=TODAY) == "März 2019"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2019, 3, 13), "gestern"),
        (date(2019, 3, 14), "heute"),
        (date(2019, 3, 15), "morgen"),
        (date(2019, 3, 18), "Mo 18.03."),
        (date(2020, 3, 18), "Mi 18.03.2020"),
    ],
)
def test_a_near_day_has_a_word(value: date, text: str) -> None:
    assert shown("{% day d %}", d=value) == text


def test_the_distance_counts_days() -> None:
    assert distance(date(2019, 3, 18), TODAY) == "in 4 Tagen"
    assert distance(date(2019, 3, 12), TODAY) == "vor 2 Tagen"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2019, 12, 3), date(2019, 12, 3), "03.12."),
        (date(2019, 12, 3), date(2019, 12, 7), "03.–07.12."),
        (date(2019, 11, 28), date(2019, 12, 3), "28.11.–03.12."),
        (date(2019, 12, 28), date(2020, 1, 4), "28.12.–04.01.2020"),
        (date(2020, 1, 2), date(2020, 2, 4), "02.01.–04.02.2020"),
        (date(2018, 12, 28), date(2019, 1, 4), "28.12.2018–04.01."),
    ],
)
def test_days_from_to_say_nothing_twice(first: date, last: date, text: str) -> None:
    assert span(first, last, TODAY) == text


def test_due_words_say_overdue_with_since_when() -> None:
    assert "überfällig</span> seit 12.03." in shown("{% due_word d %}", d=date(2019, 3, 12))
    assert 'class="due"' in shown("{% due_word d %}", d=TODAY)
    assert shown("{% due_word d %}", d=date(2019, 3, 18)) == "Mo 18.03."
    assert shown("{% due_word d %}", d=None) == ""


def test_the_need_scale_shows_the_reading_and_where_it_was() -> None:
    text = shown('{% need_scale 2 was=3 word="mittel" was_word="hoch" %}')
    assert '<circle class="is" cx="48" cy="8" r="5"/>' in text
    assert '<circle class="was" cx="70"' in text
    assert "Bedarf 2 von 4:" in text
    assert "zuvor hoch" in text
    assert 'class="was"' not in shown('{% need_scale 3 was=3 word="hoch" %}')
    assert 'class="is"' not in shown('{% need_scale None word="nicht besprochen" %}')


def test_the_clock_is_a_ruler_of_36_months() -> None:
    text = shown("{% clock_ruler 14 %}")
    strokes = dict(re.findall(r'<path(?: class="(\w+)")? d="([^"]*)"/>', text))
    assert {name: path.count("M") for name, path in strokes.items()} == {
        "past": 13,
        "here": 1,
        "": 19,
        "limit": 3,
    }
    assert strokes["here"] == "M54 0V16"
    assert 'aria-label="Monat 14 von 36"' in text


def test_paging_keeps_the_filters_and_changes_only_the_place() -> None:
    request = RequestFactory().get("/clients/?phase=active&before=a&phase=new")
    text = shown('{% paging after="u1" first=True label="Weitere" %}', request=request)
    assert 'href="?phase=active&amp;phase=new&amp;after=u1"' in text
    assert 'href="?phase=active&amp;phase=new"' in text
    assert "Weitere" in text
    assert shown("{% paging %}", request=request).strip() == ""


def test_the_draft_line_is_empty_until_something_was_stored() -> None:
    assert "gespeichert" not in shown("{% saved_at None %}")
    assert "Entwurf gespeichert um 14:32" in shown('{% saved_at "14:32" %}')


def test_facts_are_joined_without_gaps() -> None:
    assert shown("{% joined parts %}", parts=["Büro", "", None, "<b>"]) == "Büro · &lt;b&gt;"


def test_a_status_line_offers_the_way_back() -> None:
    request = RequestFactory().get("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    notify(request, "Erledigt.", undo_url="/undo/1/")
    text = shown('{% include "components/_messages.html" %}', messages=get_messages(request))
    assert "Erledigt." in text
    assert '<form method="post" action="/undo/1/">' in text
    assert "Rückgängig" in text
    assert 'role="status"' in text


@pytest.mark.parametrize("value", ["<b>&\"'</b>", SafeString("<b>"), 7, None, gettext_lazy("Plans & <b>")])
def test_values_of_rows_are_escaped_as_templates_do(value: object) -> None:
    assert escape(value) == conditional_escape(value)


@pytest.mark.parametrize(
    ("route", "args"),
    [
        ("home", []),
        ("day_part", ["today"]),
        ("clients:detail", [uuid.UUID(int=7)]),
        ("file_appointments:appointment", [uuid.UUID(int=7), uuid.UUID(int=1)]),
        ("file_appointments:appointment", [uuid.UUID(int=1), uuid.UUID(int=0)]),
    ],
)
def test_an_address_that_is_looked_up_once_is_that_of_django(route: str, args: list[Any]) -> None:
    assert links.reverse(route, args=args) == urls.reverse(route, args=args)
    assert links.reverse(route, args=args) == urls.reverse(route, args=args)


def test_options_say_what_is_chosen_and_nothing_of_them_is_markup() -> None:
    text = shown("{% options choices chosen %}", choices=[("", "<alle>"), ('"a"', "A & B")], chosen='"a"')
    assert text == (
        '<option value="">&lt;alle&gt;</option><option value="&quot;a&quot;" selected>A &amp; B</option>'
    )
