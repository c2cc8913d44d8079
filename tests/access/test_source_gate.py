"""In views and forms, rows are entered through a scope (architecture.md "Tests that look for escapes")."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.access import scoped_models

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    *("accounts", "daily", "clients", "intake", "integration_plans", "appointments", "outreach"),
    *("funding", "reports"),
)
DOORS = {"visible_to", "editable_by", "unscoped", "in_inbox_of", "none"}


def gated_files() -> Iterator[Path]:
    """Views and forms of every app."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            relative = path.relative_to(ROOT / app)
            if relative.parts[0] in ("views", "forms") or relative.name in ("views.py", "forms.py"):
                yield path


def escapes(source: str, scoped: set[str]) -> list[int]:
    """Lines on which ``Model.objects`` of a scoped model is not followed by a door.

    ``Client.objects.filter(pk=1)`` is an escape, ``Client.objects.visible_to(user).filter(pk=1)`` is not.
    """
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found = []
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager")
        ):
            continue
        if not (isinstance(node.value, ast.Name) and node.value.id in scoped):
            continue
        parent = parents[node]
        if not (isinstance(parent, ast.Attribute) and (parent.attr in DOORS)):
            found.append(node.lineno)
    return found


def scoped_names() -> set[str]:
    return {model.__name__ for model in scoped_models()}


@pytest.mark.parametrize("path", list(gated_files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_views_and_forms_enter_rows_through_a_scope(path):
    lines = escapes(path.read_text(), scoped_names())
    assert lines == [], f"{path.relative_to(ROOT)}: {lines}: use .visible_to(user) or .editable_by(user)"


def test_the_gate_bites():
    assert escapes("x = Client.objects.filter(pk=1)", {"Client"}) == [1]
    assert escapes("x = Client.objects.visible_to(u).filter(pk=1)", {"Client"}) == []


def test_no_view_uses_the_shortcut_that_skips_the_scope():
    wrong = [
        str(path.relative_to(ROOT)) for path in gated_files() if "get_object_or_404(" in path.read_text()
    ]
    assert wrong == []
