"""Rows are locked in one order, without their keys, and what follows is recorded with the instant under the lock."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.architecture.test_the_house_stands import ROOT, sources

ENQUIRY, FILE, ACCOUNT, COUNTER = range(4)
LOCKS = {
    "change": FILE,
    "lock": ACCOUNT,
    "as_stored": ACCOUNT,
    "lock_free": ACCOUNT,
    "lock_taker": ACCOUNT,
    "lock_calendar": ACCOUNT,
    "draw_case_numbers": COUNTER,
    "_draw_number": COUNTER,
}
OWN = {"intake/services/enquiries.py": {"_locked": ENQUIRY}}
"""Locking functions of one module; `_locked` in `integration_plans` holds a goal, which is inside a file."""


@cache
def trees() -> list[tuple[str, ast.Module]]:
    return [(str(path.relative_to(ROOT)), ast.parse(path.read_text())) for path in sources()]


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
    # A change that names no file yet has locked none.
    plain = [call for call in plain if called(call) != "change" or len(call.args) > 1]
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


def changes_in(function: ast.FunctionDef) -> list[ast.With]:
    return [
        node
        for node in in_reading_order(function, ast.With)
        if any(called(item.context_expr) == "change" for item in node.items)
    ]


def reads_its_instant(node: ast.AST) -> bool:
    return any(
        isinstance(part, ast.Attribute)
        and part.attr in ("now", "today")
        and isinstance(part.value, ast.Name)
        and part.value.id == "actor"
        for part in ast.walk(node)
    )


def test_whatever_is_written_in_a_change_carries_the_instant_under_the_locks():
    """A helper that reads the actor's instant gets `locked.actor` there; services of their own join the change.

    What was read before the change, and what a nested function reads that a change will call, counts as read in it.
    """
    found, wrong = 0, []
    for name, tree in trees():
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        changing = {node.name for node in functions if changes_in(node)}
        timed = {node.name for node in functions if reads_its_instant(node) and not changes_in(node)}
        for function in functions:
            hands_over = any(passes_actor(call, changing) for call in ast.walk(function))
            if reads_its_instant(function) and (changes_in(function) or hands_over):
                wrong.append(f"{name}:{function.lineno} {function.name} judges by the instant it began with")
            for block in changes_in(function):
                found += 1
                body = ast.Module(body=block.body, type_ignores=[])
                wrong += [
                    f"{name}:{call.lineno} {function.name} lets {called(call)} record with that instant"
                    for call in ast.walk(body)
                    if passes_actor(call, timed)
                ]
    assert wrong == []
    assert found > 40


def passes_actor(call: ast.AST, to: set[str]) -> bool:
    return (
        isinstance(call, ast.Call)
        and called(call) in to
        and any(isinstance(given, ast.Name) and given.id == "actor" for given in call.args)
    )
