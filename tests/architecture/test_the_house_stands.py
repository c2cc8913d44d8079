"""The walls of architecture.md: imports run leftward, registries are pinned, no attic, no second writer."""

import ast
import re
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from django.contrib import admin
from django.utils.functional import Promise

from accounts import duties
from accounts.catalogue_admin import CatalogueAdmin
from accounts.catalogues import Catalogue, Policy
from accounts.checks import OWN_APPS, check_privacy
from accounts.models import District, Municipality, User
from appointments.models import Place
from clients import recompute, sections, timeline
from daily.models import JobRun, OutgoingMessage

ROOT = Path(__file__).resolve().parents[2]
ORDER = [
    {"ui", "audit"},
    {"accounts"},
    {"daily"},
    {"letters"},
    {"clients"},
    {"documents"},
    {"intake"},
    {"partners"},
    {"integration_plans"},
    {"appointments"},
    {"outreach"},
    {"funding"},
    {"reports"},
    {"demo"},
]
RANK = {app: rank for rank, apps in enumerate(ORDER) for app in apps}


def sources(*, tests: bool = False) -> Iterator[Path]:
    for app in sorted(RANK):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def imported(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.lineno, node.module.split(".")[0]


def test_imports_run_leftward_only():
    wrong = []
    for path in sources():
        app = path.relative_to(ROOT).parts[0]
        for line, target in imported(path):
            if target == "stutensee_im":
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports the settings package")
            if target in RANK and target != app and RANK[target] >= RANK[app]:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {target}")
    assert wrong == []


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def modules_needed(path: Path, modules: set[str]) -> Iterator[str]:
    """The modules of ours that one imports, inside functions too; what annotations alone name is left out."""
    tree = ast.parse(path.read_text())
    blocks = [node for node in ast.walk(tree) if isinstance(node, ast.If)]
    for_types = [block for block in blocks if ast.unparse(block.test) == "TYPE_CHECKING"]
    named_only = {node for block in for_types for node in ast.walk(block)}
    for node in ast.walk(tree):
        if node in named_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module in modules:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from names & modules or {node.module}


def test_no_two_modules_need_each_other():
    """Not inside an app either: of two modules in a circle nobody can say which one knows the other."""
    paths = {module_of(path): path for path in sources()}
    needed = {name: set(modules_needed(path, set(paths))) - {name} for name, path in paths.items()}
    TopologicalSorter(needed).prepare()  # raises CycleError, which names the circle
    assert sum(map(len, needed.values())) > 500


def test_every_app_of_the_house_is_known():
    found = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert found - OWN_APPS == set()


def test_there_is_no_attic():
    attic = re.compile(r"(^|/)(utils?|helpers?|common|misc|core)(\.py|/)")
    assert [str(p) for p in sources() if attic.search(str(p.relative_to(ROOT)))] == []


def test_what_apps_contribute_is_registered_once():
    contributing = {path.parent.name for path in ROOT.glob("*/contributions.py")}
    assert contributing - OWN_APPS == set()
    assert {app for app in contributing if f"{app}.contributions" not in sys.modules} == set()
    for registry in (duties, sections, timeline):
        codes = [one.code for one in registry.registered()]
        assert len(codes) == len(set(codes)) > 0
    assert len(recompute.registered()) > 1


def test_every_model_declares_its_privacy():
    assert check_privacy(None) == []


def test_every_field_the_administration_sees_has_a_name_of_its_own():
    """A field without a name is called by its English code on a German page."""
    shown = set(admin.site._registry) | {
        inline.model for site in admin.site._registry.values() for inline in site.inlines
    }
    nameless = {
        f"{model.__name__}.{field.name}"
        for model in shown
        for field in model._meta.get_fields()
        if getattr(field, "editable", False) and not field.auto_created
        if not isinstance(getattr(field, "verbose_name", None), Promise)
    }
    assert nameless == set()


def test_the_admin_knows_users_places_and_lists_only():
    wrong = [
        model._meta.label
        for model, site in admin.site._registry.items()
        if not (
            issubclass(model, Catalogue | Policy)
            or model in {User, District, Municipality, Place, JobRun, OutgoingMessage}
        )
        or not isinstance(site, CatalogueAdmin)
    ]
    assert wrong == []
    assert admin.site._registry


FORBIDDEN_IN_TEMPLATES = {
    "|safe": re.compile(r"\|\s*safe\b"),
    "inline style": re.compile(r"\sstyle="),
    "inline handler": re.compile(r"\son[a-z]+="),
    "hx-on": re.compile(r"hx-on"),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)"),
    "foreign host": re.compile(r"""(?:src|href)=["'](?:https?:)?//"""),
}


@pytest.mark.parametrize("what", FORBIDDEN_IN_TEMPLATES)
def test_templates_keep_the_content_security_policy(what):
    pattern = FORBIDDEN_IN_TEMPLATES[what]
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]
    assert wrong == []


def test_nothing_marks_text_as_safe():
    # One line each, so that the reader sees why: {file: reason}.
    allowed = {
        "ui/fields.py": "writes fields in Python and escapes every value itself",
        "ui/rows.py": "writes rows in Python and escapes every value itself",
        "ui/charts/tables.py": "writes rows of figures in Python and escapes every value itself",
        "ui/parts.py": "writes names, marks and the options of a select in Python and escapes every value itself",
    }
    wrong = [
        str(path.relative_to(ROOT))
        for path in sources()
        if re.search(r"\bmark_safe\b|SafeString\(", path.read_text())
        and str(path.relative_to(ROOT)) not in allowed
    ]
    assert wrong == []


def test_contacts_have_one_writer():
    pattern = re.compile(r"\bContact\(|\bContact\.objects\.(create|bulk_create|get_or_create)")
    writers = {
        str(path.relative_to(ROOT))
        for path in sources()
        if pattern.search(path.read_text()) and "demo" not in path.relative_to(ROOT).parts
    }
    assert writers == {
        "appointments/models/contact.py",
        "appointments/forms/contact.py",
        "appointments/services/reminders.py",
    }


def test_time_is_passed_into_rules():
    pattern = re.compile(r"timezone\.(now|localdate)|date\.today|datetime\.now")
    wrong = [
        str(path.relative_to(ROOT))
        for path in sources()
        if ("rules" in path.parts or path.name == "rules.py") and pattern.search(path.read_text())
    ]
    assert wrong == []


def test_local_days_become_instants_in_one_place():
    """By hand it goes wrong twice a year, when a day has 23 or 25 hours."""
    by_hand = re.compile(r"time\.(min|max)\b|datetime\.time\(\)|\btime\(0(, ?0)*\)")
    calendar = ROOT / "accounts" / "rules" / "calendar.py"
    found = [str(path) for path in sources() if path != calendar and by_hand.search(path.read_text())]
    assert found == []


def test_rules_know_no_database():
    wrong = [
        str(path.relative_to(ROOT))
        for path in sources()
        if ("rules" in path.parts or path.name == "rules.py")
        and re.search(r"\.objects\b|from \w+\.models|django\.db import (?!models\b)", path.read_text())
    ]
    assert wrong == []


def test_every_line_of_a_worklist_names_a_group_that_has_a_place():
    """An unknown kind is found here, and not by whoever opens the start page."""
    wrong = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DueLine":
                [group] = [keyword.value for keyword in node.keywords if keyword.arg == "group"]
                if isinstance(group, ast.Constant):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []
