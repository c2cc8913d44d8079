"""The editor of the ladder's thresholds says what they mean and what would be due, before anything is saved."""

import dataclasses
import datetime
import re

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.models import OutreachPolicy
from outreach.policy_text import sentences
from outreach.rules import Action, LadderPolicy
from outreach.rules.examples import Due, History, examples

MONDAY = datetime.date(2019, 3, 4)
ADD = "/admin/outreach/outreachpolicy/add/"


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def history(which: History, policy: LadderPolicy | None = None) -> tuple[Due, ...]:
    return next(found for found in examples(policy or LadderPolicy(), MONDAY) if found.history == which).steps


def test_a_missed_appointment_runs_through_all_steps():
    assert history(History.NO_SHOW) == (
        Due(Action.LETTER_OR_CALL, MONDAY, day("2019-03-06")),
        Due(Action.CALL, day("2019-03-13"), day("2019-03-18")),
        Due(Action.VISIT, day("2019-03-21"), day("2019-04-01"), day("2019-03-28")),
        Due(Action.SECOND_VISIT, day("2019-04-04"), day("2019-04-15")),
        Due(Action.DECIDE, day("2019-04-29"), day("2019-04-29")),
        Due(Action.TRY_AGAIN, day("2019-07-14"), day("2019-07-26")),
        Due(Action.CLOSE, day("2019-08-02"), day("2019-08-02")),
    )


def test_a_first_contact_has_ten_working_days_and_the_fast_lane_leads_to_the_visit():
    assert history(History.FIRST_CONTACT)[0].due_on == day("2019-03-18")
    assert history(History.FAST_LANE)[0].action == Action.VISIT
    assert history(History.FAST_LANE, LadderPolicy(fast_lane=False))[0].action == Action.LETTER_OR_CALL


def test_the_thresholds_entered_decide():
    slow = LadderPolicy(step1_due_wd=5, step2_after_letter_wd=10, visit_announced=False)
    steps = history(History.NO_SHOW, slow)
    assert steps[0].due_on == day("2019-03-11")
    assert steps[1].not_before == day("2019-03-25")
    assert steps[2].announce_by is None


NUMBERS = [name for name, value in dataclasses.asdict(LadderPolicy()).items() if type(value) is int]


@given(st.fixed_dictionaries({name: st.integers(0, 1000) for name in NUMBERS}), st.booleans(), st.booleans())
@settings(max_examples=40, deadline=None)
def test_whatever_is_entered_the_histories_come_to_an_end(numbers, announced, fast):
    policy = LadderPolicy(visit_announced=announced, fast_lane=fast, **{**numbers, "min_age": 16})
    for example in examples(policy, MONDAY):
        days = [step.due_on for step in example.steps]
        assert days == sorted(days)
        assert len(days) in range(1, 9)


def test_every_threshold_is_said_in_a_sentence():
    with translation.override("de"):
        said = sentences(LadderPolicy())
        assert "Nach einem Brief wird 5 Werktage gewartet, nach einem Anruf 1 Werktag" in said[2]
        for name in NUMBERS:
            assert sentences(LadderPolicy(**{name: 777})) != said, name
        assert sentences(LadderPolicy(visit_announced=False)) != said
        assert sentences(LadderPolicy(fast_lane=False)) != said


# On the screen


@pytest.fixture
def admin(cast, as_user, clock):
    clock("2019-03-01 09:00")
    return as_user(cast.admin)


def entered(admin, **typed) -> dict[str, object]:
    form = admin.get(ADD).context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value not in (None, "", False)}
    return {**data, "valid_from": "2019-04-01", **typed}


def said(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.django_db
def test_the_form_opens_with_what_the_version_in_force_means(admin):
    text = said(admin.get(ADD))
    assert "Nach einem Brief wird 5 Werktage gewartet" in text
    assert "Termin am 04.03.2019 versäumt, keine Antwort" in text


@pytest.mark.django_db
def test_a_preview_shows_the_values_entered_and_saves_nothing(admin):
    before = OutreachPolicy.objects.count()
    shown = admin.post(ADD, entered(admin, step2_after_letter_wd=9, _preview="1"))
    assert shown.status_code == 200
    text = said(shown)
    assert "Nach einem Brief wird 9 Werktage gewartet" in text
    assert "So wie jetzt eingegeben. Gespeichert ist noch nichts." in text
    assert "Termin am 01.04.2019 versäumt, keine Antwort" in text
    assert 'name="step2_after_letter_wd" value="9"' in text
    assert OutreachPolicy.objects.count() == before
    assert admin.post(ADD, entered(admin, step2_after_letter_wd=9)).status_code == 302
    assert OutreachPolicy.objects.count() == before + 1


@pytest.mark.django_db
def test_what_cannot_be_is_said_before_anything_is_shown(admin):
    shown = admin.post(ADD, entered(admin, visit_due_wd=1, visit_after_wd=5, _preview="1"))
    assert shown.status_code == 200
    assert "sentences" not in shown.context
    assert "visit_due_wd" in shown.context["adminform"].form.errors


@pytest.mark.django_db
def test_a_version_in_force_can_be_read_and_not_tried_out(admin):
    row = OutreachPolicy.objects.order_by("valid_from").first()
    address = f"/admin/outreach/outreachpolicy/{row.pk}/change/"
    assert "Nach einem Brief wird 5 Werktage gewartet" in said(admin.get(address))
    assert admin.post(address, {"_preview": "1"}).status_code == 403
