"""The matrix, played: every route, every role, both methods."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.matrix import MATRIX, ROLES
from tests.access.stage import kwargs_for

pytestmark = pytest.mark.django_db


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Every named route of the project, the Django admin left out: it has tests of its own."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace == "admin":
                continue
            yield from routes(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{prefix}{entry.name}"


def test_every_route_has_a_row_and_every_row_a_route():
    found = set(routes())
    assert found - set(MATRIX) == set(), "routes without a row in tests/access/matrix.py"
    assert set(MATRIX) - found == set(), "rows without a route"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_its_codes(role, cast, file):
    browser = Browser(raise_request_exception=False)
    if role != "anonymous":
        browser.force_login(cast.users[role])
    wrong = []
    for route, row in MATRIX.items():
        url = reverse(route, kwargs=kwargs_for(route, file))
        for method, admitted in (("get", row.get), ("post", row.post)):
            cookies = browser.cookies.copy()
            with transaction.atomic():
                code = getattr(browser, method)(url).status_code
                transaction.set_rollback(True)
            browser.cookies = cookies
            refusal = row.kind.refusal_for(role, method)
            expected = admitted if refusal is None else refusal
            if code != expected:
                wrong.append(f"{method.upper()} {route}: {code}, expected {expected}")
    assert wrong == []


def test_a_refusal_is_recorded_in_the_file_it_concerns(cast, file, as_user):
    from audit.models import AuditEntry

    as_user(cast.outsider).get(reverse("clients:detail", args=[file.client.uuid]))

    entry = AuditEntry.objects.about(file.client.subject_ref).first()
    assert entry is not None
    assert (entry.action, entry.actor) == ("access.refused", cast.outsider)


def test_a_page_of_a_file_writes_one_read_entry(cast, file, as_user):
    from audit.models import AuditEntry

    browser = as_user(cast.manager)
    before = AuditEntry.objects.about(file.client.subject_ref).count()
    browser.get(reverse("clients:detail", args=[file.client.uuid]))
    assert AuditEntry.objects.about(file.client.subject_ref).count() == before + 1


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("anonymous", "admin")])
def test_the_django_admin_is_for_the_administration(role, cast, as_user):
    answer = as_user(cast.users[role]).get("/admin/")
    assert answer.status_code == 302


def test_the_log_in_of_the_django_admin_is_the_common_one(client):
    assert client.get("/admin/")["Location"].startswith(("/admin/login/", "/login/"))
    assert client.get("/admin/login/")["Location"].startswith("/login/")


def test_whatever_shows_a_file_writes_exactly_one_read_entry(cast, file, as_user):
    from audit.actions import READ, codes_of
    from audit.models import AuditEntry

    browser = as_user(cast.manager)
    wrong, shown = [], 0
    for route, row in MATRIX.items():
        url = reverse(route, kwargs=kwargs_for(route, file))
        if row.get != 200 or str(file.client.uuid) not in url:
            continue
        reads = AuditEntry.objects.about(file.client.subject_ref).filter(action__in=codes_of(READ))
        before = reads.count()
        if browser.get(url).status_code != 200:
            continue
        shown += 1
        if reads.count() != before + 1:
            wrong.append(f"{route}: {reads.count() - before}")
    assert wrong == []
    assert shown > 40
