"""A stranger's row named in a form is refused at its field, and nothing is written."""

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse

from accounts.access import scoped_models
from accounts.forms import narrow_relations
from clients.forms.household import JoinHouseholdForm
from clients.models import Client
from tests.access.matrix import MATRIX
from tests.access.stage import kwargs_for, open_file

pytestmark = pytest.mark.django_db


def relation_fields(form):
    """Fields of a form that choose rows of a model with personal data."""
    scoped = set(scoped_models())
    return {
        name: field
        for name, field in form.fields.items()
        if getattr(field, "queryset", None) is not None and field.queryset.model in scoped
    }


def test_every_form_refuses_a_strangers_row_at_its_field(cast):
    own, foreign = open_file(cast.manager, cast), open_file(cast.outsider, cast, "Fremdwort")
    browser = Browser()
    browser.force_login(cast.manager)
    checked, wrong = set(), []
    for route, row in sorted(MATRIX.items()):
        if row.get != 200 or row.kind.refusal_for("manager") is not None:
            continue
        url = reverse(route, kwargs=kwargs_for(route, own))
        with transaction.atomic():
            shown = browser.get(url)
            form = shown.context.get("form") if shown.context else None
            for name, field in relation_fields(form).items() if hasattr(form, "fields") else ():
                stranger = foreign.rows[field.queryset.model._meta.label]
                key = getattr(stranger, field.to_field_name or "pk")
                checked.add(f"{route}.{name}")
                if field.queryset.filter(pk=stranger.pk).exists():
                    wrong.append(f"{route}.{name} lists a stranger's row")
                answer = browser.post(url, {form.add_prefix(name): str(key)})
                errors = answer.context["form"].errors if answer.status_code == 422 else {}
                if name not in errors:
                    wrong.append(f"{route}.{name}: {answer.status_code}, no error at the field")
            transaction.set_rollback(True)
    assert wrong == []
    assert checked, "no form offers rows: the test looks at nothing"


def test_a_relation_field_is_narrowed_whatever_its_form_forgot(cast):
    foreign = open_file(cast.outsider, cast)
    form = JoinHouseholdForm(user=cast.manager, client=open_file(cast.manager, cast).client)
    form.fields["other"].queryset = Client.objects.unscoped(reason="a form that forgot its scope")

    narrow_relations(form, cast.manager)

    assert not form.fields["other"].queryset.filter(pk=foreign.client.pk).exists()
