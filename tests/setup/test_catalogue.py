"""Every English source string has its German, and the tool that says so can be trusted."""

import gettext

import pytest
import time_machine
from babel.messages.catalog import Catalog

from stutensee_im import catalogue


@pytest.fixture
def project(tmp_path):
    templates = tmp_path / "templates" / "clients"
    templates.mkdir(parents=True)
    (templates / "page.html").write_text(
        """{% load i18n %}
    <h1>{% translate "Clients" %}</h1>
      <p>{% blocktranslate trimmed count n=n %}
        one file of {{ name }}
      {% plural %}
        {{ n }} files of {{ name }}
      {% endblocktranslate %}</p>
  <p>{% translate "May" context "month" %}</p>{# {% translate "Never" %} #}
""",
        encoding="utf-8",
    )
    (tmp_path / "rules.py").write_text(
        "from django.utils.translation import gettext_lazy as _\n"
        "LABEL = _('Follow' '-up')\nOTHER = _(LABEL)\n"
        "T = ngettext('%(n)s day', '%(n)s days', 2)\n",
        encoding="utf-8",
    )
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text("_('Not for users')\n", encoding="utf-8")
    return tmp_path


def texts(catalog: Catalog):
    return set(catalogue.messages(catalog))


def test_the_catalogue_of_this_project_is_complete():
    assert catalogue.problems(catalogue.extract(), catalogue.read()) == []


def test_templates_and_code_are_read(project):
    assert texts(catalogue.extract(project)) == {
        ("Clients", None),
        ("one file of %(name)s", None),
        ("May", "month"),
        ("Follow-up", None),
        ("%(n)s day", None),
    }


def test_the_file_is_the_same_whenever_it_is_written(project):
    first = catalogue.dump(catalogue.extract(project))
    assert first == catalogue.dump(catalogue.extract(project))
    assert b"Date" not in first
    assert b"#:" not in first


def test_missing_stale_fuzzy_and_wrongly_filled_texts_are_named():
    source, german = catalogue.new_catalog(), catalogue.new_catalog()
    for text in ("new", "open", "guess", "%(n)s days", "good"):
        source.add(text)
    german.add("gone", "weg")
    german.add("open", "")
    german.add("guess", "geraten", flags=["fuzzy"])
    german.add("%(n)s days", "%(tage)s Tage")
    german.add("good", "gut")
    assert catalogue.problems(source, german) == [
        "missing: 'new'",
        "stale: 'gone'",
        "placeholder that the source does not have: '%(n)s days'",
        "fuzzy: 'guess'",
        "untranslated: 'open'",
    ]


def test_an_update_keeps_what_still_fits_and_guesses_nothing():
    source, german = catalogue.new_catalog(), catalogue.new_catalog()
    source.add("kept")
    source.add("kept almost")
    source.add(("day", "days"))
    german.add("kept", "behalten")
    german.add("gone", "weg")
    german.add("day", "Tag")
    updated = catalogue.messages(catalogue.update(source, german))
    assert set(updated) == {("kept", None), ("kept almost", None), ("day", None)}
    assert updated[("kept", None)].string == "behalten"
    assert not updated[("kept almost", None)].string
    assert not catalogue.is_translated(updated[("day", None)])


def test_it_compiles_without_the_systems_gettext(project):
    path = project / "django.po"
    german = catalogue.new_catalog()
    german.add("Clients", "Klient:innen")
    german.add(("one", "many"), ("eins", "viele"))
    german.add("guess", "geraten", flags=["fuzzy"])
    path.write_bytes(catalogue.dump(german))
    with catalogue.compile_catalog(path).open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Clients") == "Klient:innen"
    assert compiled.ngettext("one", "many", 3) == "viele"
    assert compiled.gettext("guess") == "guess"


def test_a_compiled_catalogue_that_is_current_is_not_written_again(project):
    path = project / "django.po"
    german = catalogue.new_catalog()
    german.add("Clients", "Klient:innen")
    path.write_bytes(catalogue.dump(german))
    compiled = catalogue.compile_catalog(path)
    first = compiled.stat()
    with time_machine.travel("2031-02-03 04:05", tick=False):
        catalogue.compile_catalog(path)
    # Another file would have taken its place.
    assert (compiled.stat().st_ino, compiled.stat().st_mtime_ns) == (first.st_ino, first.st_mtime_ns)
    german.add("Household", "Haushalt")
    path.write_bytes(catalogue.dump(german))
    catalogue.compile_catalog(path)
    assert compiled.stat().st_ino != first.st_ino
