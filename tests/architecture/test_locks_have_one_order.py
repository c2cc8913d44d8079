"""Rows are locked in one order, without their keys, and what follows is recorded with the instant under the lock."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.architecture.test_the_house_stands import ROOT, sources

ENQUIRY, FILE, ACCOUNT, COUNTER = range(4)
LOCKS = {
    "lock_file": FILE,
    "lock_files": FILE,
    "lock_open_file": FILE,
    "lock": ACCOUNT,
    "as_stored": ACCOUNT,
    "lock_taker": ACCOUNT,
    "lock_calendar": ACCOUNT,
    "draw_case_numbers": COUNTER,
    "_draw_number": COUNTER,
}
OWN = {
    "appointments/services/contacts.py": {"_lock": FILE},
    "appointments/services/follow_ups.py": {"_lock_file": FILE},
    "clients/services/caseloads.py": {"_locked": FILE},
    "clients/services/intake.py": {"_locked": ENQUIRY},
}
"""Locking functions of one module; `_locked` in `integration_plans` holds a goal, which is inside a file."""


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sources():
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def services() -> Iterator[tuple[str, ast.FunctionDef]]:
    for name, tree in trees():
        if "services" in Path(name).parts or "importing" in Path(name).parts:
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef):
                    yield name, node


def called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def in_reading_order(function: ast.FunctionDef, kind: type[ast.AST]) -> list[Any]:
    nodes: list[Any] = [node for node in ast.walk(function) if isinstance(node, kind)]
    return sorted(nodes, key=lambda node: (node.lineno, node.col_offset))


def locks_of(name: str, function: ast.FunctionDef) -> list[tuple[int, int]]:
    """What a function locks itself, as line and kind, top to bottom."""
    kinds = LOCKS | OWN.get(name, {})
    calls = in_reading_order(function, ast.Call)
    # Only plain names: `duty.lock(user)` and `select_for_update` of a query are other things.
    plain = [call for call in calls if isinstance(call.func, ast.Name)]
    return [(call.lineno, kinds[called(call)]) for call in plain if called(call) in kinds]


def test_no_lock_stops_a_row_that_only_names_the_locked_one():
    locks = [
        (name, call)
        for name, tree in trees()
        for call in ast.walk(tree)
        if called(call) == "select_for_update"
    ]
    wrong = [
        f"{name}:{call.lineno}"
        for name, call in locks
        if not any(
            keyword.arg == "no_key" and getattr(keyword.value, "value", False) for keyword in call.keywords
        )
    ]
    assert wrong == []
    assert len(locks) > 10


def test_every_service_locks_enquiries_then_files_then_accounts_then_counters():
    wrong = []
    for name, function in services():
        kinds = [kind for _line, kind in locks_of(name, function)]
        if kinds != sorted(kinds):
            wrong.append(f"{name}:{function.lineno} {function.name}")
    assert wrong == []


def test_whoever_locks_a_file_uses_the_instant_under_the_lock_and_none_before():
    found, wrong = 0, []
    for name, function in services():
        if "now" not in {argument.arg for argument in [*function.args.args, *function.args.kwonlyargs]}:
            continue
        lines = [line for line, kind in locks_of(name, function) if kind == FILE]
        if not lines:
            continue
        found += 1
        settled = [call for call in in_reading_order(function, ast.Call) if called(call) == "now_under_lock"]
        if not settled:
            wrong.append(f"{name}:{function.lineno} {function.name} records with the instant it began with")
            continue
        first = settled[0]
        reads = [node for node in in_reading_order(function, ast.Name) if node.id == "now"]
        early = [
            node for node in reads if node.lineno < first.lineno and node.lineno >= function.body[0].lineno
        ]
        wrong += [
            f"{name}:{node.lineno} {function.name} judges by the instant it began with" for node in early
        ]
    assert wrong == []
    assert found > 30
