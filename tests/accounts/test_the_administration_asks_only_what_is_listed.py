"""The Django admin answers what its lists and filters show, and nothing that could be asked by hand."""

import itertools
import re

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch, reverse

from accounts.catalogue_admin import CatalogueAdmin
from accounts.models import User
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db

REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
NAMES = [model._meta.label_lower for model in REGISTERED]
ENDINGS = ("", "__exact", "__startswith", "__regex", "__gt", "__in", "__isnull")
FOREIGN = (
    "password__startswith",
    "services__user__password__startswith",
    "user__password__startswith",
    "changes__by__password__startswith",
    "district__municipalities__services__user__password__startswith",
    "municipality__services__user__password__startswith",
    "municipality__clients__surname__startswith",
    "pk__in",
)


def address(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def browser(cast, as_user):
    return as_user(cast.admin)


def listed_by(model):
    """The links of the filters that the page itself shows."""
    entries = admin.site._registry[model].list_filter
    names = [entry[0] if isinstance(entry, tuple) else entry for entry in entries]
    shown = set()
    for name in names:
        field = model._meta.get_field(name)
        key = f"{name}__{field.target_field.name}" if field.is_relation else name
        shown |= {f"{key}__exact", f"{name}__isnull"}
    return shown


@pytest.mark.parametrize("model", REGISTERED, ids=NAMES)
def test_no_list_is_filtered_by_what_it_does_not_offer(browser, model):
    own = [field.name for field in model._meta.get_fields() if hasattr(field, "attname")]
    asked = {name + ending for name, ending in itertools.product(own, ENDINGS)} | set(FOREIGN)
    answered = [
        lookup
        for lookup in sorted(asked - listed_by(model))
        if browser.get(address(model), {lookup: "a"}).status_code != 400
    ]
    assert answered == []


@pytest.mark.parametrize("model", REGISTERED, ids=NAMES)
def test_the_filters_that_are_offered_work(browser, model):
    page = browser.get(address(model)).text
    offered = [found for found in re.findall(r'href="(\?[^"]+__[^"]+)"', page) if "_facets" not in found]
    assert bool(offered) == bool(admin.site._registry[model].list_filter)
    for query in offered:
        assert browser.get(address(model) + query.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize("value", ["9" * 26, "abc", "\0", "1'--"])
@pytest.mark.parametrize("model", REGISTERED, ids=NAMES)
def test_a_filter_with_a_garbled_value_answers_an_ordinary_page(browser, model, value):
    for lookup in sorted(listed_by(model)):
        names_a_row = lookup.count("__") == 2
        answer = browser.get(address(model), {lookup: value}, follow=True)
        assert answer.status_code == (400 if names_a_row or value == "\0" else 200), lookup


@pytest.mark.parametrize("model", REGISTERED, ids=NAMES)
def test_rows_are_named_by_their_key_alone(browser, model):
    row = model._default_manager.first()
    for field in model._meta.concrete_fields:
        expected = 200 if field.primary_key else 400
        query = {"_popup": "1", "_to_field": field.name}
        assert browser.get(address(model), query).status_code == expected, field.name
        if row is not None:
            change = browser.get(address(model, "change", row.pk), query)
            assert change.status_code == expected, field.name


def test_no_page_of_the_administration_shows_a_password_hash(browser, cast):
    cast.manager.set_password("nussbaum-treppe-17")
    cast.manager.save()
    pages = [
        address(User), address(User) + "?o=99.-1.abc", address(User) + "?_popup=1",
        *(address(User, page, cast.manager.pk) for page in ("change", "history")),
    ]  # fmt: skip
    for page in pages:
        assert "argon2" not in browser.get(page).text, page
    assert "Rehbaum" not in browser.get(address(User) + "?q=argon2").text


@pytest.mark.parametrize(
    "path",
    [
        "/admin/r/1/1/", "/admin/autocomplete/", "/admin/password_change/", "/admin/password_change/done/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("role", ["admin", "manager", "coordinator"])
def test_pages_nobody_needs_do_not_exist(cast, as_user, path, role):
    answer = as_user(cast.users[role]).get(path, follow=True)
    assert answer.status_code == (404 if role == "admin" else 403)


@pytest.mark.parametrize("name", ["view_on_site", "autocomplete", "password_change", "password_change_done"])
def test_nothing_links_to_them(name):
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{name}")


def test_the_administration_logs_out_and_changes_the_password_where_everybody_does(browser):
    page = browser.get("/admin/").text
    assert 'action="/logout/"' in page
    assert 'href="/account/password/change/"' in page
    for ask in (browser.get, browser.post):
        assert ask("/admin/logout/")["Location"] == "/logout/"


ROUTES = {
    "index", "login", "logout", "jsi18n", "app_list", "accounts_user_password",
    *(
        f"{model._meta.app_label}_{model._meta.model_name}_{page}"
        for model in REGISTERED
        for page in ("changelist", "add", "history", "delete", "change")
    ),
}  # fmt: skip


def admin_routes(patterns=None):
    for entry in admin.site.get_urls() if patterns is None else patterns:
        if hasattr(entry, "url_patterns"):
            yield from admin_routes(entry.url_patterns)
        elif entry.name:
            yield entry.name


def test_these_pages_and_no_others_belong_to_the_administration():
    assert set(admin_routes()) == ROUTES


def test_nothing_of_the_administration_has_filters_our_rule_does_not_know():
    for model in REGISTERED:
        registered = admin.site._registry[model]
        assert isinstance(registered, CatalogueAdmin)
        assert (registered.date_hierarchy, registered.autocomplete_fields, registered.raw_id_fields) == (
            None,
            (),
            (),
        )


def test_no_address_leads_from_a_table_and_a_key_to_a_file(cast, browser):
    file = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    kind = ContentType.objects.get_for_model(file)
    assert browser.get(f"/admin/r/{kind.pk}/{file.pk}/").status_code == 404
