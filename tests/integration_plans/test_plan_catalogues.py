"""Modules, templates and thresholds are data the administration keeps."""

import datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from clients import recompute
from clients.models import Client
from integration_plans.catalogue_rows import load
from integration_plans.models import GoalTemplate, Module, PlanPolicy
from integration_plans.policies import policy_on
from integration_plans.rules.intensity import IntensityRule
from tests.factories.clients import ClientFactory
from tests.factories.plans import assess, close, decide, goal, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(as_user, cast):
    return as_user(cast.admin)


def test_the_four_modules_of_the_start_are_switched_on():
    active = Module.objects.valid_on(timezone.localdate())
    assert [module.code for module in active] == ["finance", "family", "education", "health"]
    assert {module.code for module in Module.objects.filter(acute_means_crisis=True)} == {
        "finance",
        "family",
        "health",
        "housing",
    }
    assert [module.code for module in Module.objects.filter(sensitive=True)] == ["health"]


def test_every_level_of_every_module_has_a_written_meaning():
    modules = Module.objects.all()
    assert len(modules) > 7
    for module in modules:
        assert all(module.meaning(level) for level in range(5))


def test_loading_again_changes_nothing_the_administration_did():
    Module.objects.filter(code="family").update(label_de="Familie und Kinder")
    assert load() == 0
    call_command("load_catalogues", verbosity=0)
    assert Module.objects.get(code="family").label_de == "Familie und Kinder"


def test_the_policy_that_comes_with_the_product_says_what_the_rules_say():
    policy = policy_on(timezone.localdate())
    stored = policy.rule()
    assert stored == IntensityRule(version=policy.pk)


def test_an_admin_adds_renames_reorders_and_retires_modules(admin, client, as_user, cast):
    answer = admin.post(
        reverse("admin:integration_plans_module_add"),
        {"code": "sport", "label_de": "Sport und Verein", "order": "5", "level_3": "Kennt niemanden"},
    )
    assert answer.status_code == 302
    module = Module.objects.get(code="sport")
    manager = as_user(cast.manager)
    page = manager.get(reverse("file_plans:assess", args=[client.uuid])).content.decode()
    assert page.index("Sport und Verein") < page.index("Finanzen")
    assert "Kennt niemanden" in page
    admin.post(
        reverse("admin:integration_plans_module_change", args=[module.pk]),
        {"code": "sport", "label_de": "Verein", "order": "5", "valid_until": "2020-01-01"},
    )
    assert "Verein" not in manager.get(reverse("file_plans:assess", args=[client.uuid])).content.decode()
    assert AuditEntry.objects.filter(action="catalogue.changed", kind="integration_plans.module").count() == 2


def test_nothing_is_deleted_and_no_plan_is_in_the_admin(admin):
    module = Module.objects.get(code="work")
    assert admin.get(reverse("admin:integration_plans_module_delete", args=[module.pk])).status_code == 403
    index = admin.get("/admin/integration_plans/").content.decode()
    assert "planversion" not in index
    assert "assessment" not in index


def test_managers_do_not_reach_the_lists(as_user, cast):
    answer = as_user(cast.manager).get("/admin/integration_plans/module/")
    assert answer.status_code == 302


def test_every_template_names_measures_of_both_sides():
    templates = GoalTemplate.objects.all()
    assert len(templates) > 7
    for template in templates:
        assert template.client_measures
        assert template.service_measures


def test_a_threshold_changed_today_leaves_yesterday_alone():
    today = timezone.localdate()
    PlanPolicy.objects.create(valid_from=today, crisis_interval_days=3)
    assert policy_on(today).crisis_interval_days == 3
    assert policy_on(today.replace(year=today.year - 1)).crisis_interval_days == 7


def save(admin, code, **changes):
    """What the administration types into the form of a module."""
    path = reverse("admin:integration_plans_module_change", args=[Module.objects.get(code=code).pk])
    form = admin.get(path).context["adminform"].form
    stored = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    typed = {name: value for name, value in {**stored, **changes}.items() if value not in (None, False)}
    with CaptureQueriesContext(connection) as statements:
        assert admin.post(path, typed).status_code == 302
    return len(statements)


def assessed(cast, **levels):
    file = ClientFactory(municipality=cast.stutensee, manager=cast.manager)
    decide(assess(file, **levels))
    return file


def told_without_health(file):
    return Client.objects.get(pk=file.pk).unprotected_intensity


def test_a_module_marked_sensitive_tells_no_level_any_more(admin, cast):
    file = assessed(cast, family=4, finance=2)
    assert told_without_health(file) == "crisis"
    save(admin, "family", sensitive="on")
    assert told_without_health(file) == "punctual"
    save(admin, "family", sensitive=None)
    assert told_without_health(file) == "crisis"
    save(admin, "family", acute_means_crisis=None)
    assert told_without_health(file) == "intensive"
    assert Client.objects.get(pk=file.pk).intensity == "crisis"


def test_a_module_marked_sensitive_tells_no_day_of_its_goals_any_more(admin, cast):
    file, long_ago = assessed(cast, finance=2), timezone.localdate() - datetime.timedelta(days=300)
    version = start(file)
    goal(version, module="family", target_on=long_ago)
    close(version, review_on=timezone.localdate() + datetime.timedelta(days=100))
    day = Client.objects.filter(pk=file.pk).values_list("next_due_on", flat=True)
    assert day.get() == long_ago
    save(admin, "family", sensitive="on")
    assert day.get() != long_ago
    save(admin, "family", sensitive=None)
    assert day.get() == long_ago


def test_marking_it_takes_the_same_statements_however_many_files_spoke_of_it(admin, cast):
    files = [assessed(cast, family=4)]
    of_one = save(admin, "family", sensitive="on")
    save(admin, "family", sensitive=None)
    files += [assessed(cast, family=4) for _number in range(49)]
    assert save(admin, "family", sensitive="on") == of_one
    assert {told_without_health(file) for file in files} == {""}


def test_a_version_of_thresholds_leaves_what_was_decided_and_moves_reminders_on_its_day(admin, cast):
    file = assessed(cast, finance=2, education=2)
    decided = "intensity", "intensity_since", "unprotected_intensity", "next_review_on"
    before = Client.objects.filter(pk=file.pk).values(*decided).get()
    reminded = file.due_items.get(kind="reassess").shows_on
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    PlanPolicy.objects.create(
        valid_from=timezone.localdate(tomorrow),
        regular_from_medium=9,
        regular_review_months=1,
        soon_days=PlanPolicy.objects.get().soon_days + 4,
    )
    with transaction.atomic():
        assert recompute.recompute([file], timezone.now()) == set()
        assert file.due_items.get(kind="reassess").shows_on == reminded
        recompute.recompute([file], tomorrow)
    assert file.due_items.get(kind="reassess").shows_on < reminded
    assert Client.objects.filter(pk=file.pk).values(*decided).get() == before
    page = admin.get(reverse("admin:integration_plans_planpolicy_add")).text
    assert "Was in „Mein Tag“ wartet, folgt einer neuen Fassung ab dem frühen Morgen dieses Tages." in page
