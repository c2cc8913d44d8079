"""What a row of a worklist says and where it stands."""

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from ui.due import DueLine, NowLine, Outcome, in_order, through_the_day
from ui.rows import due_line

TODAY = date(2019, 3, 14)


def line(**facts: Any) -> DueLine:
    return DueLine(**{"group": "g", "kind": "k", "today": TODAY, "title": "Nour Alhariri", **facts})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2019, 3, day, hour, minute, tzinfo=timezone.get_default_timezone())


def html(shown: DueLine | NowLine) -> str:
    return due_line(shown)


@pytest.mark.parametrize(
    ("facts", "state", "word", "small"),
    [
        ({"when": date(2019, 3, 12)}, "late", "überfällig", "seit 12.03."),
        ({"when": date(2018, 12, 30)}, "late", "überfällig", "seit 30.12.2018"),
        ({"when": date(2019, 3, 14)}, "today", "heute", ""),
        ({"when": date(2019, 3, 14), "hard": True}, "today", "heute", "Frist"),
        ({"when": date(2019, 3, 15)}, "later", "morgen", "15.03."),
        ({"when": date(2019, 3, 18), "note": "in 4 Tagen"}, "later", "Mo 18.03.", "in 4 Tagen"),
        ({"when": date(2020, 1, 2)}, "later", "Do 02.01.2020", ""),
        ({"when": at(14, 9, 30), "note": "bis 10:15"}, "today", "09:30", "bis 10:15"),
        ({"when": at(14, 8, 30), "done": True}, "done", "08:30", ""),
        ({"when": at(13, 16, 40), "news": True}, "later", "gestern", "16:40"),
        ({"when": at(13, 16, 40)}, "late", "überfällig", "seit 13.03."),
        ({"when_text": "2 neu", "note": "seit 11.03."}, "later", "2 neu", "seit 11.03."),
        ({}, "later", "", ""),
    ],
)
def test_state_and_words_follow_from_the_time(
    facts: dict[str, Any], state: str, word: str, small: str
) -> None:
    shown = line(**facts)
    assert (shown.state, shown.word, shown.small) == (state, word, small)


def test_an_instant_belongs_to_the_local_day() -> None:
    assert line(when=datetime(2019, 3, 13, 23, 30, tzinfo=timezone.get_fixed_timezone(0))).state == "today"


def test_overdue_comes_first_then_today_then_by_date_and_undated_last() -> None:
    lines = [
        line(title="undated"),
        line(title="later", when=date(2019, 3, 20)),
        line(title="done", when=date(2019, 3, 1), done=True),
        line(title="tomorrow", when=date(2019, 3, 15)),
        line(title="today", when=date(2019, 3, 14)),
        line(title="today, deadline", when=date(2019, 3, 14), hard=True),
        line(title="late", when=date(2019, 3, 12)),
        line(title="later late", when=date(2019, 3, 13)),
    ]
    order = ["late", "later late", "today, deadline", "today", "tomorrow", "later", "undated", "done"]
    assert [found.title for found in in_order(lines)] == order


def test_the_day_goes_by_the_clock_and_shows_where_it_stands() -> None:
    lines = [
        line(title="eleven", when=at(14, 11)),
        line(title="half past eight", when=at(14, 8, 30), done=True),
        line(title="half past nine", when=at(14, 9, 30)),
    ]
    shown = through_the_day(lines, at(14, 10, 24))
    assert [entry.word for entry in shown] == ["08:30", "09:30", "10:24", "11:00"]
    assert isinstance(shown[2], NowLine)
    assert through_the_day([], at(14, 10)) == []


def test_overdue_and_due_carry_icon_and_word() -> None:
    assert '<span class="late">überfällig</span>' in html(line(when=date(2019, 3, 12)))
    assert '<span class="due">heute</span>' in html(line(when=date(2019, 3, 14)))
    assert 'class="due"' not in html(line(when=at(14, 9)))


def test_the_style_sheet_draws_the_icon_of_every_mark() -> None:
    static = Path(settings.BASE_DIR) / "static"
    rules = (static / "css" / "theme.css").read_text(encoding="utf-8")
    for mark in ("due", "late", "care"):
        assert re.search(rf'^\.{mark} {{.*--im-mark: url\("\.\./marks/{mark}\.svg"\)', rules, re.M)
        assert (static / "marks" / f"{mark}.svg").exists()
    assert re.search(r"^:is\(\.due, \.late, \.care\)::before {.*mask: var\(--im-mark\)", rules, re.M)


def test_only_an_urgent_action_is_outlined() -> None:
    urgent = html(line(when=date(2019, 3, 14), action_label="Erledigt", action_url="/x/"))
    calm = html(line(when=date(2019, 3, 15), action_label="Erledigt", action_url="/x/"))
    assert "btn-quiet" in urgent
    assert "btn-plain" not in urgent
    assert "btn-plain" in calm
    assert "btn-quiet" not in calm


def test_a_posting_action_is_a_form_with_its_fields_and_token() -> None:
    shown = line(
        action_label="Erledigt", action_url="/x/", action_method="post", action_fields={"version": "3"}
    )
    text = due_line(shown, "tok")
    assert '<form method="post" action="/x/">' in text
    assert 'name="version" value="3"' in text
    assert "csrfmiddlewaretoken" in text


def test_a_posting_action_may_share_one_form_of_the_page() -> None:
    fields = {"version": "3", "next": "/"}
    one = line(action_label="Erledigt", action_url="/x/", action_method="post", action_fields=fields)
    text = due_line(one, "tok", "acts")
    assert 'form="acts" formaction="/x/" name="version" value="3">Erledigt</button>' in text
    assert "tok" not in text
    two = replace(one, action_fields={**fields, "step": "2"})
    assert '<form method="post" action="/x/">' in due_line(two, "tok", "acts")


def test_what_a_button_is_about_is_heard() -> None:
    text = html(line(text="Bescheid lesen", action_label="Erledigt", action_url="/x/"))
    assert 'aria-label="Erledigt: Bescheid lesen"' in text


def test_outcomes_are_buttons_that_decide_in_one_tap() -> None:
    outcomes = (Outcome("Gekommen", value="met"), Outcome("Abgesagt", url="/cancel/"))
    text = html(line(outcomes=outcomes, action_url="/x/", case_no="STU-2018-0117"))
    assert '<button name="outcome" value="met">Gekommen</button>' in text
    assert '<a href="/cancel/">Abgesagt</a>' in text
    assert 'aria-label="Ergebnis: STU-2018-0117"' in text


def test_the_privacy_screen_has_a_case_number_to_show_instead_of_the_name() -> None:
    text = html(line(case_no="STU-2018-0117", url="/f/"))
    assert '<bdi class="who-name">Nour Alhariri</bdi><span class="who-case">STU-2018-0117</span>' in text


def test_everything_written_by_people_is_escaped() -> None:
    text = html(line(title="<b>x</b>", text="<script>", care="<i>", url="/f/?a=1&b=2"))
    assert "<b>x</b>" not in text
    assert "<script>" not in text
    assert "<i>" not in text
    assert "&lt;script&gt;" in text


def test_an_empty_section_says_what_will_appear() -> None:
    from django.template import engines

    template = engines["django"].from_string(
        '{% load ui %}{% due_section title="Entwürfe" id="t6" lines=nothing empty="Hier stehen Entwürfe." %}'
    )
    text = template.render({"nothing": [], "lines": ["from the page around"]})
    assert "Hier stehen Entwürfe." in text
    assert "<ul>" not in text
