from io import StringIO

import pytest
from django.core.management import call_command

from audit.models import AuditEntry
from clients.models import ClosingReason, Country, FactValue, FilePolicy, SpokenLanguage, Topic

CHANGE = "/admin/clients/topic/{}/change/"


def test_what_the_standard_names_lack_is_in_the_lists(db):
    assert SpokenLanguage.objects.get(code="prs").label == "Dari"
    assert SpokenLanguage.objects.get(code="kmr").label == "Kurmandschi"
    assert Country.objects.get(code="stateless").label == "staatenlos"
    assert Country.objects.get(code="unclear").label == "ungeklärt"
    assert Country.objects.get(code="XK").label == "Kosovo"
    assert Country.objects.first().code == "UA"
    assert SpokenLanguage.objects.get(code="ar").right_to_left
    assert Topic.objects.first().code == "post"


def test_loading_again_adds_nothing_and_keeps_what_was_changed(db):
    Topic.objects.filter(code="post").update(label_de="Briefe")
    ClosingReason.objects.filter(code="limit").delete()
    said = StringIO()
    call_command("load_catalogues", stdout=said)
    assert said.getvalue().startswith("1 ")
    assert Topic.objects.get(code="post").label == "Briefe"


def test_the_first_policy_holds_the_rules_of_the_programme(db):
    policy = FilePolicy.objects.get()
    assert (policy.clock.limit, policy.clock.hard_limit, policy.clock.warnings) == (36, 48, (30, 34, 36))
    assert policy.permits.short_steps == (30, 14, 7)


def test_every_kind_of_fact_has_values(db):
    assert FactValue.objects.filter(kind="german_level").count() == 8


def test_administrators_rename_an_entry_and_it_is_recorded(cast, as_user):
    topic = Topic.objects.get(code="post")
    browser = as_user(cast.admin)
    assert browser.get(CHANGE.format(topic.pk)).status_code == 200
    browser.post(CHANGE.format(topic.pk), {"label_de": "Briefe", "label_en": "Letters", "order": "1"})
    topic.refresh_from_db()
    assert (topic.label, topic.code) == ("Briefe", "post")
    assert AuditEntry.objects.filter(action="catalogue.changed", actor=cast.admin).exists()


@pytest.mark.parametrize(
    "name", ["topic", "country", "spokenlanguage", "accesssource", "closingreason", "factvalue"]
)
def test_every_list_opens_for_administrators_and_nobody_else(cast, as_user, name):
    address = f"/admin/clients/{name}/"
    assert as_user(cast.admin).get(address).status_code == 200
    for user in (cast.manager, cast.officer, cast.coordinator):
        assert as_user(user).get(address).status_code == 302


def test_a_policy_in_force_is_followed_not_rewritten(cast, as_user):
    policy = FilePolicy.objects.get()
    answer = as_user(cast.admin).post(f"/admin/clients/filepolicy/{policy.pk}/change/", {"limit_months": "1"})
    assert answer.status_code == 403
    policy.refresh_from_db()
    assert policy.limit_months == 36
