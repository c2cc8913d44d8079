"""Every service asks for the right itself, so that a second way in cannot forget it (architecture.md "Actor")."""

import ast
from collections.abc import Callable, Sequence
from functools import cache, partial

from tests.architecture.test_locks_have_one_order import called, trees

Key = tuple[str, str]
FOUNDATION = {"audit/recording.py", "clients/services/change.py"}
"""What services are made of."""
WRITES = {
    *(
        "save",
        "save_edited",
        "create",
        "create_once",
        "get_or_create",
        "bulk_create",
        "update",
        "bulk_update",
    ),
    *("delete", "change"),
}
NOT_ASKED: dict[Key, str] = {
    ("appointments/services/office_hours.py", "close_forgotten"): "the daily command's",
    ("accounts/services/users.py", "mark_as_one_time"): "asks a user; nobody logs in for the command line",
    (
        "intake/importing/staging.py",
        "discard_old",
    ): "one's own lists of long ago; another service begins with it",
    (
        "appointments/services/reminders.py",
        "note_undelivered",
    ): "the outbox's, or a revocation's that was asked",
    ("daily/services/outbox.py", "forget_old"): "the daily command's",
    ("daily/services/outbox.py", "put"): "whoever writes a message was asked for its cause",
    ("daily/services/outbox.py", "send_due"): "the daily command's",
    ("documents/services/files.py", "sweep"): "the daily command's",
    ("funding/reminders.py", "write_reminders"): "the daily command's",
    ("intake/importing/undoing.py", "forget_imported"): "the daily command's",
    ("reports/keeping.py", "keep_sums"): "the daily command's",
    ("reports/services.py", "join_case_list"): "the daily command's",
    ("reports/services.py", "store_due_tables"): "the daily command's",
    ("reports/services.py", "store_tables_of"): "the daily command's",
}
"""Services that ask nobody, each with its reason."""


@cache
def services() -> dict[Key, ast.FunctionDef]:
    """What takes an actor first, by module and name; a service may stand beside its noun."""
    return {
        (name, node.name): node
        for name, tree in trees()
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and node.args.args
        and node.args.args[0].arg == "actor"
        and name not in FOUNDATION
    }


@cache
def imported() -> dict[str, dict[str, Key]]:
    """Names a module takes from others, with where they come from."""
    return {
        name: {
            alias.asname or alias.name: (f"{node.module.replace('.', '/')}.py", alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        for name, tree in trees()
    }


def leads(node: ast.AST, module: str, own: set[str], found: set[Key]) -> bool:
    """Whether a node is a call of one of these names, with one as keyword, or of a service that leads to one."""
    if not isinstance(node, ast.Call):
        return False
    name = called(node)
    names = {name, *(keyword.arg for keyword in node.keywords)}
    return bool(names & own) or imported()[module].get(name, (module, name)) in found


def reaching(
    reaches: Callable[[ast.FunctionDef, Callable[[ast.AST], bool]], bool], own: set[str]
) -> set[Key]:
    """Services that call one of these names, or a service that does; ``needs=`` asks like ``require``."""
    found: set[Key] = set()
    while further := {
        (module, name)
        for (module, name), function in services().items()
        if (module, name) not in found
        and reaches(function, partial(leads, module=module, own=own, found=found))
    }:
        found |= further
    return found


def anywhere(node: ast.AST, leads_on: Callable[[ast.AST], bool]) -> bool:
    return any(leads_on(part) for part in ast.walk(node))


def always(function: ast.FunctionDef, leads_on: Callable[[ast.AST], bool]) -> bool:
    """Whichever way it goes; a loop may have nothing to go over."""

    def on_the_way(statements: Sequence[ast.stmt]) -> bool:
        return any(passed(statement) for statement in statements)

    def passed(statement: ast.stmt) -> bool:
        if isinstance(statement, ast.If):
            return on_the_way(statement.body) and on_the_way(statement.orelse)
        if isinstance(statement, ast.With):
            return on_the_way(statement.body) or any(anywhere(item, leads_on) for item in statement.items)
        if isinstance(statement, ast.Try):
            return on_the_way(statement.body)
        if isinstance(statement, ast.For | ast.While | ast.FunctionDef):
            return False
        return anywhere(statement, leads_on)

    return on_the_way(function.body)


def test_every_service_that_writes_asks_for_a_right():
    writing = {key for key in reaching(anywhere, WRITES) if not key[1].startswith("_")}
    asking = reaching(always, {"require", "needs"})
    assert sorted(writing - asking) == sorted(NOT_ASKED)
    assert len(writing & asking) > 70
